/** TBlock: Import Hugging Face Model… */
import * as vscode from 'vscode';
import type { ImportOutcome } from '../views/index.ts';
import type { Feature, Parts } from './feature.ts';
import { isTrusted, tellRestricted } from './trust.ts';

/** The folder may be given: by a test, a keybinding, another extension. */
export const importModel: Feature = (parts) => [
  vscode.commands.registerCommand(
    'tblock.importModel',
    async (folder?: vscode.Uri): Promise<vscode.Uri | undefined> => {
      if (!isTrusted()) {
        tellRestricted();
        return undefined;
      }
      const chosen = folder ?? (await pickFolder());
      return chosen && importFrom(chosen, parts);
    },
  ),
];

async function pickFolder(): Promise<vscode.Uri | undefined> {
  const [workspace] = vscode.workspace.workspaceFolders ?? [];
  const picked = await vscode.window.showOpenDialog({
    title: 'TBlock: a folder with config.json and model.safetensors',
    openLabel: 'Import',
    canSelectFiles: false,
    canSelectFolders: true,
    ...(workspace === undefined ? {} : { defaultUri: workspace.uri }),
  });
  return picked?.[0];
}

async function importFrom(
  folder: vscode.Uri,
  { engine, output }: Parts,
): Promise<vscode.Uri | undefined> {
  const outcome = await engine.ask('importModel', { folder: folder.fsPath });
  if (outcome.kind === 'refused') {
    void vscode.window.showErrorMessage(outcome.message);
    return undefined;
  }
  for (const note of outcome.notes) output.info(`Import of ${outcome.model}: ${note}`);
  const uri = vscode.Uri.file(outcome.file);
  if ((await isThere(uri)) && !(await replaceAgreed(outcome.file))) {
    await vscode.window.showTextDocument(uri);
    return undefined;
  }
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(outcome.text));
  await vscode.window.showTextDocument(uri);
  tell(outcome);
  return uri;
}

async function isThere(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

async function replaceAgreed(file: string): Promise<boolean> {
  const replace = 'Replace';
  const detail = 'What is in it now will be lost.';
  const question = `${file} is there already.`;
  const options = { modal: true, detail };
  return (await vscode.window.showWarningMessage(question, options, replace)) === replace;
}

/** Notes are at the top of the file too. */
function tell({ model, notes }: ImportOutcome & { readonly kind: 'imported' }): void {
  if (notes.length === 0) return;
  const rest = notes.length === 1 ? '' : ` And ${notes.length - 1} more at the top of the file.`;
  void vscode.window.showWarningMessage(`${model} was imported. ${notes[0]}${rest}`);
}
