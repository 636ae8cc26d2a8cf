/** What the manifest's menus, views and walkthrough go by, and what an empty file says. */
import * as vscode from 'vscode';
import { currentProgram, documentSelector, languageId } from './documents.ts';
import type { Feature } from './feature.ts';

/** The catalogue's codes of shapes that do not agree; see docs/diagnostics.md. */
const shapeErrors = /^TB10\d$/;

export const firstSteps: Feature = () => {
  const setContext = (name: string, value: boolean): void => {
    void vscode.commands.executeCommand('setContext', `tblock.${name}`, value);
  };
  const hint = vscode.window.createTextEditorDecorationType({
    after: {
      contentText: vscode.l10n.t(
        'Write a block, a model and a run, or start from a template above.',
      ),
      color: new vscode.ThemeColor('editorGhostText.foreground'),
    },
  });
  const update = (): void => {
    setContext('hasProgram', currentProgram() !== undefined);
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document.languageId !== languageId) continue;
      const isEmpty = editor.document.getText() === '';
      editor.setDecorations(hint, isEmpty ? [new vscode.Range(0, 0, 0, 0)] : []);
    }
  };
  setContext('active', true);
  update();
  return [
    hint,
    vscode.window.onDidChangeVisibleTextEditors(update),
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document.languageId === languageId) update();
    }),
    vscode.languages.registerCodeLensProvider(documentSelector, {
      provideCodeLenses: templateLens,
    }),
    vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      if (uris.some(hasShapeError)) setContext('hadShapeError', true);
    }),
  ];
};

function templateLens(document: vscode.TextDocument): vscode.CodeLens[] {
  if (document.getText().trim() !== '') return [];
  const title = vscode.l10n.t('Start from a template…');
  const command = { title, command: 'tblock.newFile', arguments: [document.uri] };
  return [new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), command)];
}

function hasShapeError(uri: vscode.Uri): boolean {
  return vscode.languages
    .getDiagnostics(uri)
    .some(({ code }) => shapeErrors.test(String(typeof code === 'object' ? code.value : code)));
}
