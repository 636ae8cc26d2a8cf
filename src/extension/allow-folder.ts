/** TBlock: Allow Folder…: programs of this workspace may read a folder outside of it. */
import * as vscode from 'vscode';
import type { Feature } from './feature.ts';

/** The folder may be given: by a test, a keybinding, another extension. */
export const allowFolder: Feature = ({ access }) => [
  vscode.commands.registerCommand('tblock.allowFolder', (folder?: vscode.Uri) =>
    access.pick(folder),
  ),
];
