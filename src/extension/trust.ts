/** Restricted Mode: files are checked and shown, and nothing runs until the window is trusted. */
import * as vscode from 'vscode';

export const restrictedText = vscode.l10n.t(
  'Nothing runs in Restricted Mode. TBlock checks and shows this file, and reads no other, until you trust this folder.',
);

export function isTrusted(): boolean {
  return vscode.workspace.isTrusted;
}

/** Says so once more, with the way out. */
export function tellRestricted(): void {
  const manage = vscode.l10n.t('Manage Workspace Trust');
  void vscode.window.showInformationMessage(restrictedText, manage).then((chosen) => {
    if (chosen === manage) return vscode.commands.executeCommand('workbench.trust.manage');
    return undefined;
  });
}
