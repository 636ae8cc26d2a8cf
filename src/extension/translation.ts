/** The editor's language, for what is imported after this and for the two processes. */
import { config } from '@vscode/l10n';
import * as vscode from 'vscode';

if (vscode.l10n.bundle !== undefined) config({ contents: vscode.l10n.bundle });

/** What a process is started with, so that its messages are in the editor's language; nothing where that is English. */
export function translation(): { readonly TBLOCK_MESSAGES?: string } {
  const { uri } = vscode.l10n;
  return uri === undefined ? {} : { TBLOCK_MESSAGES: uri.fsPath };
}
