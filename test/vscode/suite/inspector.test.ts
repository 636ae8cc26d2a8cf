import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { openExample, until } from './editing.ts';

describe('the inspector', () => {
  beforeEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('TBlock: Open Inspector opens it beside the editor, once', async () => {
    await openExample('post-norm.tblock');

    await vscode.commands.executeCommand('tblock.openInspector');
    const tab = await until(() => inspectors()[0]);
    await vscode.commands.executeCommand('tblock.openInspector');

    assert.equal(inspectors().length, 1);
    assert.equal(tab.group.viewColumn, vscode.ViewColumn.Two);
    assert.equal(vscode.window.activeTextEditor?.document.languageId, 'tblock');
  });

  it('the Inspect lens runs what it stands on and shows it', async () => {
    const { document } = await openExample('post-norm.tblock');

    await vscode.commands.executeCommand('tblock.inspect', document.uri.toString(), 'demo');

    await until(() => inspectors()[0]);
    assert.equal(inspectors().length, 1);
  });
});

function inspectors(): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(
      ({ input }) =>
        input instanceof vscode.TabInputWebview && input.viewType.includes('tblock.inspector'),
    );
}
