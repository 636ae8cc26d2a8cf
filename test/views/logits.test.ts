import { expect, test } from 'vitest';
import { attributionView, lensView, logitsView, viewOf } from '../../src/views/index.ts';
import { run } from '../session/run-text.ts';
import { smallTrace } from './small-trace.ts';

/** A decoder of two layers; `Shaped` is a norm with gains and an offset of its own. */
const decoder = (norm: string, unembedding = 'W_U') => `
dims {
  T = 5
  V = 11
  d = 8
}
/// The logits have a path inside this block, and one as an output.
block Sum(x: [..., n], b: [n]) -> [..., n] {
  y = x + b
  return y
}
block Shaped(x: [..., n]) -> [..., n] {
  param gain: [n] = normal(std: 1)
  param offset: [n] = normal(std: 1)
  return gain * (x - mean(x, keepdims: true)) / sqrt(var(x, keepdims: true) + 1e-5) + offset
}
model Decoder {
  input tokens: int[T] = [3, 1, 4, 1, 5]
  x = Embedding(tokens, vocab: V, width: d)
  repeat 2 as blocks {
    x = PreNormBlock(x, heads: 2)
  }
  x = ${norm}(x) as ln_f
  param W_U: [d, V] = normal(std: 1)
  param b_U: [V] = normal(std: 1)
  output logits = Sum(x @ ${unembedding}, b_U) as head
}
run demo for Decoder {
}
`;

test('what is most likely at each position, and one token at all positions', async () => {
  const logits = [0, Math.log(3), 0, Math.log(8), 0, 0];
  const trace = smallTrace(
    { x: { axes: 'N=2 d=1', values: [1, 1] }, y: { axes: 'N=2 V=3', values: logits } },
    {
      outputs: ['y'],
      streams: [
        {
          scope: '',
          steps: [
            { path: 'x', kind: 'input', write: undefined, hook: undefined, layer: undefined },
          ],
        },
      ],
      operations: [
        {
          path: 'x',
          kind: 'input',
          operator: '',
          role: undefined,
          axes: [
            { name: 'N', size: 2 },
            { name: 'd', size: 1 },
          ],
          operands: [],
        },
        {
          path: 'y',
          kind: 'operator',
          operator: '@',
          role: 'matrix product',
          axes: [
            { name: 'N', size: 2 },
            { name: 'V', size: 3 },
          ],
          operands: [0],
        },
      ],
    },
  );
  const view = await logitsView(trace, { position: 1 });
  expect(view?.top.map(([best]) => [best?.id, best?.probability.toFixed(2)])).toEqual([
    [1, '0.60'],
    [0, '0.80'],
  ]);
  expect([
    view?.id,
    view?.ranks,
    [...(view?.probabilities ?? [])].map((p) => p.toFixed(2)),
  ]).toEqual([0, Int32Array.of(1, 0), ['0.20', '0.80']]);
});

test.each(['LayerNorm', 'RMSNorm', 'Shaped'])(
  'the lens after the last write says what the model says, through %s',
  async (norm) => {
    const trace = await run(decoder(norm));
    const logits = await logitsView(trace, { position: 3 });
    const lens = await lensView(trace, { positions: [3, 4], id: logits?.id ?? 0 });
    const last = lens?.cells.slice(-2) ?? [];
    const [third, fourth] = [logits?.top[3]?.[0], logits?.top[4]?.[0]];
    expect(last.map(({ id }) => id)).toEqual([third?.id, fourth?.id]);
    expect(last[0]?.probability).toBeCloseTo(third?.probability ?? Number.NaN);
    expect(last[0]?.chosen).toBeCloseTo(third?.probability ?? Number.NaN);
    expect(last[0]?.rank).toBe(0);
    expect(lens?.steps.map(({ label }) => label)).toEqual([
      'resid_pre',
      'resid_mid',
      'resid_post',
      'resid_mid',
      'resid_post',
      'ln_f',
    ]);
  },
);

test.each(['LayerNorm', 'RMSNorm', 'Shaped'])(
  'every write has its part of a logit, and the heads theirs of a write, through %s',
  async (norm) => {
    const trace = await run(decoder(norm));
    const view = await attributionView(trace, { position: 4, id: 7 });
    if ('none' in view) throw new Error(view.none);
    const logits = await trace.read('logits');
    const bias = await trace.read('b_U');
    const offset = await trace.read('ln_f.offset');
    const weights = await trace.read('W_U');
    const shifted = Array.from(offset?.data ?? []).reduce(
      (sum, each, i) => sum + each * (weights?.data[i * 11 + 7] ?? 0),
      0,
    );
    expect(view.logit).toBeCloseTo(logits?.data[4 * 11 + 7] ?? Number.NaN);
    expect(view.rest).toBeCloseTo((bias?.data[7] ?? Number.NaN) + shifted);
    expect(view.parts.map(({ path, heads }) => `${path} ${heads.length}`)).toEqual([
      'x#0 0',
      'blocks.0.attn.out#1 2',
      'blocks.0.mlp.out#1 0',
      'blocks.1.attn.out#1 2',
      'blocks.1.mlp.out#1 0',
    ]);
    const attention = view.parts[1];
    const together = attention?.heads.reduce((sum, each) => sum + each, 0);
    // The bias of the output projection starts at zero.
    expect(together).toBeCloseTo(attention?.amount ?? Number.NaN);
  },
);

test('a block without an unembedding has no logits, and says so', async () => {
  const trace = await run(`
dims {
  N = 4
  d = 8
}
model M {
  input x: [N, d] = normal(seed: 3)
  output y = PreNormBlock(x, heads: 2) as block
}
run demo for M {
}
`);
  expect(await logitsView(trace, { position: 0 })).toBeUndefined();
  expect(await attributionView(trace, { position: 0, id: 0 })).toEqual({
    none: 'This run has no logits.',
  });
});

test('logits that are bent after the product are not taken apart', async () => {
  const trace = await run(
    decoder('LayerNorm').replace(
      '= Sum(x @ W_U, b_U) as head',
      '= 30 * tanh((x @ W_U + b_U) / 30)',
    ),
  );
  expect(await attributionView(trace, { position: 0, id: 0 })).toEqual({
    none: 'The logits are no plain product of the last state with a matrix.',
  });
  const lens = await lensView(trace, { positions: [2], id: 0 });
  const logits = await logitsView(trace, { position: 2, id: 0 });
  expect(lens?.cells.at(-1)?.chosen).toBeCloseTo(logits?.probabilities[2] ?? Number.NaN);
});

test('behind a patch of the final norm no other state can be read out, and the lens says so', async () => {
  const trace = await run(
    decoder('LayerNorm').replace(
      'run demo for Decoder {',
      'run demo for Decoder {\n  patch ln_f[2] = 0',
    ),
  );
  expect(await logitsView(trace, { position: 0 })).toBeDefined();
  const asked = { view: 'lens', params: { positions: [0], id: 0 } } as const;
  await expect(viewOf(trace, asked)).rejects.toThrow(
    'a patch, or an operator that mixes positions',
  );
});

test('a dimension of the final norm that is patched at every position is patched in the lens too', async () => {
  const text = decoder('LayerNorm');
  const trace = await run(
    text.replace('run demo for Decoder {', 'run demo for Decoder {\n  patch ln_f[:, 2] = 9'),
  );
  const logits = await logitsView(trace, { position: 4 });
  const lens = await lensView(trace, { positions: [4], id: logits?.id ?? 0 });
  expect(lens?.cells.at(-2)?.chosen).toBeCloseTo(logits?.probabilities[4] ?? Number.NaN);
});
