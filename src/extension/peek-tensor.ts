/** TBlock: Peek Tensor: the values of the name at the cursor, printed as NumPy would, in a peek at its line. */
import * as vscode from 'vscode';
import { addressOf, currentProgram } from './documents.ts';
import type { Feature, Parts } from './feature.ts';
import { offsetInRun } from './runs.ts';

const scheme = 'tblock-tensor';

export const peekTensor: Feature = (parts) => [
  vscode.workspace.registerTextDocumentContentProvider(scheme, {
    // The run's number in the address makes every run's text another document.
    provideTextDocumentContent: (uri) => {
      const program = parts.runs.last?.program;
      const path = decodeURIComponent(uri.path.slice(1));
      return program === undefined
        ? `${vscode.l10n.t('Nothing has run yet.')}\n`
        : parts.engine.ask('printTensor', { program, path });
    },
  }),
  vscode.commands.registerCommand('tblock.peekTensor', () => peek(parts)),
];

async function peek({ engine, runs }: Parts): Promise<void> {
  const editor = currentProgram();
  const position = editor?.selection.active;
  const uri = editor && addressOf(editor.document.uri);
  const run = uri === undefined ? undefined : runs.lastFor(uri);
  const offset =
    editor &&
    position &&
    run &&
    offsetInRun(run, editor.document, editor.document.offsetAt(position));
  if (editor === undefined || position === undefined || uri === undefined) return;
  const paths =
    offset === undefined || !engine.isRunning ? [] : await engine.ask('locate', { uri, offset });
  if (paths.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        'No tensor of the last run comes from here. Run the program, and put the cursor on a name.',
      ),
    );
    return;
  }
  const places = paths.map((path) => {
    const address = vscode.Uri.from({ scheme, path: `/${path}`, query: `${run?.summary.run}` });
    return new vscode.Location(address, new vscode.Position(0, 0));
  });
  await vscode.commands.executeCommand(
    'editor.action.peekLocations',
    editor.document.uri,
    position,
    places,
    'peek',
  );
}
