/** Files that the inspector saves: where to is always asked. */
import * as vscode from 'vscode';

/** Asks for a file beside the workspace's own; undefined where the user thinks better of it. */
export function askWhere(
  name: string,
  filters: Readonly<Record<string, string[]>>,
): Thenable<vscode.Uri | undefined> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const [extension = ''] = Object.values(filters)[0] ?? [];
  const file = `${name.replaceAll(/[^\w.-]+/g, '-')}.${extension}`;
  const place = folder && { defaultUri: vscode.Uri.joinPath(folder.uri, file) };
  return vscode.window.showSaveDialog({ ...place, filters: { ...filters } });
}

/** `name` ends in the picture's format. */
export async function savePicture(name: string, bytes: Uint8Array): Promise<void> {
  const [, stem = name, format = 'png'] = /^(.*)\.(\w+)$/.exec(name) ?? [];
  const file = await askWhere(stem, { [format.toUpperCase()]: [format] });
  if (file !== undefined) await vscode.workspace.fs.writeFile(file, bytes);
}
