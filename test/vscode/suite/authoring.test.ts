import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { cursorAt, openExample, openProgram, until } from './editing.ts';

describe('writing', () => {
  it('completes a call with what it needs', async () => {
    const { document } = await openExample('post-norm.tblock');
    const position = cursorAt(document, 't4 = FF‸N');

    const items = await until(async () => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        position,
      );
      return list.items.some((each) => nameOf(each) === 'FFN') ? list.items : undefined;
    });

    const item = items.find((each) => nameOf(each) === 'FFN');
    assert.ok(item?.insertText instanceof vscode.SnippetString);
    assert.match(item.insertText.value, /^FFN\(\$\{1:t3\}, hidden: /);
  });

  it('completes the paths of a run', async () => {
    const { document } = await openExample('pre-norm.tblock');

    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      cursorAt(document, 'patch blocks.0.attn.‸z'),
    );

    const labels = list.items.map(nameOf);
    assert.ok(labels.includes('pattern') && labels.includes('W_Q'));
  });

  it('renames a value with the paths that lead to it', async () => {
    const { document } = await openExample('pre-norm.tblock');

    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      document.uri,
      cursorAt(document, 'causal: true) as att‸n'),
      'attention',
    );

    const edits = edit.get(document.uri);
    assert.ok(edits.length > 3);
    assert.ok(edits.every(({ newText }) => newText === 'attention'));
  });

  it('formats', async () => {
    const { document } = await openProgram(
      'messy.tblock',
      'model M{\ninput x:[4]=ones\noutput y=x*2\n}\n',
    );

    const edits = await until(async () => {
      const found = await vscode.commands.executeCommand<vscode.TextEdit[] | undefined>(
        'vscode.executeFormatDocumentProvider',
        document.uri,
        { tabSize: 2, insertSpaces: true },
      );
      return found !== undefined && found.length > 0 ? found : undefined;
    });
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, edits);
    await vscode.workspace.applyEdit(edit);

    assert.equal(document.getText(), 'model M {\n  input x: [4] = ones\n  output y = x * 2\n}\n');
  });

  it('shows shapes between the text, unless a setting says otherwise', async () => {
    const { document } = await openExample('post-norm.tblock');
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const shapes = async () => {
      const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
        'vscode.executeInlayHintProvider',
        document.uri,
        whole,
      );
      return hints.filter(({ label }) => label === '[N, d]').length;
    };
    assert.ok((await shapes()) >= 6);

    const settings = vscode.workspace.getConfiguration('tblock');
    await settings.update('inlayHints.shapes', false, vscode.ConfigurationTarget.Workspace);
    await until(async () => ((await shapes()) === 0 ? true : undefined));
    await settings.update('inlayHints.shapes', undefined, vscode.ConfigurationTarget.Workspace);
    await until(async () => ((await shapes()) >= 6 ? true : undefined));
  });

  it('expands a block of the standard library in place', async () => {
    const { document } = await openExample('post-norm.tblock');
    const position = cursorAt(document, 't4 = F‸FN');

    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      new vscode.Range(position, position),
      'refactor',
    );

    const action = actions.find(({ title }) => title === 'Expand FFN in place');
    const [edit] = action?.edit?.get(document.uri) ?? [];
    assert.match(edit?.newText ?? '', /param W_1: \[d, d_ff\]/);
  });
});

/** What is completed, without the signature or shape that stands beside it. */
function nameOf({ label }: vscode.CompletionItem): string {
  return typeof label === 'string' ? label : label.label;
}
