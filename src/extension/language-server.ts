/** The language server's process, which is started again when it ends, and the questions the extension has for it. */
import * as vscode from 'vscode';
import {
  ErrorCodes,
  LanguageClient,
  type LanguageClientOptions,
  ResponseError,
  RevealOutputChannelOn,
  type ServerOptions as ServerStart,
  State,
  TransportKind,
} from 'vscode-languageclient/node.js';
import type {
  EditorCalls,
  LanguageEvents,
  LanguageRequests,
  ServerOptions,
} from '../language/index.ts';
import { documentSelector } from './documents.ts';
import type { FileAccess } from './file-access.ts';
import { Restarts } from './restarts.ts';
import { onSettingChanged, setting } from './settings.ts';
import { translation } from './translation.ts';
import { isTrusted } from './trust.ts';

/** How long a question waits for a server that is being started again. */
const patience = 10_000;

export class LanguageServer implements vscode.Disposable {
  readonly #client: LanguageClient;
  #devices: LanguageEvents['tblock/devices'] = {};
  readonly #access: FileAccess;
  readonly #output: vscode.LogOutputChannel;
  readonly #restarts: Restarts;
  readonly #disposables: readonly vscode.Disposable[];

  constructor(
    context: vscode.ExtensionContext,
    access: FileAccess,
    output: vscode.LogOutputChannel,
  ) {
    this.#access = access;
    this.#output = output;
    this.#restarts = new Restarts(output, () => this.#start());
    const module = context.asAbsolutePath('dist/language-server.cjs');
    const run = { module, transport: TransportKind.ipc, options: { env: translation() } };
    const start: ServerStart = {
      run,
      debug: { ...run, options: { ...run.options, execArgv: ['--inspect=6009'] } },
    };
    const page = vscode.Uri.joinPath(context.extensionUri, 'docs/diagnostics.md').toString();
    const watcher = vscode.workspace.createFileSystemWatcher('**/*.tblock');
    this.#client = new LanguageClient('tblock', 'TBlock', start, this.#options(page, watcher));
    this.#disposables = [
      watcher,
      onSettingChanged('codeLens', () => this.#refreshLenses()),
      onSettingChanged('codeLensCost', () => this.#refreshLenses()),
      access.onDidChange((scope) => this.#tell('tblock/scope', scope)),
      this.#client.onNotification('tblock/outside', (told: EditorCalls['tblock/outside']) =>
        this.#askFor(told),
      ),
      this.#client.onRequest('tblock/readText', ({ uri }: EditorCalls['tblock/readText']) =>
        readVirtual(uri),
      ),
      vscode.commands.registerCommand('tblock.restartLanguageServer', () => this.restart()),
    ];
    this.#start();
  }

  /** Asks for what LSP has no request for. Waits for a server that is being started; rejects where there is none. */
  async ask<Name extends keyof LanguageRequests>(
    name: Name,
    params: LanguageRequests[Name]['params'],
  ): Promise<LanguageRequests[Name]['result']> {
    await this.#running();
    try {
      return await this.#client.sendRequest<LanguageRequests[Name]['result']>(name, params);
    } catch (error) {
      // It ended while it was asked: the next one has the same documents, and answers instead.
      if (this.#client.state === State.Running && !this.#restarts.isWaiting) throw error;
      await this.#running();
      return this.#client.sendRequest<LanguageRequests[Name]['result']>(name, params);
    }
  }

  /** The texts that a program of a virtual workspace imports: nobody else can read them for a run. */
  async virtualTexts(uri: vscode.Uri): Promise<Readonly<Record<string, string>>> {
    return uri.scheme === 'file' ? {} : this.ask('tblock/virtualTexts', { uri: uri.toString() });
  }

  /** What the engine last reported of where it runs; a server that is started later is given the same. */
  setDevices(devices: LanguageEvents['tblock/devices']): void {
    this.#devices = devices;
    this.#tell('tblock/devices', devices);
  }

  async restart(): Promise<void> {
    this.#restarts.forget();
    if (this.#client.isRunning()) await this.#client.restart();
    else await this.#client.start();
  }

  dispose(): void {
    this.#restarts.dispose();
    for (const disposable of this.#disposables) disposable.dispose();
    // A server that is still starting cannot be stopped, and ends with the extension host.
    this.#client.dispose().catch(() => {});
  }

  #options(diagnosticsPage: string, watcher: vscode.FileSystemWatcher): LanguageClientOptions {
    return {
      documentSelector,
      // Asked again with every start: the scope and the settings are those of that moment.
      initializationOptions: (): ServerOptions => ({
        diagnosticsPage,
        inlayHints: { shapes: setting('inlayHints.shapes'), dims: setting('inlayHints.dims') },
        scope: this.#access.scope,
        devices: this.#devices,
      }),
      outputChannel: this.#output,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      synchronize: { fileEvents: watcher, configurationSection: 'tblock' },
      errorHandler: this.#restarts,
      // What ended a server while it was starting is told by `Restarts`, once.
      initializationFailedHandler: () => false,
      middleware: {
        // Between two servers nobody is there: the next one is given all open texts, and questions have no answer.
        sendNotification: async (type, next, params) => {
          if (!this.#restarts.isWaiting) await next(type, params);
        },
        sendRequest: async (type, params, token, next) => {
          if (!this.#restarts.isWaiting) return next(type, params, token);
          throw new ResponseError(
            ErrorCodes.ConnectionInactive,
            vscode.l10n.t('The server is being started.'),
          );
        },
        handleDiagnostics: (uri, diagnostics, next) => {
          this.#restarts.answered(uri);
          next(uri, diagnostics);
        },
        provideCodeLenses: async (document, token, next) => {
          const lenses = (await next(document, token)) ?? [];
          // A lens without a command is that of a cost, which is worked out when it is shown.
          return lenses.filter(({ command }) =>
            setting(command === undefined ? 'codeLensCost' : 'codeLens'),
          );
        },
      },
    };
  }

  #start(): void {
    this.#client.start().catch((error: unknown) => {
      this.#output.error(`The language server did not start: ${String(error)}`);
    });
  }

  #running(): Promise<void> {
    const isReady = () => this.#client.state === State.Running && !this.#restarts.isWaiting;
    if (isReady()) return Promise.resolve();
    return new Promise((done, fail) => {
      const end = () => {
        clearTimeout(timer);
        listener.dispose();
      };
      const timer = setTimeout(() => {
        end();
        fail(
          new Error(
            vscode.l10n.t(
              'The TBlock language server does not run. TBlock: Restart Language Server starts it.',
            ),
          ),
        );
      }, patience);
      const listener = this.#client.onDidChangeState(() => {
        if (!isReady()) return;
        end();
        done();
      });
    });
  }

  #tell<Name extends keyof LanguageEvents>(name: Name, event: LanguageEvents[Name]): void {
    // A server that does not run yet is given the same with its start.
    if (this.#client.state !== State.Running) return;
    this.#client.sendNotification(name, event).catch((error: unknown) => {
      this.#output.warn(`${name}: ${String(error)}`);
    });
  }

  #askFor({ program, files }: EditorCalls['tblock/outside']): void {
    for (const file of files) {
      this.#access.ask(file, program, 'check').catch((error: unknown) => {
        this.#output.warn(`${file}: ${String(error)}`);
      });
    }
  }

  #refreshLenses(): void {
    for (const document of vscode.workspace.textDocuments) {
      const provider = this.#client.getFeature('textDocument/codeLens').getProvider(document);
      provider?.onDidChangeCodeLensEmitter.fire();
    }
  }
}

/** The text of a file that only VS Code can read; null where there is none. */
async function readVirtual(address: string): Promise<string | null> {
  if (!isTrusted()) return null;
  try {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.parse(address));
    return new TextDecoder().decode(bytes);
  } catch {
    // Whoever imports it reports what is missing, on the line that names it.
    return null;
  }
}
