/** TBlock: Open Inspector, and the Inspect lens; an inspector that was open comes back after a reload. */
import * as vscode from 'vscode';
import type { LensCommands } from '../language/index.ts';
import { addressOf, currentProgram } from './documents.ts';
import type { Feature, Parts } from './feature.ts';
import { inspectorType } from './inspector.ts';

export const inspectorCommands: Feature = (parts) => {
  const { inspector } = parts;
  return [
    vscode.commands.registerCommand('tblock.openInspector', async (uri?: unknown) => {
      if (uri instanceof vscode.Uri) await vscode.window.showTextDocument(uri);
      const editor = currentProgram();
      inspector.open(editor && addressOf(editor.document.uri));
    }),
    vscode.commands.registerCommand(
      'tblock.inspect',
      async (...[uri, name]: LensCommands['tblock.inspect']) =>
        inspect(parts, addressOf(vscode.Uri.parse(uri)), name),
    ),
    vscode.window.registerWebviewPanelSerializer(inspectorType, {
      deserializeWebviewPanel: async (panel) => inspector.restore(panel),
    }),
  ];
};

/** Shows a run, model or block, running it first where its last run is not at hand. */
async function inspect({ runs, inspector }: Parts, program: string, name: string): Promise<void> {
  inspector.open(program);
  const last = runs.last;
  const isShown =
    last !== undefined && last.program === program && !last.stale && last.target === name;
  if (!isShown) await runs.run(program, name);
}
