import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { openExample, until } from './editing.ts';

describe('the backend', () => {
  it('TBlock: Select Backend changes the setting, and the next run computes on it', async () => {
    const pick = vscode.commands.executeCommand('tblock.selectBackend');
    let isOver = false;
    pick.then(() => {
      isOver = true;
    });
    await new Promise((done) => setTimeout(done, 500));
    await vscode.commands.executeCommand('quickInput.last');
    await until(async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return isOver || undefined;
    });
    assert.equal(setting(), 'cpu');

    await openExample('post-norm.tblock');
    const run = await vscode.commands.executeCommand<{
      summary: { backend: { name: string } };
    }>('tblock.run');
    assert.equal(run.summary.backend.name, 'cpu');

    const settings = vscode.workspace.getConfiguration('tblock');
    await settings.update('engine.backend', undefined, vscode.ConfigurationTarget.Global);
  });
});

function setting(): string | undefined {
  return vscode.workspace.getConfiguration('tblock').get('engine.backend');
}
