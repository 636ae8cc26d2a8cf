/** The inspector's panel: one for the window, beside the editor; it shows the last run of a program. */
import * as vscode from 'vscode';
import type { SourceRange } from '../trace/index.ts';
import {
  type AskedView,
  type AskingSide,
  type EditorSide,
  type InspectorState,
  type OfRun,
  Rpc,
  type Selection,
  type TensorEntry,
  type ViewName,
  type ViewRequests,
} from '../views/index.ts';
import { openAddress } from './documents.ts';
import type { Engine } from './engine.ts';
import { inspectorFolder, inspectorPage } from './inspector-page.ts';
import { type Runs, rangeOfRun } from './runs.ts';
import { askWhere, savePicture } from './save.ts';
import { setting } from './settings.ts';
import { isTrusted, restrictedText } from './trust.ts';

export const inspectorType = 'tblock.inspector';

interface OpenPanel {
  readonly panel: vscode.WebviewPanel;
  readonly rpc: Rpc<EditorSide, AskingSide>;
}

export class Inspector implements vscode.Disposable {
  readonly #extension: vscode.Uri;
  readonly #engine: Engine;
  readonly #runs: Runs;
  readonly #output: vscode.LogOutputChannel;
  readonly #listener: vscode.Disposable;
  #open: OpenPanel | undefined;
  #program: string | undefined;
  #revealed: string | undefined;
  /** Chosen before the page was there to be told. */
  #wanted: string | undefined;

  constructor(
    context: vscode.ExtensionContext,
    engine: Engine,
    runs: Runs,
    output: vscode.LogOutputChannel,
  ) {
    this.#extension = context.extensionUri;
    this.#engine = engine;
    this.#runs = runs;
    this.#output = output;
    this.#listener = runs.onDidChange((state) => {
      if (state.kind !== 'idle') this.#program = state.program;
      this.#tellState();
    });
  }

  get isVisible(): boolean {
    return this.#open?.panel.visible ?? false;
  }

  /** Shows the panel, and in it the program's last run if there is one. */
  open(program: string | undefined): void {
    this.#program ??= program;
    if (this.#open !== undefined) {
      this.#open.panel.reveal(undefined, true);
      return;
    }
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    this.restore(
      vscode.window.createWebviewPanel(inspectorType, vscode.l10n.t('TBlock Inspector'), place, {
        enableFindWidget: true,
      }),
    );
  }

  /** Takes over a panel that is new, or that VS Code has kept over a reload. */
  restore(panel: vscode.WebviewPanel): void {
    this.#open?.panel.dispose();
    const { webview } = panel;
    webview.options = {
      enableScripts: true,
      localResourceRoots: [inspectorFolder(this.#extension)],
    };
    panel.iconPath = vscode.Uri.joinPath(this.#extension, 'media/icon.png');
    const rpc = this.#serve(webview);
    this.#open = { panel, rpc };
    panel.onDidDispose(() => {
      rpc.close(vscode.l10n.t('The inspector was closed.'));
      if (this.#open?.panel === panel) this.#open = undefined;
    });
    // The page is thrown away while it is hidden, and begins anew when it is shown.
    panel.onDidChangeViewState(() => {
      if (panel.visible) this.#tellState();
    });
    webview.html = inspectorPage(webview, this.#extension);
    this.#tellState();
  }

  /** Shows a tensor in the page and its place in the text. A page that has just been opened asks for it. */
  async show({ path, source }: TensorEntry): Promise<void> {
    this.#wanted = path;
    this.select({ path });
    await this.#reveal(source);
  }

  /** Tells the page what the cursor is on. */
  select(selection: Selection): void {
    this.#open?.rpc.tell('select', selection);
  }

  /** Whether a place was selected by the inspector itself and not by the user. */
  hasRevealed(address: string, offset: number): boolean {
    return this.#revealed === `${address}:${offset}`;
  }

  dispose(): void {
    this.#listener.dispose();
    this.#open?.panel.dispose();
  }

  #tellState(): void {
    // A run that an edit started leaves what is shown in sight until it has something to show.
    const { state, last } = this.#runs;
    if (state.kind === 'running' && state.isLive === true && last !== undefined) return;
    this.#open?.rpc.tell('state', this.#state());
  }

  #state(): InspectorState {
    const { state, last } = this.#runs;
    const isLive = state.kind !== 'idle' && state.isLive === true;
    // What is typed is often no program yet: the last run stays, marked as one of an earlier text.
    if (isLive && last !== undefined && state.kind !== 'done') {
      // One that an edit has stopped is followed by another.
      const stale = state.kind === 'failed' || state.kind === 'rejected';
      return { kind: 'ready', summary: last.summary, stale };
    }
    switch (state.kind) {
      case 'running':
        return { kind: 'running', done: state.done, total: state.total, label: state.label };
      case 'done':
        return {
          kind: 'ready',
          summary: state.summary,
          stale: state.stale && !setting('live'),
        };
      case 'failed':
        return { kind: 'failed', message: state.message };
      case 'rejected':
        return { kind: 'failed', message: state.problems.map(({ message }) => message).join('\n') };
      case 'stopped':
        if (last === undefined)
          return { kind: 'failed', message: vscode.l10n.t('The run was stopped.') };
        return { kind: 'ready', summary: last.summary, stale: last.stale };
      case 'restricted':
        return { kind: 'empty', hint: restrictedText };
      case 'idle':
        if (!isTrusted()) return { kind: 'empty', hint: restrictedText };
        return {
          kind: 'empty',
          hint: vscode.l10n.t(
            'Run a block, a model or a run to look inside: ▷ Run above it, or TBlock: Run in the command palette.',
          ),
        };
    }
  }

  #serve(webview: vscode.Webview): Rpc<EditorSide, AskingSide> {
    const transport = {
      post: (message: unknown) => webview.postMessage(message),
      listen: (handler: (message: unknown) => void) => {
        webview.onDidReceiveMessage(handler);
      },
    };
    return new Rpc<EditorSide, AskingSide>(transport, {
      requests: {
        view: (asked) => this.#view(asked),
        runs: () => {
          const program = this.#runs.last?.program;
          return program === undefined ? [] : this.#engine.ask('runs', { program });
        },
        chooseItem: async ({ item }) => {
          await this.#runs.chooseItem(item);
          return null;
        },
        state: () => {
          const path = this.#wanted;
          this.#wanted = undefined;
          // After the answer, which has to be there before anything of it can be chosen.
          if (path !== undefined) setTimeout(() => this.select({ path }), 0);
          return this.#state();
        },
        reveal: async (source) => {
          await this.#reveal(source);
          return null;
        },
        run: () => {
          this.#runAgain();
          return null;
        },
        copy: async ({ text }) => {
          await vscode.env.clipboard.writeText(text);
          return null;
        },
        savePicture: async ({ name, bytes }) => {
          await savePicture(name, bytes);
          return null;
        },
        saveTensor: async ({ path }) => {
          const program = this.#runs.last?.program;
          const file = await askWhere(path, { NumPy: ['npy'], CSV: ['csv'] });
          if (program === undefined || file === undefined) return null;
          return this.#engine.ask('saveTensor', { program, path, file: file.fsPath });
        },
      },
      events: {},
    });
  }

  /** Views are the engine's; nothing is computed here. */
  async #view(
    asked: AskedView & { readonly of?: OfRun },
  ): Promise<ViewRequests[ViewName]['result']> {
    const program = this.#runs.last?.program;
    if (program === undefined) throw new Error(vscode.l10n.t('Nothing has run yet.'));
    return this.#engine.ask('view', { ...asked, program });
  }

  /** Shows a place of the program, leaving the keyboard to the inspector. */
  async #reveal(source: SourceRange): Promise<void> {
    const document = await openAddress(source.uri);
    const shown = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
    const range = rangeOfRun(this.#runs.last, document, source);
    this.#revealed = `${source.uri}:${document.offsetAt(range.start)}`;
    const editor = await vscode.window.showTextDocument(document, {
      viewColumn: shown?.viewColumn ?? vscode.ViewColumn.One,
      preserveFocus: true,
      selection: range,
    });
    editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  #runAgain(): void {
    const { state } = this.#runs;
    const target = state.kind === 'idle' ? undefined : state.target;
    if (this.#program === undefined) {
      // Which program is meant, or how to come by one, is that command's to say.
      void vscode.commands.executeCommand('tblock.run');
      return;
    }
    this.#runs.run(this.#program, target).catch((error: unknown) => {
      this.#output.error(`The inspector could not run the program: ${String(error)}`);
    });
  }
}
