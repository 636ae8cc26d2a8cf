/** With `tblock.live`, a program that has run runs again while it is edited, and what is shown follows quietly. */
import * as vscode from 'vscode';
import { addressOf, languageId } from './documents.ts';
import type { Feature } from './feature.ts';
import { setting } from './settings.ts';

/** Typing rests this long before anything runs. */
const pause = 350;

export const liveMode: Feature = ({ runs, output }) => {
  let timer: NodeJS.Timeout | undefined;
  const listener = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
    if (document.languageId !== languageId || contentChanges.length === 0) return;
    const run = runs.lastFor(addressOf(document.uri));
    if (!setting('live') || run === undefined) return;
    clearTimeout(timer);
    // A run of an earlier text is of no more use; ending it now leaves the engine free for the next one.
    if (runs.state.kind === 'running' && runs.state.isLive === true) {
      runs.stop().catch((error: unknown) => output.warn(`Live: ${String(error)}`));
    }
    timer = setTimeout(() => {
      runs
        .run(run.program, run.target, { isLive: true })
        .catch((error: unknown) => output.warn(`Live: ${String(error)}`));
    }, pause);
  });
  return [listener, { dispose: () => clearTimeout(timer) }];
};
