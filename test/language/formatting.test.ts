import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TextEdit } from 'vscode-languageserver/node.js';
import { Editor } from './editor.ts';
import { applied } from './marks.ts';

const uri = 'file:///folder/program.tblock';
const options = { tabSize: 2, insertSpaces: true };

let editor: Editor;
beforeEach(async () => {
  editor = await Editor.start();
});
afterEach(() => editor.stop());

const text = 'block B(x: [4]) -> [4] {\n y=x*2\n    z =y\n  return z\n}\n';

async function formatted(method: string, params: object): Promise<string> {
  await editor.open(uri, text);
  const request = { textDocument: { uri }, options, ...params };
  const edits = await editor.connection.sendRequest<TextEdit[]>(method, request);
  return applied(text, edits);
}

describe('formatting', () => {
  it('of the document', async () => {
    expect(await formatted('textDocument/formatting', {})).toBe(
      'block B(x: [4]) -> [4] {\n  y = x * 2\n  z = y\n  return z\n}\n',
    );
  });

  it('of a selection changes its lines only', async () => {
    const range = { start: { line: 2, character: 0 }, end: { line: 3, character: 0 } };
    expect(await formatted('textDocument/rangeFormatting', { range })).toBe(
      'block B(x: [4]) -> [4] {\n y=x*2\n  z = y\n  return z\n}\n',
    );
  });

  it('on a new line changes the line before', async () => {
    const position = { line: 2, character: 0 };
    expect(await formatted('textDocument/onTypeFormatting', { position, ch: '\n' })).toBe(
      'block B(x: [4]) -> [4] {\n  y = x * 2\n    z =y\n  return z\n}\n',
    );
  });
});
