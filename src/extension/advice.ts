/** What to do where a command has no program to work on. */
import * as vscode from 'vscode';
import { currentProgram } from './documents.ts';

/** The program that a command means; without one it is said how to come by one. */
export function programOrAdvice(): vscode.TextEditor | undefined {
  const editor = currentProgram();
  if (editor === undefined) void advise();
  return editor;
}

async function advise(): Promise<void> {
  const [create, example] = [vscode.l10n.t('New File…'), vscode.l10n.t('Open Example…')];
  const message = vscode.l10n.t('TBlock runs .tblock files. Open one first.');
  const chosen = await vscode.window.showInformationMessage(message, create, example);
  if (chosen === create) await vscode.commands.executeCommand('tblock.newFile');
  if (chosen === example) await vscode.commands.executeCommand('tblock.openExample');
}
