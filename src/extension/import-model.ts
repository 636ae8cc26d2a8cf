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
      // From the explorer it may be the config.json in the folder.
      const given = folder?.path.endsWith('/config.json')
        ? vscode.Uri.joinPath(folder, '..')
        : folder;
      const chosen = given ?? (await pickFolder());
      return chosen && importFrom(chosen, parts);
    },
  ),
];

async function pickFolder(): Promise<vscode.Uri | undefined> {
  const [workspace] = vscode.workspace.workspaceFolders ?? [];
  const picked = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('TBlock: a folder with config.json and model.safetensors'),
    openLabel: vscode.l10n.t('Import'),
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
  void vscode.commands.executeCommand('setContext', 'tblock.hasImport', true);
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
  const replace = vscode.l10n.t('Replace');
  const detail = vscode.l10n.t('What is in it now will be lost.');
  const question = vscode.l10n.t('{0} is there already.', file);
  const options = { modal: true, detail };
  return (await vscode.window.showWarningMessage(question, options, replace)) === replace;
}

/** Notes are at the top of the file too. */
function tell({ model, notes }: ImportOutcome & { readonly kind: 'imported' }): void {
  const [first, ...others] = notes;
  if (first === undefined) return;
  const message =
    others.length === 0
      ? vscode.l10n.t('{0} was imported. {1}', model, first)
      : vscode.l10n.t(
          '{0} was imported. {1} And {2} more at the top of the file.',
          model,
          first,
          others.length,
        );
  void vscode.window.showWarningMessage(message);
}
