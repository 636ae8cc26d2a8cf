import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { codeOf, diagnosticsOnce, openExample, openProgram, replace } from './editing.ts';

describe('diagnostics', () => {
  it('name both shapes at the operand, say where the axes come from, and link to their page', async () => {
    const { document } = await openExample('shape-errors.tblock');

    const found = await diagnosticsOnce(document, ({ length }) => length >= 5);

    const product = found.find(({ range }) => document.getText(range) === 'W');
    assert.ok(product, 'no diagnostic is on W');
    assert.match(product.message, /\[N, d\]/);
    assert.match(product.message, /\[4·d, d\]|\[d_ff, d\]/);
    assert.ok((product.relatedInformation?.length ?? 0) > 0, 'no related places');
    assert.match(String(codeOf(product)), /^TB\d{3}$/);
    const page = typeof product.code === 'object' ? product.code.target : undefined;
    assert.match(page?.toString() ?? '', /docs\/diagnostics\.md#tb\d{3}$/);
  });

  it('come while the text is typed and go when it is mended', async () => {
    const program = 'block B(x: [4, 8]) -> [4, 8] {\n  param W: [8, 8]\n  return x @ W\n}\n';
    const editor = await openProgram('typing.tblock', program);

    await replace(editor, 'W: [8, 8]', 'W: [7, 8]');
    const [found] = await diagnosticsOnce(editor.document, ({ length }) => length > 0);
    assert.match(found?.message ?? '', /7/);

    await replace(editor, 'W: [7, 8]', 'W: [8, 8]');
    await diagnosticsOnce(editor.document, ({ length }) => length === 0);
  });

  it('see the unsaved text of an imported file', async () => {
    const block = (width: number) => `block Own(x: [4, ${width}]) -> [4, ${width}] { return x }\n`;
    const imported = await openProgram('imported.tblock', block(8));
    const importing = await openProgram(
      'importing.tblock',
      'import { Own } from "./imported.tblock"\nblock B(x: [4, 8]) -> [4, 8] { return Own(x) }\n',
    );
    await diagnosticsOnce(importing.document, ({ length }) => length === 0);

    const editor = await vscode.window.showTextDocument(imported.document);
    await replace(editor, block(8).trim(), block(9).trim());

    await diagnosticsOnce(importing.document, ({ length }) => length > 0);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('offer their way out as a quick fix', async () => {
    const text = 'block B(x: [4]) -> [4] {\n  return LayerNom(x)\n}\n';
    const { document } = await openProgram('misspelt.tblock', text);
    const [unknown] = await diagnosticsOnce(document, ({ length }) => length > 0);
    assert.ok(unknown);

    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      unknown.range,
      vscode.CodeActionKind.QuickFix.value,
    );
    const fix = actions.find(({ title }) => title.includes('LayerNorm'));
    assert.ok(fix?.edit, 'no fix names LayerNorm');
    await vscode.workspace.applyEdit(fix.edit);

    assert.match(document.getText(), /LayerNorm\(x\)/);
    await diagnosticsOnce(document, ({ length }) => length === 0);
  });
});
