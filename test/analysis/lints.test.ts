import { describe, expect, test } from 'vitest';
import { analyze, findingsOf } from '../../src/analysis/index.ts';
import { noFiles } from '../shapes/check.ts';
import { checkFix } from '../shapes/fix.ts';

/** `line: code`, of designs. */
function designs(text: string): readonly string[] {
  const analysis = analyze('file:///design.tblock', text, noFiles);
  expect(analysis.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return findingsOf(analysis)
    .filter(({ code }) => code > 'TB306')
    .map(({ code, source }) => `${text.slice(0, source.start).split('\n').length}: ${code}`);
}

const dims = 'dims { N = 6, d = 8, heads = 2, d_k = d / heads }';

/** One head of attention whose scores, weights and sum are the given lines. */
const attention = (...lines: readonly string[]) => `${dims}
block A(x: [N, d]) -> [N, d] {
  param W_Q: [d, d]
  param W_K: [d, d]
  q = x @ W_Q
  k = x @ W_K
${lines.map((line) => `  ${line}`).join('\n')}
}`;

describe('a missing scale', () => {
  test.each([
    ['is found through a mask', 'scores = causal_mask(q @ k.T)'],
    ['is found through a bias', 'scores = alibi((q @ k.T)[none])[0]'],
    ['is found where einsum makes the product', 'scores = einsum("i k, j k -> i j", q, k)'],
  ])('%s', (_, line) =>
    expect(designs(attention(line, 'return softmax(scores) @ x'))).toEqual(['7: TB311']),
  );

  test.each([
    ['on the scores', 'return softmax(q @ k.T / sqrt(d)) @ x'],
    ['on the queries', 'return softmax((q * 0.3) @ k.T) @ x'],
    ['by norms', 'return softmax(RMSNorm(q) @ RMSNorm(k).T) @ x'],
    ['in a cap', 'return softmax(30 * tanh(q @ k.T / 30)) @ x'],
    ['of logits, which attend to nothing', 'return x + mean(softmax(q @ W_K))[:, none]'],
  ])('is not missed %s', (_, line) => expect(designs(attention(line))).toEqual([]));

  test('is not asked for where queries and keys come from outside', () =>
    expect(
      designs(`${dims}
block S(q: [N, d_k], k: [N, d_k], v: [N, d_k]) -> [N, d_k] { return softmax(q @ k.T) @ v }`),
    ).toEqual([]));

  test('is written in', () =>
    checkFix(
      'TB311',
      'Divide by √d',
      attention('return softmax(q @ k‸.T) @ x'),
      attention('return softmax(q @ k.T / sqrt(d)) @ x'),
    ));
});

const causal = (...lines: readonly string[]) => `${dims}
block C(x: [N, d]) -> [N, d] {
  x += MultiHeadAttention(x, heads: heads, causal: true) as first
${lines.map((line) => `  ${line}`).join('\n')}
  return x
}`;

describe('later tokens', () => {
  test.each([
    ['a mean over the tokens', 'x += mean(x, axis: 0)'],
    ['a shift to the left', 'x += concat(x[1:N], x[0:1], axis: 0)'],
    ['a softmax over the tokens', 'x += softmax(x, axis: 0) * x'],
    ['the last token', 'x += x[-1]'],
    ['a product of tokens with tokens', 'x += (x @ x.T / sqrt(d)) @ x'],
  ])('are seen through %s', (_, line) => expect(designs(causal(line))).toEqual(['4: TB312']));

  test.each([
    ['a running sum', 'x += cumsum(x, axis: 0)'],
    ['a shift to the right', 'x += concat(zeros_row, x[0:N - 1], axis: 0)'],
    ['the first token', 'x += x[0]'],
    ['tokens one by one', 'x += FFN(LayerNorm(x) as ln, hidden: 16) as mlp'],
    ['rotary positions', 'x += rope(x)'],
    [
      'heads and back',
      'x += rearrange(rearrange(x, "n (h k) -> h n k", h: 2), "h n k -> n (h k)")',
    ],
  ])('are not seen through %s', (_, line) =>
    expect(designs(causal('zeros_row = x[0:1] * 0', line)).filter((e) => e !== '4: TB303')).toEqual(
      [],
    ),
  );

  test('are seen where the mask comes after the softmax', () =>
    expect(
      designs(
        causal(
          'pattern = where(causal_mask(x @ x.T / sqrt(d)) == -inf, 0, softmax(x @ x.T / sqrt(d)))',
          'x += pattern @ x',
        ),
      ),
    ).toEqual(['4: TB320']));

  test('are not seen where positions are compared by hand', () => {
    const mask = 'seen = positions(N)[:, none] >= positions(N)[none]';
    expect(designs(causal(mask, 'x += softmax(where(seen, x @ x.T / sqrt(d), -inf)) @ x'))).toEqual(
      [],
    );
  });

  test('are seen where that mask is the wrong way round', () => {
    const mask = 'seen = positions(N)[:, none] <= positions(N)[none]';
    expect(designs(causal(mask, 'x += softmax(where(seen, x @ x.T / sqrt(d), -inf)) @ x'))).toEqual(
      ['5: TB320'],
    );
  });

  test('nothing is said of a mask that comes as data', () =>
    expect(
      designs(`${dims}
block C(x: [N, d], seen: [N, N]) -> [N, d] {
  x += MultiHeadAttention(x, heads: heads, causal: true) as first
  x += MultiHeadAttention(x, heads: heads, mask: seen) as second
  return x
}`),
    ).toEqual([]));

  test('of another sequence are no secret', () =>
    expect(
      designs(`${dims}
model Translator {
  input source: [N, d]
  input target: [N, d]
  memory = source + MultiHeadAttention(source, heads: heads)
  target += MultiHeadAttention(target, heads: heads, causal: true) as own
  target += MultiHeadAttention(target, heads: heads, context: memory) as cross
  output y = target
}`),
    ).toEqual([]));

  test('an encoder may look both ways', () =>
    expect(
      designs(`${dims}
block E(x: [N, d]) -> [N, d] {
  x += MultiHeadAttention(x, heads: heads) as attn
  x += mean(x, axis: 0)
  return x
}`),
    ).toEqual([]));

  test('are hidden by the switch', () => {
    checkFix(
      'TB320',
      'Make it causal',
      causal('x += MultiHead‸Attention(x, heads: heads) as second'),
      causal('x += MultiHeadAttention(x, heads: heads, causal: true) as second'),
    );
    checkFix(
      'TB320',
      'Make it causal',
      causal('x += MultiHead‸Attention(x, heads: heads, causal: false) as second'),
      causal('x += MultiHeadAttention(x, heads: heads, causal: true) as second'),
    );
  });

  test('are hidden by a mask around the scores', () =>
    checkFix(
      'TB320',
      'Mask the scores of later tokens',
      causal('x += soft‸max(x @ x.T / sqrt(d), axis: -1) @ x'),
      causal('x += softmax(causal_mask(x @ x.T / sqrt(d)), axis: -1) @ x'),
    ));
});

describe('a softmax over the wrong axis', () => {
  test.each([
    ['over the queries', 'return softmax(q @ k.T / sqrt(d), axis: -2) @ x', ['7: TB313']],
    ['turned round', 'return softmax(q @ k.T / sqrt(d)).T @ x', ['7: TB313']],
    ['turned round on purpose', 'return softmax(q @ k.T / sqrt(d), axis: 0).T @ x', []],
    ['of features, as in linear attention', 'return softmax(q) @ (softmax(k, axis: 0).T @ x)', []],
  ])('%s', (_, line, found) => expect(designs(attention(line))).toEqual(found));

  test('gets the right one', () =>
    checkFix(
      'TB313',
      'Take axis: -1',
      attention('return soft‸max(q @ k.T / sqrt(d), axis: 0) @ x'),
      attention('return softmax(q @ k.T / sqrt(d), axis: -1) @ x'),
    ));
});

describe('a broadcast that nobody meant', () => {
  test.each([
    [
      'a stream that gets heads',
      't = rearrange(x, "n (h k) -> h n k", h: 2) @ W_K[0:4, 0:8]\nreturn (x + t)[0]',
      ['8: TB314'],
    ],
    ['columns and rows', 'return x + softmax(sum(q) / sum(q, keepdims: true)) @ x', ['7: TB314']],
    ['columns and rows on purpose', 'return x + softmax(sum(q)[none] - sum(k)[:, none]) @ x', []],
    ['a row for every token', 'return x + mean(x, axis: 0)', []],
  ])('%s', (_, lines, found) =>
    expect(designs(attention(lines)).filter((each) => !each.endsWith('TB312'))).toEqual(found),
  );
});

describe('a residual on the normed copy', () => {
  test('gets the stream', () =>
    checkFix(
      'TB315',
      'Add to x',
      `${dims}\nblock B(x: [N, d]) -> [N, d] {\n  h = LayerNorm(x)\n  y = FFN(h, hidden: 16) + ‸h\n  return y\n}`,
      `${dims}\nblock B(x: [N, d]) -> [N, d] {\n  h = LayerNorm(x)\n  y = FFN(h, hidden: 16) + x\n  return y\n}`,
    ));

  test('is found in the second sublayer, where the first adds to the stream', () =>
    expect(
      designs(`${dims}
block B(x: [N, d]) -> [N, d] {
  t = x + FFN(LayerNorm(x) as ln_1, hidden: 16) as mlp_1
  h = LayerNorm(t) as ln_2
  return h + FFN(h, hidden: 16) as mlp_2
}`),
    ).toEqual(['5: TB315']));

  test('post-norm is another design', () =>
    expect(
      designs(`${dims}
block B(x: [N, d]) -> [N, d] {
  x += FFN(x, hidden: 16) as mlp_1
  x = LayerNorm(x) as ln_1
  x += FFN(x, hidden: 16) as mlp_2
  return LayerNorm(x) as ln_2
}`),
    ).toEqual([]));
});

const model = (...lines: readonly string[]) => `dims { T, V = 50, d = 8 }
model LM {
  input tokens: int[T]
  param wte: [V, d]
  x = wte[tokens]
${lines.map((line) => `  ${line}`).join('\n')}
}`;

describe('the norm before the head', () => {
  test('is written in', () =>
    checkFix(
      'TB316',
      'Wrap in LayerNorm',
      model('repeat 3 as blocks { x = PreNormBlock(x, heads: 2) }', 'output logits = x ‸@ wte.T'),
      model(
        'repeat 3 as blocks { x = PreNormBlock(x, heads: 2) }',
        'output logits = LayerNorm(x) as ln_final @ wte.T',
      ),
    ));

  test('is not asked of post-norm blocks', () =>
    expect(
      designs(
        model(
          'repeat 3 as blocks { x = PostNormBlock(x, heads: 2, causal: true) }',
          'output logits = x @ wte.T',
        ),
      ),
    ).toEqual([]));
});

describe('heads', () => {
  test.each([
    ['that were rounded down', 'd_k: 2, heads: 3', 7, ['3: TB317']],
    ['that are narrow on purpose', 'd_k: 2, heads: 3', 16, []],
    ['that are wide on purpose', 'd_k: 8, heads: 3', 8, []],
  ])('%s', (_, settings, width, found) =>
    expect(
      designs(`dims { N = 6, w = ${width} }
block B(x: [N, w]) -> [N, w] {
  return MultiHeadAttention(x, ${settings})
}`),
    ).toEqual(found),
  );
});

describe('a block that cannot be stacked', () => {
  test('says where its result is declared', () =>
    expect(
      designs(`${dims}
block B(x: [N, d]) -> [N, d_k] {
  x += FFN(LayerNorm(x), hidden: 16)
  return x[:, 0:d_k]
}`),
    ).toEqual(['2: TB318']));
});

describe('shared parameters', () => {
  test('of steps under one label get labels of their own', () =>
    checkFix(
      'TB319',
      'Label it ln_2',
      `${dims}\nblock B(x: [N, d]) -> [N, d] {\n  x += FFN(LayerNorm(x) as ln, hidden: 16) as a\n  x += FFN(LayerNorm(x) as l‸n, hidden: 16) as b\n  return x\n}`,
      `${dims}\nblock B(x: [N, d]) -> [N, d] {\n  x += FFN(LayerNorm(x) as ln, hidden: 16) as a\n  x += FFN(LayerNorm(x) as ln_2, hidden: 16) as b\n  return x\n}`,
    ));

  test('of two inputs under one label are meant', () =>
    expect(
      designs(`${dims}
block Siamese(a: [N, d], b: [N, d]) -> [N, d] {
  return (LayerNorm(a) as tower) - (LayerNorm(b) as tower)
}`),
    ).toEqual([]));

  test('of copies that use one declared before them', () =>
    expect(
      designs(`${dims}
model M {
  input x: [N, d]
  param W: [d, d]
  repeat 3 as layers { x += relu(LayerNorm(x) @ W) }
  output y = x
}`),
    ).toEqual(['4: TB319']));
});

describe('a comment', () => {
  const text = (end: string, before = '') => `${dims}
block C(x: [N, d]) -> [N, d] {
  x += MultiHeadAttention(x, heads: heads, causal: true) as first
${before}  x += mean(x, axis: 0)${end}
  return x
}`;

  test.each([
    ['silences its line', text(' // tblock-ignore TB312')],
    ['says why', text(' // tblock-ignore TB312: pooled on purpose')],
    ['alone on a line silences the next', text('', '  // tblock-ignore TB312\n')],
  ])('%s', (_, program) => expect(designs(program)).toEqual([]));

  test('of another code silences nothing', () =>
    expect(designs(text(' // tblock-ignore TB320'))).toEqual(['4: TB312']));

  test('cannot silence an error', () => {
    const broken = 'block B(x: [4]) -> [4] { return y } // tblock-ignore TB010';
    const found = findingsOf(analyze('file:///design.tblock', broken, noFiles));
    expect(found.map(({ code }) => code)).toEqual(['TB010', 'TB305']);
  });
});
