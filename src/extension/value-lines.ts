/** After a run, the end of each line shows what its statement was worth; greyed once the text has changed. */
import * as vscode from 'vscode';
import { axesText, type LineValue, lineText } from '../views/index.ts';
import { addressOf, languageId } from './documents.ts';
import type { Feature, Parts } from './feature.ts';
import { type DoneRun, rangeOfRun } from './runs.ts';
import { onSettingChanged, setting } from './settings.ts';

export const valueLines: Feature = (parts) => {
  const lines = new ValueLines(parts);
  const refresh = (): void => lines.refresh();
  return [
    lines,
    parts.runs.onDidChange(refresh),
    onSettingChanged('inlayHints.values', refresh),
    vscode.window.onDidChangeVisibleTextEditors(refresh),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document.languageId === languageId) lines.draw();
    }),
  ];
};

/** What is known of a file, and of which run. */
interface Known {
  readonly summary: DoneRun['summary'];
  readonly values: readonly LineValue[];
}

const margin = '0 0 0 2em';

class ValueLines implements vscode.Disposable {
  readonly #parts: Parts;
  readonly #known = new Map<string, Known>();
  readonly #fresh = vscode.window.createTextEditorDecorationType({
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedOpen,
    after: { margin, color: new vscode.ThemeColor('tblock.lineValue') },
  });
  readonly #stale = vscode.window.createTextEditorDecorationType({
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedOpen,
    after: { margin, color: new vscode.ThemeColor('tblock.staleLineValue') },
  });
  readonly #trouble = vscode.window.createTextEditorDecorationType({
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedOpen,
    after: { margin: '0 0 0 1em', color: new vscode.ThemeColor('editorWarning.foreground') },
  });

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Asks for what the visible editors lack, and draws. */
  refresh(): void {
    for (const { document } of programs()) {
      const uri = addressOf(document.uri);
      const run = this.#parts.runs.lastFor(uri);
      if (run === undefined || run.summary === this.#known.get(uri)?.summary) continue;
      this.#ask(uri, run).catch((error: unknown) =>
        this.#parts.output.warn(`Values: ${String(error)}`),
      );
    }
    this.draw();
  }

  draw(): void {
    for (const editor of programs()) this.#drawIn(editor);
  }

  dispose(): void {
    for (const type of [this.#fresh, this.#stale, this.#trouble]) type.dispose();
  }

  async #ask(uri: string, run: DoneRun): Promise<void> {
    if (!setting('inlayHints.values') || !this.#parts.engine.isRunning) return;
    const values = await this.#parts.engine.ask('lineValues', { uri });
    this.#known.set(uri, { summary: run.summary, values });
    this.draw();
  }

  #drawIn(editor: vscode.TextEditor): void {
    const { document } = editor;
    const uri = addressOf(document.uri);
    const run = this.#parts.runs.lastFor(uri);
    const known = setting('inlayHints.values') ? this.#known.get(uri) : undefined;
    const isOfRun = run !== undefined && run.summary === known?.summary;
    const options = isOfRun ? decorations(document, run, known.values) : [];
    const values = options.map(({ value }) => value);
    const isStale =
      run !== undefined && run.texts[uri] !== undefined && run.texts[uri] !== document.getText();
    editor.setDecorations(this.#fresh, isStale ? [] : values);
    editor.setDecorations(this.#stale, isStale ? values : []);
    editor.setDecorations(this.#trouble, isStale ? [] : options.flatMap(({ trouble }) => trouble));
  }
}

function programs(): readonly vscode.TextEditor[] {
  return vscode.window.visibleTextEditors.filter(
    ({ document }) => document.languageId === languageId,
  );
}

interface LineDecorations {
  readonly value: vscode.DecorationOptions;
  readonly trouble: readonly vscode.DecorationOptions[];
}

/** One per line: where a line holds several statements, the last one's. */
function decorations(
  document: vscode.TextDocument,
  run: DoneRun,
  values: readonly LineValue[],
): readonly LineDecorations[] {
  const byLine = new Map<number, LineDecorations>();
  for (const value of values) {
    const before = run.texts[addressOf(document.uri)] ?? document.getText();
    const range = rangeOfRun(run, document, value.source);
    // A statement that was rewritten is worth something else now.
    if (document.getText(range) !== before.slice(value.source.start, value.source.end)) continue;
    const end = document.lineAt(range.end.line).range.end;
    byLine.set(range.end.line, decorationAt(new vscode.Range(end, end), value));
  }
  return [...byLine.values()];
}

function decorationAt(range: vscode.Range, value: LineValue): LineDecorations {
  const { text, trouble } = lineText(value);
  // Spaces would be joined to one.
  const after = (contentText: string) => ({
    range,
    renderOptions: { after: { contentText: contentText.replaceAll(' ', '\u00a0') } },
  });
  const hoverMessage = new vscode.MarkdownString(
    `\`${value.path}\` \`${axesText(value.axes)}\`${value.copies > 1 ? ` · ${vscode.l10n.t('last of {0} copies', value.copies)}` : ''}`,
  );
  return {
    value: { ...after(text), hoverMessage },
    trouble: trouble === '' ? [] : [after(trouble)],
  };
}
