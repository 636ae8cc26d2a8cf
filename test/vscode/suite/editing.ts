/** What the suites do in the editor: open programs, write, and wait for what follows. */
import { basename } from 'node:path';
import * as vscode from 'vscode';

/** Below Mocha's own. */
const limit = 20_000;

/** The folder that is open: a copy of the examples. */
export function workspaceFile(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) throw new Error('The tests need a folder.');
  return vscode.Uri.joinPath(folder.uri, name);
}

/** Opens an example in the first column. */
export async function openExample(name: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(workspaceFile(name));
  return vscode.window.showTextDocument(document, vscode.ViewColumn.One);
}

/** Writes a program into the folder and opens it. */
export async function openProgram(name: string, text: string): Promise<vscode.TextEditor> {
  const file = workspaceFile(name);
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
  return openExample(basename(file.fsPath));
}

/** Replaces the first `wanted` in the editor's text. */
export async function replace(
  editor: vscode.TextEditor,
  wanted: string,
  text: string,
): Promise<void> {
  const start = offsetOf(editor.document, wanted);
  const range = rangeOf(editor.document, start, start + wanted.length);
  await editor.edit((edit) => edit.replace(range, text));
}

/** The place of the `‸` in `context`, a part of the document with the mark put in. */
export function cursorAt(document: vscode.TextDocument, context: string): vscode.Position {
  const mark = context.indexOf('‸');
  return document.positionAt(offsetOf(document, context.replace('‸', '')) + mark);
}

/** The diagnostics of a document, once they satisfy a condition. */
export function diagnosticsOnce(
  document: vscode.TextDocument,
  condition: (found: readonly vscode.Diagnostic[]) => boolean,
): Promise<readonly vscode.Diagnostic[]> {
  return until(() => {
    const found = vscode.languages.getDiagnostics(document.uri);
    return condition(found) ? found : undefined;
  });
}

/** The code of a diagnostic, whether it is linked or not. */
export function codeOf({ code }: vscode.Diagnostic): string | number | undefined {
  return typeof code === 'object' ? code.value : code;
}

/** Everything that the hover providers say at a place, once it contains `expected`. */
export function hoverOnce(
  document: vscode.TextDocument,
  position: vscode.Position,
  expected: string,
): Promise<string> {
  return until(async () => {
    const text = await hoverAt(document, position);
    return text.includes(expected) ? text : undefined;
  });
}

export async function hoverAt(
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    position,
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (typeof content === 'string' ? content : content.value))
    .join('\n');
}

/** Asks again until there is an answer. */
export async function until<T>(ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const end = Date.now() + limit;
  while (Date.now() < end) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error(`Waited ${limit / 1000} s in vain.`);
}

function offsetOf(document: vscode.TextDocument, wanted: string): number {
  const offset = document.getText().indexOf(wanted);
  if (offset < 0) throw new Error(`The document has no ‘${wanted}’.`);
  return offset;
}

function rangeOf(document: vscode.TextDocument, start: number, end: number): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}
