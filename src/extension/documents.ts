/** Documents as the engine knows them: by address, with the text that the editor shows. */
import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';
import type { SourceRange } from '../trace/index.ts';

export const languageId = 'tblock';

/** Virtual workspaces are of many schemes; what a comparison shows of an earlier version is not checked. */
const virtualSchemes = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme);
const schemes = new Set(['file', 'untitled', 'tblock', 'vscode-vfs', ...virtualSchemes]);

/** Where the language is served: files, also of virtual workspaces, files not saved yet, and the standard library. */
export const documentSelector = [...schemes].map((scheme) => ({ language: languageId, scheme }));

/** The address of a document in the engine's spelling, which is Node's. */
export function addressOf(uri: vscode.Uri): string {
  return uri.scheme === 'file' ? pathToFileURL(uri.fsPath).href : uri.toString();
}

/** The texts of all open programs, saved or not, by address. */
export function openTexts(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    vscode.workspace.textDocuments
      .filter((document) => document.languageId === languageId)
      .map((document) => [addressOf(document.uri), document.getText()]),
  );
}

/** The program that a command without arguments means: in the active editor, else in a visible one. */
export function currentProgram(): vscode.TextEditor | undefined {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  return [activeTextEditor, ...visibleTextEditors].find(
    (editor) =>
      editor?.document.languageId === languageId && editor.document.uri.scheme !== 'tblock',
  );
}

/** Opens a document, saved or virtual, whose address the engine gave. */
export function openAddress(address: string): Thenable<vscode.TextDocument> {
  return vscode.workspace.openTextDocument(vscode.Uri.parse(address));
}

export function rangeIn(document: vscode.TextDocument, source: SourceRange): vscode.Range {
  return new vscode.Range(document.positionAt(source.start), document.positionAt(source.end));
}
