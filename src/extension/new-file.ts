/** TBlock: New File…, Open Example… and Get Started; a file that is empty offers the templates itself. */
import * as vscode from 'vscode';
import { languageId } from './documents.ts';
import type { Feature, Parts } from './feature.ts';
import { examples, pickTemplate, templates } from './templates.ts';

type Folder = 'media/templates' | 'examples';

/** Templates and examples may be given by name: by the walkthrough, a keybinding, another extension. */
export const newFile: Feature = (parts) => [
  vscode.commands.registerCommand('tblock.newFile', async (from?: unknown) => {
    const title = vscode.l10n.t('TBlock: New File…');
    const known = templates.find(({ name }) => name === from);
    const template = known ?? (await pickTemplate(templates, title));
    if (template === undefined) return undefined;
    const text = await textOf(parts, 'media/templates', template.name);
    const place = from instanceof vscode.Uri ? from : undefined;
    return place !== undefined && isEmpty(place)
      ? fill(place, text)
      : openUntitled(await freeName(template.name, place), text);
  }),
  // Of a folder in the explorer, where the plain title would be mistaken for the editor's own.
  vscode.commands.registerCommand('tblock.newFileHere', (folder: vscode.Uri) =>
    vscode.commands.executeCommand('tblock.newFile', folder),
  ),
  vscode.commands.registerCommand('tblock.openExample', async (name?: string) => {
    const title = vscode.l10n.t('TBlock: Open Example…');
    const known = examples.find((each) => each.name === name);
    const example = known ?? (await pickTemplate(examples, title));
    if (example === undefined) return undefined;
    const text = await textOf(parts, 'examples', example.name);
    return openUntitled(await freeName(example.name, undefined), text);
  }),
  vscode.commands.registerCommand('tblock.getStarted', () =>
    vscode.commands.executeCommand(
      'workbench.action.openWalkthrough',
      `${parts.extension.id}#start`,
      false,
    ),
  ),
];

async function textOf({ extension }: Parts, folder: Folder, name: string): Promise<string> {
  const file = vscode.Uri.joinPath(extension.extensionUri, folder, `${name}.tblock`);
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
}

/** A file that is open and has nothing in it. */
function isEmpty(uri: vscode.Uri): boolean {
  const document = vscode.workspace.textDocuments.find((each) => `${each.uri}` === `${uri}`);
  return document?.languageId === languageId && document.getText().trim() === '';
}

async function fill(uri: vscode.Uri, text: string): Promise<vscode.Uri> {
  const document = await vscode.workspace.openTextDocument(uri);
  const edit = new vscode.WorkspaceEdit();
  const whole = document.validateRange(new vscode.Range(0, 0, document.lineCount, 0));
  edit.replace(uri, whole, text);
  await vscode.workspace.applyEdit(edit);
  await vscode.window.showTextDocument(document);
  return uri;
}

/** Beside the files of the folder, so that paths in it mean what they will mean once it is saved. */
async function freeName(
  stem: string,
  place: vscode.Uri | undefined,
): Promise<vscode.Uri | undefined> {
  const folder = place ?? vscode.workspace.workspaceFolders?.[0]?.uri;
  // What is not saved yet has a place on disks only.
  if (folder?.scheme !== 'file') return undefined;
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? `${stem}.tblock` : `${stem}-${number}.tblock`;
    const { path } = vscode.Uri.joinPath(folder, name);
    const isOpen = vscode.workspace.textDocuments.some(({ uri }) => uri.path === path);
    const isThere = await vscode.workspace.fs.stat(folder.with({ path })).then(
      () => true,
      () => false,
    );
    if (!isOpen && !isThere) return vscode.Uri.from({ scheme: 'untitled', path });
  }
}

/** Nothing is written anywhere until it is saved. */
async function openUntitled(uri: vscode.Uri | undefined, text: string): Promise<vscode.Uri> {
  if (uri === undefined) {
    const document = await vscode.workspace.openTextDocument({
      language: languageId,
      content: text,
    });
    await vscode.window.showTextDocument(document);
    return document.uri;
  }
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.languages.setTextDocumentLanguage(document, languageId);
  return fill(uri, text);
}
