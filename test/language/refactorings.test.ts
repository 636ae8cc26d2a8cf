import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CodeAction } from 'vscode-languageserver/node.js';
import { LineMap } from '../../src/syntax/index.ts';
import { Editor } from './editor.ts';
import { applied } from './marks.ts';

const uri = 'file:///folder/program.tblock';

let editor: Editor;
beforeEach(async () => {
  editor = await Editor.start();
});
afterEach(() => editor.stop());

/** The text after the action whose title begins so, for the selection between « and » (or at ‸); it checks still. */
async function changed(title: string, marked: string): Promise<string> {
  const text = marked.replace(/[‸«»]/g, '');
  const start = marked.search(/[‸«]/);
  const end = marked.includes('»') ? marked.indexOf('»') - 1 : start;
  await editor.open(uri, text);
  const lines = new LineMap(text);
  const actions = await editor.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
    textDocument: { uri },
    range: { start: lines.positionAt(start), end: lines.positionAt(end) },
    context: { diagnostics: [] },
  });
  const action = actions.find((each) => each.title.startsWith(title));
  if (action === undefined) return actions.map((each) => each.title).join('; ');
  const result = applied(text, action.edit?.changes?.[uri]);
  await editor.change(uri, result);
  const found = await editor.diagnostics(uri);
  expect(found.filter(({ severity }) => severity === 1).map(({ message }) => message)).toEqual([]);
  return result;
}

const dims = 'dims { N = 2, d = 4, heads = 2, d_ff = 8 }\n';

describe('equation and stream', () => {
  it('a write becomes an equation', async () => {
    const text = (line: string) =>
      `${dims}block B(x: [N, d]) -> [N, d] {\n  ${line}\n  return x\n}\n`;
    expect(await changed('Write as an equation', text('x +=‸ LayerNorm(x) as ln'))).toBe(
      text('x = x + LayerNorm(x) as ln'),
    );
  });

  it('a sum with the stream becomes a write, and what was named after it the stream', async () => {
    const text = `${dims}block B(x: [N, d]) -> [N, d] {
  t1 = MultiHeadAttention(x, heads: heads)
  t2 = t1 ‸+ x
  t3 = LayerNorm(t2)
  return t3 + t2
}
`;
    expect(
      await changed('Write to the residual stream', text),
    ).toBe(`${dims}block B(x: [N, d]) -> [N, d] {
  x += MultiHeadAttention(x, heads: heads) as t1
  t3 = LayerNorm(x)
  return t3 + x
}
`);
  });

  it('a sum whose sides are both read afterwards stays', async () => {
    const text = `${dims}block B(x: [N, d]) -> [N, d] {
  a = LayerNorm(x)
  b = a ‸+ x
  return b + a + x
}
`;
    expect(await changed('Write to the residual stream', text)).toBe('');
  });
});

describe('inlining', () => {
  it('puts the body of a block where it is called, names kept apart', async () => {
    const text = `${dims}block Own(x: [..., n], wide: dim, twice: bool = false) -> [..., n] {
  param W: [n, wide]
  h = x @ W
  if twice {
    h = h * 2
  }
  return h @ W.T
}
block B(x: [N, d]) -> [N, d] {
  h = x * 3
  y = O‸wn(h, wide: d_ff)
  return y + h
}
`;
    const result = await changed('Inline Own', text);
    expect(result.slice(result.indexOf('block B'))).toBe(`block B(x: [N, d]) -> [N, d] {
  h = x * 3
  param W: [d, d_ff]
  h_2 = h @ W
  y = h_2 @ W.T
  return y + h
}
`);
  });

  it('expands a block of the standard library, its switches decided', async () => {
    const text = `${dims}block B(x: [N, d]) -> [N, d] {
  x += F‸FN(x, hidden: d_ff, activation: relu, bias: false) as mlp
  return x
}
`;
    const result = await changed('Expand FFN', text);
    expect(result).toContain('param W_1: [d, d_ff]');
    expect(result).toContain('relu(pre)');
    expect(result).toMatch(/x \+= out/);
    expect(result).not.toContain('if ');
    expect(result).not.toContain('b_1');
  });

  it('expands attention as well', async () => {
    const text = `${dims}block B(x: [N, d]) -> [N, d] {
  y = Multi‸HeadAttention(x, heads: heads, causal: true)
  return y
}
`;
    const result = await changed('Expand MultiHeadAttention', text);
    expect(result).toContain('causal_mask(');
    expect(result).toContain('pattern = softmax(');
    expect(result).not.toContain('rope(');
    expect(result).toContain('param W_O: [heads * (d / heads), d]');
  });
});

describe('extracting', () => {
  it('moves statements into a block, with what they read as arguments', async () => {
    const text = `${dims}/// Documented.
block B(x: [N, d], wide: dim) -> [N, d] {
  normed = LayerNorm(x)
«  param W: [d, wide]
  h = relu(normed @ W)
  out = h @ W.T»
  x += out
  return x
}
`;
    expect(
      await changed('Extract a block', text),
    ).toBe(`${dims}block Extracted(normed: [N, d], wide: dim) -> [N, d] {
  param W: [d, wide]
  h = relu(normed @ W)
  out = h @ W.T
  return out
}

/// Documented.
block B(x: [N, d], wide: dim) -> [N, d] {
  normed = LayerNorm(x)
  out = Extracted(normed, wide: wide)
  x += out
  return x
}
`);
  });

  it('of a write takes the stream in and gives it back', async () => {
    const text = `${dims}block B(x: [N, d]) -> [N, d] {
«  x += LayerNorm(x) as ln»
  return x
}
`;
    const result = await changed('Extract a block', text);
    expect(result).toContain(
      'block Extracted(x: [N, d]) -> [N, d] {\n  x += LayerNorm(x) as ln\n  return x\n}',
    );
    expect(result).toContain('  x = Extracted(x)\n  return x');
  });

  it('is not offered where two values would have to come out', async () => {
    const text = `${dims}block B(x: [N, d]) -> [N, d] {
«  a = x * 2
  b = x * 3»
  return a + b
}
`;
    expect(await changed('Extract a block', text)).toBe('');
  });
});
