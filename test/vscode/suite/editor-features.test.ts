import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { codeOf, cursorAt, diagnosticsOnce, openExample, openProgram, until } from './editing.ts';

/** What a provider of the editor answers, once it answers. */
function provided<T>(command: string, ...args: readonly unknown[]): Promise<T> {
  return until(
    async () =>
      (await vscode.commands.executeCommand<T | undefined>(command, ...args)) ?? undefined,
  );
}

describe('the editor', () => {
  it('shows the parameters of a call, and which one the cursor is at', async () => {
    const { document } = await openExample('post-norm.tblock');

    const help = await provided<vscode.SignatureHelp>(
      'vscode.executeSignatureHelpProvider',
      document.uri,
      cursorAt(document, 'FFN(t3, ‸hidden: d_ff'),
    );

    const [signature] = help.signatures;
    assert.match(signature?.label ?? '', /^FFN\(x: \[\.\.\., n\], hidden: dim/);
    const parameter = signature?.parameters[help.activeParameter]?.label;
    assert.equal(Array.isArray(parameter) && signature?.label.slice(...parameter), 'hidden: dim');
  });

  it('colours names by what they are', async () => {
    const { document } = await openExample('pre-norm.tblock');

    const legend = await provided<vscode.SemanticTokensLegend>(
      'vscode.provideDocumentSemanticTokensLegend',
      document.uri,
    );
    const tokens = await provided<vscode.SemanticTokens>(
      'vscode.provideDocumentSemanticTokens',
      document.uri,
    );

    assert.ok(legend.tokenTypes.length > 5);
    assert.ok(tokens.data.length > 5 * 50);
  });

  it('folds declarations', async () => {
    const { document } = await openExample('post-norm.tblock');

    const ranges = await provided<vscode.FoldingRange[]>(
      'vscode.executeFoldingRangeProvider',
      document.uri,
    );

    const block = cursorAt(document, '‸block PostNorm').line;
    assert.ok(ranges.some(({ start }) => start === block));
  });

  it('marks where a name is used, and finds its uses', async () => {
    const { document } = await openExample('post-norm.tblock');
    const place = cursorAt(document, 't‸3 = LayerNorm');

    const marked = await provided<vscode.DocumentHighlight[]>(
      'vscode.executeDocumentHighlights',
      document.uri,
      place,
    );
    const uses = await provided<vscode.Location[]>(
      'vscode.executeReferenceProvider',
      document.uri,
      place,
    );

    assert.equal(marked.length, 3);
    assert.equal(uses.length, 3);
  });

  it('finds declarations in all files of the folder', async () => {
    await openExample('post-norm.tblock');

    const found = await until(async () => {
      const symbols = await vscode.commands.executeCommand<vscode.SymbolInformation[]>(
        'vscode.executeWorkspaceSymbolProvider',
        'PreNorm',
      );
      return symbols.length > 0 ? symbols : undefined;
    });

    assert.ok(found.some(({ location }) => location.uri.path.endsWith('pre-norm.tblock')));
  });

  it('mends a mistake, and silences a warning on its line', async () => {
    const { document } = await openProgram(
      'unscaled.tblock',
      `dims { N = 6, d = 8 }
block A(x: [N, d]) -> [N, d] {
  param W_Q: [d, d]
  param W_K: [d, d]
  q = x @ W_Q
  k = x @ W_K
  return softmax(q @ k.T) @ x
}
`,
    );
    const [found] = await diagnosticsOnce(document, (all) => all.length > 0);
    assert.ok(found);
    assert.equal(codeOf(found), 'TB311');

    const actions = await provided<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      found.range,
      'quickfix',
    );

    const titles = actions.map(({ title }) => title);
    assert.deepEqual(titles, ['Divide by √d', 'Ignore TB311 on this line']);
    const silence = actions.find(({ title }) => title.startsWith('Ignore'));
    assert.ok(silence?.edit);
    await vscode.workspace.applyEdit(silence.edit);
    assert.match(document.getText(), /@ x {2}\/\/ tblock-ignore TB311\n/);
    await diagnosticsOnce(document, (all) => all.length === 0);
  });

  it('widens a selection by what the language is made of', async () => {
    const { document } = await openExample('post-norm.tblock');

    const [selection] = await provided<vscode.SelectionRange[]>(
      'vscode.executeSelectionRangeProvider',
      document.uri,
      [cursorAt(document, 'hidden: d‸_ff, activation')],
    );

    const texts: string[] = [];
    for (let range = selection; range !== undefined; range = range.parent as typeof range) {
      texts.push(document.getText(range.range));
    }
    assert.ok(texts.includes('hidden: d_ff'));
    assert.ok(texts.includes('FFN(t3, hidden: d_ff, activation: relu)'));
  });
});
