import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';

describe('the extension', () => {
  it('activates when a .tblock file is opened', async () => {
    const extension = vscode.extensions.getExtension('tblock.tblock');
    assert.ok(extension, 'tblock.tblock is not there');
    const [file] = await vscode.workspace.findFiles('**/*.tblock', null, 1);
    assert.ok(file, 'the workspace has no .tblock file');

    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
    await until(() => extension.isActive);

    assert.equal(document.languageId, 'tblock');
  });
});

/** Mocha's own limit ends a condition that never comes true. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((done) => setTimeout(done, 20));
}
