import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { diagnosticsOnce, until, workspaceFile } from './editing.ts';

interface Finished {
  readonly kind: string;
  readonly message?: string;
}

/** Puts a checkpoint of the tests into the folder that is open. */
async function checkpoint(name: string): Promise<vscode.Uri> {
  const extension = vscode.extensions.getExtension('tblock.tblock');
  assert.ok(extension);
  const from = vscode.Uri.joinPath(extension.extensionUri, 'test/reference/hf', name);
  const folder = workspaceFile(name);
  await vscode.workspace.fs.copy(from, folder, { overwrite: true });
  return folder;
}

describe('importing a model', () => {
  beforeEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('writes a program beside the weights, opens it, and it runs', async () => {
    const folder = await checkpoint('llama');

    const file = await vscode.commands.executeCommand<vscode.Uri>('tblock.importModel', folder);

    assert.equal(file.path, `${folder.path}/llama.tblock`);
    const { activeTextEditor: editor } = vscode.window;
    assert.equal(editor?.document.uri.path, file.path);
    assert.match(editor.document.getText(), /^model Llama \{$/m);
    assert.deepEqual(await diagnosticsOnce(editor.document, () => true), []);
    const finished = await vscode.commands.executeCommand<Finished>('tblock.run');
    assert.equal(finished.kind, 'done', finished.message);
  });

  it('refuses a folder without config.json and writes nothing', async () => {
    const folder = workspaceFile('');

    const file = await vscode.commands.executeCommand('tblock.importModel', folder);

    assert.equal(file, undefined);
    await until(() => vscode.window.activeTextEditor === undefined || undefined);
  });
});
