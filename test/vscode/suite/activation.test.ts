import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { openExample, until } from './editing.ts';

describe('the extension', () => {
  // The first test of the first file: nothing has asked for the extension yet.
  it('sleeps while other files are opened', async () => {
    const extension = vscode.extensions.getExtension('tblock.tblock');
    const markdown = vscode.extensions.getExtension('vscode.markdown-language-features');
    assert.ok(extension && markdown);

    const document = await vscode.workspace.openTextDocument({
      language: 'markdown',
      content: '#',
    });
    await vscode.window.showTextDocument(document);
    await until(() => markdown.isActive || undefined);

    assert.equal(extension.isActive, false);
    const { activationEvents = [] } = extension.packageJSON;
    assert.deepEqual(activationEvents.filter(isEager), []);
  });

  it('activates when a .tblock file is opened', async () => {
    const extension = vscode.extensions.getExtension('tblock.tblock');
    assert.ok(extension, 'tblock.tblock is not there');

    const { document } = await openExample('post-norm.tblock');
    await until(() => extension.isActive || undefined);

    assert.equal(document.languageId, 'tblock');
  });

  it('registers every command that its manifest declares', async () => {
    const extension = vscode.extensions.getExtension('tblock.tblock');
    assert.ok(extension);
    const declared: { command: string }[] = extension.packageJSON.contributes.commands;

    const known = new Set(await vscode.commands.getCommands());

    assert.deepEqual(
      declared.map(({ command }) => command).filter((command) => !known.has(command)),
      [],
    );
  });

  it('describes every setting, and each has its default', () => {
    const extension = vscode.extensions.getExtension('tblock.tblock');
    assert.ok(extension);
    const groups: { properties: object }[] = extension.packageJSON.contributes.configuration;
    const properties = Object.assign({}, ...groups.map((group) => group.properties));
    const settings = vscode.workspace.getConfiguration();

    for (const [name, setting] of Object.entries<Record<string, unknown>>(properties)) {
      assert.ok(setting['description'] ?? setting['markdownDescription'], name);
      assert.equal(settings.get(name), setting['default'], name);
    }
  });
});

/** Whether an event happens without anybody asking for TBlock. */
function isEager(event: string): boolean {
  return !/^on[A-Z]\w*:tblock\b/.test(event);
}
