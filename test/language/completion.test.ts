// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the fields of snippets are written so.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CompletionItem, CompletionList } from 'vscode-languageserver/node.js';
import { writeSafetensors } from '../../src/formats/index.ts';
import { Editor } from './editor.ts';

let folder: string;
let uri: string;
let editor: Editor;
beforeEach(async () => {
  editor = await Editor.start();
  folder = mkdtempSync(join(tmpdir(), 'tblock-'));
  uri = pathToFileURL(join(folder, 'program.tblock')).href;
});
afterEach(() => {
  editor.stop();
  rmSync(folder, { recursive: true });
});

/** What is offered at the `‸`, best first, as an editor shows it for the word before the cursor. */
async function offered(marked: string): Promise<readonly CompletionItem[]> {
  const position = await editor.open(uri, marked);
  const list = await editor.at<CompletionList>('textDocument/completion', uri, position);
  const prefix = /[\p{L}\p{N}_]*$/u.exec(marked.slice(0, marked.indexOf('‸')))?.[0] ?? '';
  return list.items
    .filter(({ label }) => label.toLowerCase().startsWith(prefix.toLowerCase()))
    .sort((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1));
}

const labels = async (marked: string) => (await offered(marked)).map(({ label }) => label);

const dims = 'dims { N = 8, d = 16, heads = 4, d_ff = 64 }\n';
const block = (body: string) => `${dims}block B(x: [N, d]) -> [N, d] {\n${body}\n}\n`;

describe('the first item is what is usually meant', () => {
  it.each([
    ['dims where a file has none', '‸', 'dims'],
    ['a block where a file has dims', `${dims}\n‸`, 'block'],
    [
      'a run where a file has a model',
      `${dims}model M { input x: [N, d]\n output y = x }\n‸`,
      'run',
    ],
    ['a block by the beginning of its name', block('  y = Mul‸'), 'MultiHeadAttention'],
    ['an operator by the beginning of its name', block('  y = softm‸'), 'softmax'],
    [
      'a block of the file before the library',
      `${block('  return x')}block C(x: [N, d]) -> [N, d] {\n  return B‸\n}`,
      'B',
    ],
    [
      'the value that fits the product',
      block('  param A: [d_ff, d]\n  param W: [d, d_ff]\n  y = x @ ‸'),
      'W',
    ],
    [
      "the value of the stream's shape in a write",
      block('  wide: [N, d_ff] = zeros\n  slim = LayerNorm(x)\n  wider = wide * 2\n  x += ‸'),
      'slim',
    ],
    ['a block in a write, not the stream itself', block('  x += ‸'), 'Linear'],
    ['another dim for a length', 'dims {\n  N = 8\n  d = 16\n  d_ff = ‸\n}', 'N'],
    [
      'the value of the declared result',
      block('  wide: [N, d_ff] = zeros\n  y = LayerNorm(x)\n  z = wide\n  return ‸'),
      'y',
    ],
    ['the value made last as an argument', block('  y = LayerNorm(x)\n  z = FFN(‸)'), 'y'],
    ['an argument that is needed', block('  y = MultiHeadAttention(x, ‸)'), 'heads:'],
    ['the dim of the same name', block('  y = MultiHeadAttention(x, heads: ‸)'), 'heads'],
    [
      "the switch's other value",
      block('  y = MultiHeadAttention(x, heads: heads, causal: ‸)'),
      'true',
    ],
    [
      'an elementwise operator for a function',
      block('  y = FFN(x, hidden: d_ff, activation: rel‸)'),
      'relu',
    ],
    ['a source for a parameter', block('  param W: [d, d] = nor‸'), 'normal'],
    ['a dim in a shape', block('  param W: [d_‸'), 'd_ff'],
    ['what a point leads to', block('  y = x.‸'), 'T'],
    ['a result of an operator by name', block('  t = top_k(x, 2)\n  y = t.‸'), 'indices'],
    ['a kind after a colon', `${dims}block B(x: [N, d], wide: d‸`, 'dim'],
    ['the model of a run', `${dims}model M { output y = ones }\nrun r for ‸`, 'M'],
    [
      'an input that a run does not give yet',
      `${dims}model M { input x: [N, d]\n output y = x }\nrun r for M {\n  ‸\n}`,
      'x',
    ],
    ['a backend', `${dims}model M { output y = ones }\nrun r for M {\n  backend = g‸\n}`, 'gpu'],
    ['the label that a call would have', block('  y = LayerNorm(x) as ‸'), 'layer_norm'],
  ])('%s', async (_what, marked, first) => {
    expect((await labels(marked))[0]).toBe(first);
  });
});

describe('an item', () => {
  it('of a block has its signature, its documentation, and what it needs', async () => {
    const [item] = await offered(block('  y = MultiHead‸'));

    expect(item?.detail).toBe('MultiHeadAttention(x: [..., N, n], heads: dim, …) -> [..., N, n]');
    expect(item?.documentation).toMatchObject({ kind: 'markdown' });
    expect(item?.textEdit?.newText).toBe('MultiHeadAttention(${1:x}, heads: ${2:heads})${0}');
  });

  it('of a block asks for the length that waits to be used, then for what other calls take', async () => {
    const [unused] = await offered(block('  y = FFN‸'));
    const [used] = await offered(
      block('  h = FFN(x, hidden: d_ff)\n  param W: [d, d_ff]\n  y = FFN‸'),
    );

    expect(unused?.textEdit?.newText).toBe('FFN(${1:x}, hidden: ${2:d_ff})${0}');
    expect(used?.textEdit?.newText).toBe('FFN(${1:h}, hidden: ${2:d_ff})${0}');
  });

  it('shows on its row what a call takes and gives, and the shape of a value', async () => {
    const [call] = await offered(block('  y = MultiHead‸'));
    const [value] = await offered(block('  slim = LayerNorm(x)\n  y = sli‸'));

    expect(call?.labelDetails).toEqual({ detail: '(x, heads, …)', description: '[..., N, n]' });
    expect(value?.labelDetails).toEqual({ description: '[N, d]' });
  });

  it('of an operator too', async () => {
    const [item] = await offered(block('  y = softm‸'));

    expect(item?.detail).toContain('softmax(x: [...], axis: number = -1)');
    expect(item?.documentation).toMatchObject({ kind: 'markdown' });
  });

  it('of a value has its shape', async () => {
    expect((await offered(block('  y = ‸x')))[0]).toMatchObject({ detail: expect.any(String) });
    expect((await offered(block('  slim = LayerNorm(x)\n  y = sli‸')))[0]?.detail).toBe('[N, d]');
  });
});

describe('labels', () => {
  it('are those of other calls, not what the next line begins with', async () => {
    const text = block('  y = LayerNorm(x) as ln_1\n  z = RMSNorm(y) as ‸\n  return z');
    expect(await labels(text)).toEqual(['rms_norm', 'ln_1']);
  });
});

describe('arguments', () => {
  it('that are given are not offered again', async () => {
    const names = await labels(block('  y = FFN(x, hidden: d_ff, ‸)'));
    expect(names).toContain('activation:');
    expect(names).not.toContain('hidden:');
    expect(names).not.toContain('x:');
  });
});

describe('names', () => {
  it('end with their repeat', async () => {
    const names = await labels(block('  repeat 2 {\n    inner = x\n  }\n  y = ‸'));
    expect(names).toContain('x');
    expect(names).not.toContain('inner');
  });

  it('of what comes later, or is being made, are not offered', async () => {
    const names = await labels(block('  y = ‸\n  later = x'));
    expect(names).not.toContain('y');
    expect(names).not.toContain('later');
  });

  it('are not offered in comments and numbers', async () => {
    expect(await labels(block('  // see LayerN‸'))).toEqual([]);
    expect(await labels(block('  y = 12‸'))).toEqual([]);
  });
});

const stack = `${block('  x += MultiHeadAttention(LayerNorm(x) as ln_1, heads: heads) as attn\n  return x')}model M {
  input x: [N, d]
  repeat 3 as blocks {
    x = B(x)
  }
  output y = x
}
`;

describe('paths', () => {
  it.each([
    ['begin at the model', 'expect ‸', ['blocks', 'x', 'y']],
    ['go on with the copies of a repeat', 'expect blocks.‸', ['0', '1', '2', '*']],
    ['go on with what is in a copy', 'expect blocks.2.‸', ['x', 'attn', 'ln_1']],
    ['lead into blocks of the library', 'patch blocks.*.attn.‸', ['pattern', 'scores', 'W_Q']],
    ['lead into other runs', 'expect y ~ first.blocks.0.‸', ['attn']],
    ['offer other runs on the other side', 'expect y ~ fir‸', ['first']],
  ])('%s', async (_what, line, expected) => {
    const text = `${stack}run first for M {\n}\nrun second for M {\n  ${line}\n}\n`;
    expect(await labels(text)).toEqual(expect.arrayContaining(expected));
  });

  it('of a mapping lead to parameters only', async () => {
    const text = (line: string) => `${stack}weights w = "model.safetensors" {\n  ${line}\n}\n`;
    expect(await labels(text('‸'))).toEqual(['blocks']);
    expect((await labels(text('blocks.‸')))[0]).toBe('*');
    expect(await labels(text('blocks.*.‸'))).toEqual(['ln_1', 'attn']);
    expect(await labels(text('blocks.*.attn.‸'))).toEqual(['W_Q', 'W_K', 'W_V', 'W_O']);
  });

  it.each([
    ['has a length', stack],
    ['waits for its length', stack.replace('N = 8', 'N')],
  ])('of what a switch leaves out are not offered where the model %s', async (_what, stack) => {
    const text = (block: string) =>
      `${block}${stack.slice(stack.indexOf('model'))}run r for M {\n  expect blocks.2.attn.‸\n}\n`;
    const plain = stack.slice(0, stack.indexOf('model'));
    const biased = plain.replace('heads: heads', 'heads: heads, bias: true');

    expect(await labels(text(plain))).not.toContain('b_Q');
    expect(await labels(text(biased))).toContain('b_Q');
    const items = await offered(text(plain));
    expect(items.find(({ label }) => label === 'pattern')?.detail).toBe('[heads, N, N]');
  });
});

describe('in a string', () => {
  beforeEach(() => {
    const data = new Float32Array(4);
    const tensor = { shape: [2, 2], data };
    const tensors = new Map([
      ['h.0.attn.weight', tensor],
      ['h.1.attn.weight', tensor],
      ['wte', tensor],
    ]);
    expect(writeSafetensors(join(folder, 'model.safetensors'), tensors).ok).toBe(true);
    writeFileSync(join(folder, 'blocks.tblock'), 'block Own(x: [4]) -> [4] { return x }');
  });

  it('a mapping offers the tensors of its file, with indices as *', async () => {
    const text = `${stack}weights w = "model.safetensors" {\n  blocks.*.attn.W_Q <- "‸"\n}\n`;
    const items = await offered(text);
    expect(items.map(({ label }) => label)).toEqual([
      'h.*.attn.weight',
      'h.0.attn.weight',
      'h.1.attn.weight',
      'wte',
    ]);
    expect(items[0]?.detail).toBe('[2, 2]');
  });

  it('an input offers files, and then the tensors of one', async () => {
    const run = (line: string) => `${stack}run r for M {\n  ${line}\n}\n`;
    expect(await labels(run('x = "‸"'))).toEqual(['model.safetensors']);
    expect(await labels(run('x = "model.safetensors"["‸"]'))).toContain('wte');
  });

  it('an import offers files, and then the blocks of one', async () => {
    expect(await labels('import { Own } from "‸"')).toEqual(['./blocks.tblock']);
    expect(await labels('import { ‸ } from "./blocks.tblock"')).toEqual(['Own']);
  });
});
