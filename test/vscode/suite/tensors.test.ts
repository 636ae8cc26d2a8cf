import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { cursorAt, hoverOnce, openProgram, replace, until } from './editing.ts';

const doubling = `model M {
  input x: [3] = [1, 2, 3]
  output y = 2 * x
}
run demo for M {
}
`;

describe('tensors in the editor', () => {
  beforeEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));
  afterEach(() => setLive(undefined));

  it('TBlock: Peek Tensor prints the tensor of the name at the cursor', async () => {
    const editor = await openProgram('doubling.tblock', doubling);
    await run(editor);

    const at = cursorAt(editor.document, 'output ‸y');
    editor.selection = new vscode.Selection(at, at);
    await vscode.commands.executeCommand('tblock.peekTensor');

    const peeked = await until(() =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'tblock-tensor'),
    );
    assert.match(peeked.getText(), /^y \[3\]\nmean 4 .*\n\n\[2\. 4\. 6\.\]\n$/);
  });

  it('a tensor of the Tensors view is shown in the inspector and in the text', async () => {
    const editor = await openProgram('doubling.tblock', doubling);
    await run(editor);
    const at = cursorAt(editor.document, 'output ‸y');
    const start = editor.document.offsetAt(at);
    const uri = editor.document.uri.toString();

    const source = { uri, start, end: start + 1 };
    await vscode.commands.executeCommand('tblock.showTensor', { path: 'y', source });

    await until(() => (editor.selection.start.isEqual(at) ? true : undefined));
  });

  it('with tblock.live an edit runs the program again; what is no program leaves the last run', async () => {
    const editor = await openProgram('doubling.tblock', doubling);
    const { document } = editor;
    await run(editor);
    await setLive(true);
    const name = () => cursorAt(document, 'output ‸y');

    await replace(editor, '2 * x', '5 * x');
    await hoverOnce(document, name(), '[ 5. 10. 15.]');

    await replace(editor, '5 * x', '7 * (x');
    await replace(editor, '7 * (x', '7 * (x)');
    await hoverOnce(document, name(), '[ 7. 14. 21.]');
  });
});

function run({ document }: vscode.TextEditor): Thenable<unknown> {
  return vscode.commands.executeCommand('tblock.run', document.uri.toString(), 'demo');
}

function setLive(live: boolean | undefined): Thenable<void> {
  const { Global } = vscode.ConfigurationTarget;
  return vscode.workspace.getConfiguration('tblock').update('live', live, Global);
}
