import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type {
  CodeAction,
  CodeLens,
  DocumentSymbol,
  Hover,
  Location,
} from 'vscode-languageserver/node.js';
import { preludeUri } from '../../src/analysis/index.ts';
import { Editor } from './editor.ts';

const uri = 'file:///folder/program.tblock';

let editor: Editor;
beforeEach(async () => {
  editor = await Editor.start();
});
afterEach(() => editor.stop());

async function hover(marked: string): Promise<string> {
  const position = await editor.open(uri, marked);
  const found = await editor.at<Hover | null>('textDocument/hover', uri, position);
  if (found === null) return '';
  return typeof found.contents === 'object' && 'value' in found.contents
    ? found.contents.value
    : '';
}

describe('diagnostics', () => {
  it('have a code with its page, the operand as their place, and where the axes come from', async () => {
    const text =
      'dims { N = 3, d = 4, k = 5 }\nblock B(x: [N, d], W: [k, d]) -> [N, d] { return x @ W }';
    await editor.open(uri, text);

    const [found] = await editor.diagnostics(uri);

    expect(found?.range).toEqual({
      start: { line: 1, character: text.lastIndexOf('W }') - text.indexOf('block') },
      end: { line: 1, character: text.lastIndexOf('W }') - text.indexOf('block') + 1 },
    });
    expect(found?.code).toMatch(/^TB\d{3}$/);
    expect(found?.codeDescription?.href).toBe(
      `file:///docs/diagnostics.md#${String(found?.code).toLowerCase()}`,
    );
    expect(found?.message).toContain('[N, d]');
    expect(found?.relatedInformation?.length).toBeGreaterThan(0);
  });

  it('follow the text, and say which version they are of', async () => {
    await editor.open(uri, 'block B(x: [4]) -> [4] { return y }');
    expect(await editor.diagnostics(uri)).toHaveLength(1);

    await editor.change(uri, 'block B(x: [4]) -> [4] { return x }');

    expect(await editor.diagnostics(uri)).toEqual([]);
  });

  it('say what will not fit into the GPU, once the engine has reported one', async () => {
    const text =
      'dims { N = 4096 }\nmodel M {\n  input x: [N]\n  output y = x[:, none] * x[none, :]\n}';
    const gpu = { name: 'Some GPU', largestValue: 2 ** 20 };
    await editor.open(uri, text);
    expect(await editor.diagnostics(uri)).toEqual([]);

    await editor.connection.sendNotification('tblock/devices', { gpu });
    const found = await editor.diagnostics(uri, (all) => all.length > 0);

    expect(found[0]?.code).toBe('TB215');
    expect(found[0]?.message).toContain('y, [N, N], takes 64.0 MiB, and Some GPU holds 1.00 MiB');
  });

  it('of an importing file follow the unsaved text of the imported one', async () => {
    const other = 'file:///folder/blocks.tblock';
    const block = (n: number) => `block Own(x: [4, ${n}]) -> [4, ${n}] { return x }`;
    await editor.open(other, block(8));
    await editor.open(
      uri,
      'import { Own } from "./blocks.tblock"\nblock B(x: [4, 8]) -> [4, 8] { return Own(x) }',
    );
    expect(await editor.diagnostics(uri)).toEqual([]);

    await editor.change(other, block(9));
    expect(await editor.diagnostics(uri, ({ length }) => length > 0)).toHaveLength(1);

    await editor.change(other, block(8));
    await editor.diagnostics(uri, ({ length }) => length === 0);
  });

  it('of a closed file go', async () => {
    await editor.open(uri, 'block B(x: [4]) -> [4] { return y }');
    await editor.diagnostics(uri, ({ length }) => length > 0);

    await editor.close(uri);

    await editor.diagnostics(uri, ({ length }) => length === 0);
  });
});

describe('hover', () => {
  it('shows a parameter with its shape in symbols and numbers, and its documentation', async () => {
    const text = await hover(
      'dims { d = 4, d_ff = 2 * d }\nblock B(x: [d]) -> [d_ff] {\n  /// Widens.\n  param W‸: [d, d_ff]\n  return x @ W\n}',
    );

    expect(text).toContain('```tblock\nparam W: [d, d_ff]\n```');
    expect(text).toMatch(/`\[d, d_ff\]` = `\[4, 8\]`/);
    expect(text).toContain('`d_ff = 2·d = 8`');
  });

  it('says of a dim without a value that it is free', async () => {
    const text = await hover('dims { N }\nblock B(x: [N]) -> [N] { y = x\n return y‸ }');

    expect(text).toContain('`N` (free)');
  });

  it('shows a block of the standard library as it is declared, with its documentation', async () => {
    const text = await hover('block B(x: [4, 8]) -> [4, 8] { return Layer‸Norm(x) }');

    expect(text).toContain('block LayerNorm(x: [..., n]');
    expect(text).toContain('---');
  });

  it('is empty where nothing is', async () => {
    expect(await hover('block B(x: [4]) -> [4] { return x }\n‸\n')).toBe('');
  });
});

describe('definition', () => {
  it('of a name is where it was assigned last', async () => {
    const position = await editor.open(
      uri,
      'block B(x: [4]) -> [4] {\n  y = x\n  y = y + x\n  return y‸\n}',
    );

    const found = await editor.at<Location>('textDocument/definition', uri, position);

    expect(found).toMatchObject({ uri, range: { start: { line: 2, character: 2 } } });
  });

  it('of a library block is in the library, whose text can be asked for', async () => {
    const position = await editor.open(uri, 'block B(x: [4, 8]) -> [4, 8] { return FF‸N(x, 8) }');

    const found = await editor.at<Location>('textDocument/definition', uri, position);
    const text = await editor.connection.sendRequest('tblock/text', { uri: found.uri });

    expect(found.uri).toBe(preludeUri);
    expect(text).toBe(readFileSync('src/ops/prelude.tblock', 'utf8'));
    expect(String(text).split('\n')[found.range.start.line]).toMatch(/^block FFN\(/);
  });
});

describe('the outline', () => {
  it('has the declarations and what is in them, in a broken file too', async () => {
    await editor.open(
      uri,
      'dims { N = 2 }\nblock B(x: [N]) -> [N] {\n  param W: [N, N]\n  y = x @ W\n  return\n}\nmodel M {\n  input x: [N]\n  repeat 3 as blocks {\n    x = B(x)\n  }\n  output z = x\n}\nrun r for M { }\nmodel',
    );

    const symbols = await editor.in<DocumentSymbol[]>('textDocument/documentSymbol', uri);

    const outline = (items: readonly DocumentSymbol[], indent = ''): string[] =>
      items.flatMap(({ name, children }) => [
        `${indent}${name}`,
        ...outline(children ?? [], `${indent}  `),
      ]);
    expect(outline(symbols)).toEqual(
      expect.arrayContaining(['N', 'B', '  W', '  y', 'M', '  blocks', '    x', '  z', 'r']),
    );
  });
});

describe('code lenses', () => {
  it('stand on every run, model and block, with what the commands need', async () => {
    await editor.open(
      uri,
      'block B(x: [4]) -> [4] { return x }\nmodel M { output y = ones }\nrun r for B { }',
    );

    const lenses = await editor.in<CodeLens[]>('textDocument/codeLens', uri);

    const texts = lenses.map(
      ({ range, command }) =>
        `${range.start.line} ${command?.title} ${command?.command} ${command?.arguments}`,
    );
    for (const [line, name] of ['B', 'M', 'r'].entries()) {
      expect(texts).toContain(`${line} ▷ Run tblock.run ${uri},${name}`);
      expect(texts).toContain(`${line} Inspect tblock.inspect ${uri},${name}`);
    }
  });

  it('say what it costs once they are seen', async () => {
    await editor.open(
      uri,
      'dims { N = 2, d = 4 }\nblock B(x: [N, d]) -> [N, d] { return FFN(x, hidden: 8, bias: false) }',
    );
    const lenses = await editor.in<CodeLens[]>('textDocument/codeLens', uri);
    const unseen = lenses.find(({ command }) => command === undefined);

    const seen = await editor.connection.sendRequest<CodeLens>('codeLens/resolve', unseen);

    expect(seen.command?.title).toBe('64 parameters · 272 FLOP · 448 B');
  });
});

describe('quick fixes', () => {
  it('are what the diagnostic offers, as an edit', async () => {
    await editor.open(uri, 'block B(x: [4]) -> [4] { return LayerNom(x) }');
    const diagnostics = await editor.diagnostics(uri);

    const actions = await editor.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: diagnostics[0]?.range,
      context: { diagnostics },
    });

    const [edit] = actions[0]?.edit?.changes?.[uri] ?? [];
    expect(edit?.newText).toBe('LayerNorm');
    expect(edit?.range).toEqual(diagnostics[0]?.range);
    expect(actions[0]?.diagnostics).toEqual(diagnostics);
  });
});

describe('a warning or hint', () => {
  const attention = (line: string) =>
    `dims { N = 6, d = 8 }
block A(x: [N, d]) -> [N, d] {
  param W_Q: [d, d]
  param W_K: [d, d]
  q = x @ W_Q
  k = x @ W_K
  ${line}
}
`;
  const silenced = async (line: string) => {
    await editor.open(uri, attention(line));
    const diagnostics = await editor.diagnostics(uri, (found) =>
      found.some(({ code }) => code === 'TB311'),
    );
    const actions = await editor.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: diagnostics.find(({ code }) => code === 'TB311')?.range,
      context: { diagnostics },
    });
    const action = actions.find(({ title }) => title === 'Ignore TB311 on this line');
    const [edit] = action?.edit?.changes?.[uri] ?? [];
    const lines = attention(line).split('\n');
    const { line: at = 0, character = 0 } = edit?.range.start ?? {};
    const before = lines[at] ?? '';
    lines[at] = `${before.slice(0, character)}${edit?.newText}${before.slice(character)}`;
    return lines.slice(6, -2).join('\n');
  };

  it('can be silenced on its line', async () => {
    expect(await silenced('return softmax(q @ k.T) @ x')).toBe(
      '  return softmax(q @ k.T) @ x  // tblock-ignore TB311',
    );
  });

  it('beside another comment, on the line before', async () => {
    expect(await silenced('return softmax(q @ k.T) @ x  // why')).toBe(
      '  // tblock-ignore TB311\n  return softmax(q @ k.T) @ x  // why',
    );
  });

  it('beside what is silenced already, in the same comment', async () => {
    expect(await silenced('return softmax(q @ k.T) @ x  // tblock-ignore TB320')).toBe(
      '  return softmax(q @ k.T) @ x  // tblock-ignore TB320 TB311',
    );
  });
});

describe('nothing fails', () => {
  it.each([
    'textDocument/hover',
    'textDocument/definition',
    'textDocument/documentSymbol',
    'textDocument/codeLens',
  ])('%s of a file that is not open is empty', async (method) => {
    const answer = await editor.at(method, 'file:///nowhere.tblock', { line: 9, character: 9 });

    expect(answer === null || (Array.isArray(answer) && answer.length === 0)).toBe(true);
  });

  it('an untitled program is checked like any other', async () => {
    const untitled = 'untitled:Untitled-1';
    await editor.open(
      untitled,
      'import { A } from "./a.tblock"\nblock B(x: [4]) -> [4] { return x }',
    );

    const [found] = await editor.diagnostics(untitled);

    expect(found?.message).toContain('a.tblock');
  });
});
