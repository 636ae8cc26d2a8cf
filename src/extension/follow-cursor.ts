/** While the inspector is visible it selects what the cursor stands on. */
import * as vscode from 'vscode';
import { addressOf, languageId } from './documents.ts';
import type { Feature, Parts } from './feature.ts';
import { offsetInRun } from './runs.ts';
import { setting } from './settings.ts';

/** The cursor rests this long before anything is asked. */
const pause = 80;

export const followCursor: Feature = (parts) => {
  let timer: NodeJS.Timeout | undefined;
  const listener = vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
    clearTimeout(timer);
    const { document, selection } = textEditor;
    if (document.languageId !== languageId) return;
    timer = setTimeout(() => {
      follow(parts, document, selection).catch((error: unknown) =>
        parts.output.warn(`Follow cursor: ${String(error)}`),
      );
    }, pause);
  });
  return [listener, { dispose: () => clearTimeout(timer) }];
};

async function follow(
  { inspector, engine, runs }: Parts,
  document: vscode.TextDocument,
  selection: vscode.Selection,
): Promise<void> {
  if (!setting('inspector.followCursor') || !inspector.isVisible) return;
  const uri = addressOf(document.uri);
  const run = runs.lastFor(uri);
  if (!engine.isRunning || run === undefined || run !== runs.last) return;
  // What the inspector has just revealed is already selected there.
  if (inspector.hasRevealed(uri, document.offsetAt(selection.start))) return;
  const offset = offsetInRun(run, document, document.offsetAt(selection.active));
  if (offset === undefined) return;
  const [path] = await engine.ask('locate', { uri, offset });
  if (path !== undefined) inspector.select({ path });
}
