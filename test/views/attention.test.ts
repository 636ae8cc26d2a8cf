import { expect, test } from 'vitest';
import {
  attentionHeadsView,
  attentionView,
  attentionWindow,
  headScores,
  numberText,
  thumbnailValue,
  whyScoreView,
} from '../../src/views/index.ts';
import { run } from '../session/run-text.ts';
import { matrixText, tableText } from './matrix-text.ts';
import { smallTrace } from './small-trace.ts';

const pattern = { layer: 0, scope: 'attn' };
const asked = { kind: 'head', pattern: 0, head: 0, token: 0, weighted: false } as const;

/** Two heads: one looks back, the other at itself. */
const trace = smallTrace(
  {
    'attn.pattern': {
      axes: 'h=2 N=3 N=3',
      values: [1, 0, 0, 1, 0, 0, 0, 0.75, 0.25, 1, 0, 0, 0.5, 0.5, 0, 0, 0, 1],
    },
    ids: { axes: 'N=3', values: [7, 8, 7], dtype: 'int' },
  },
  { tokens: ['a', 'b', 'a'], patterns: [{ path: 'attn.pattern', heads: 2, ...pattern }] },
);

test('one head large, masked cells marked, and the weights from and to a token', async () => {
  const view = await attentionView(trace, { ...asked, head: 1, token: 1 });
  expect(view && matrixText(view.map)).toBe(
    `
        a       b  a
a       1       ·  ·
b  0.5000  0.5000  ·
a       ·       ·  1
sequential 0 … 1, 1 cell = 1 × 1`.slice(1),
  );
  expect([...(view?.fromToken ?? [])]).toEqual([0.5, 0.5, 0]);
  expect([...(view?.toToken ?? [])]).toEqual([0, 0.5, 0]);
});

test('every head small and in numbers', async () => {
  const view = await attentionHeadsView(trace);
  const rows = view?.layers.flatMap(({ heads }) =>
    heads.map((scores) => Object.values(scores).map((value) => numberText(value ?? Number.NaN))),
  );
  expect(
    tableText([['entropy', 'distance', 'first', 'previous', 'self', 'induction'], ...(rows ?? [])]),
  ).toBe(
    `
entropy  distance   first  previous    self  induction
 0.2704    0.5833  0.6667    0.8750  0.4167        NaN
 0.3333    0.1667  0.5000    0.2500  0.8333        NaN`.slice(1),
  );
  const cells = [...(view?.layers[0]?.thumbnails.subarray(0, 3) ?? [])];
  expect(cells.map(thumbnailValue)).toEqual([1, 0, 0]);
});

test('a thumbnail keeps what is not finite', async () => {
  const values = [Number.NaN, 0.5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const broken = smallTrace(
    { p: { axes: 'h=1 N=2 N=2', values } },
    { patterns: [{ path: 'p', heads: 1, ...pattern }] },
  );
  const view = await attentionHeadsView(broken);
  const cells = [...(view?.layers[0]?.thumbnails ?? [])].map(thumbnailValue);
  expect(cells.map((cell) => Math.round(cell * 100) / 100)).toEqual([
    Number.NaN,
    0.5,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ]);
});

test('induction is the weight on what followed the same token before', () => {
  const map = [1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0.75, 0.25, 0];
  expect(headScores(map, { queries: 4, keys: 4 }, [5, 6, 7, 5]).induction).toBe(0.75);
  expect(headScores(map, { queries: 4, keys: 4 }, [1, 2, 3, 4]).induction).toBeUndefined();
});

test('the mean of the heads, of the model, and what has come through up to a layer', async () => {
  const layers = smallTrace(
    {
      a: { axes: 'N=2 N=2', values: [1, 0, 0.5, 0.5] },
      b: { axes: 'N=2 N=2', values: [1, 0, 1, 0] },
    },
    {
      patterns: [
        { path: 'a', heads: 1, ...pattern },
        { path: 'b', heads: 1, layer: 1, scope: 'b' },
      ],
    },
  );
  const values = async (kind: 'model' | 'rollout') => [
    ...((await attentionView(layers, { ...asked, kind, pattern: 1 }))?.map.values ?? []),
  ];
  expect(await values('model')).toEqual([1, 0, 0.75, 0.25]);
  // (½·b + ½·I)·(½·a + ½·I)
  expect(await values('rollout')).toEqual([1, 0, 0.625, 0.375]);
});

test('a pattern of one head needs no heads axis; keys of another text are numbered', async () => {
  const cross = smallTrace(
    { p: { axes: 'N=1 M=3', values: [0.2, 0.3, 0.5] } },
    { tokens: ['q'], patterns: [{ path: 'p', heads: 1, ...pattern }] },
  );
  const view = await attentionView(cross, { ...asked, head: 7 });
  expect(view?.head).toBe(0);
  expect(view?.map.rows.labels).toEqual(['q']);
  expect(view?.map.columns.labels).toEqual(['0', '1', '2']);
});

test('a long text is sent pooled, a window of it exact, in its place', async () => {
  const size = 1500;
  const values = Array.from({ length: size * size }, (_, i) => (i % size) / size);
  const long = smallTrace(
    { p: { axes: `h=1 N=${size} N=${size}`, values } },
    { patterns: [{ path: 'p', heads: 1, ...pattern }] },
  );
  const view = await attentionView(long, asked);
  expect([view?.map.rows.size, view?.map.stride]).toEqual([500, [3, 3]]);
  const window = { top: 1000, left: 1200, rows: 2, columns: 3 };
  const part = await attentionWindow(long, { ...asked, window });
  expect(part && [...part.values].map(numberText)).toEqual(
    [0.8, 1201 / 1500, 1202 / 1500, 0.8, 1201 / 1500, 1202 / 1500].map(numberText),
  );
  expect(part?.offset).toEqual([1000, 1200]);
});

test('why a score: the products of q and k, and every stage up to the weight', async () => {
  const real = await run(`
dims {
  N = 4
  d = 8
}
model M {
  input x: [N, d] = normal(seed: 3)
  output y = MultiHeadAttention(x, heads: 2, causal: true) as attn
}
run demo for M {
}
`);
  const place = { pattern: 0, head: 1, query: 3, key: 1 };
  const why = await whyScoreView(real, place);
  const sum = why?.products.reduce((total, { product }) => total + product, 0);
  const weights = await real.read('attn.pattern');
  expect(why?.stages.map(({ operator }) => operator)).toEqual([
    'matmul',
    'multiply',
    'causal_mask',
    'softmax',
  ]);
  expect(sum).toBeCloseTo(why?.stages[0]?.value ?? Number.NaN);
  expect(why?.stages[1]?.value).toBeCloseTo((sum ?? 0) / Math.sqrt(4));
  expect(why?.stages[3]?.value).toBeCloseTo(weights?.data[(1 * 4 + 3) * 4 + 1] ?? Number.NaN);
});

test('a weight times the norm of the value that it brings', async () => {
  const real = await run(`
dims {
  N = 2
  k = 2
}
model M {
  input p: [N, N] = [[4, -9], [0, 0]]
  input v: [N, k] = [[3, 4], [0, 1]]
  pattern = softmax(p)
  output y = pattern @ v
}
run demo for M {
}
`);
  const view = await attentionView(real, { ...asked, weighted: true });
  expect([...(view?.map.values ?? [])].map(numberText)).toEqual([
    '1.000',
    numberText(Math.exp(-13) / (1 + Math.exp(-13)) / 5),
    '0.5000',
    '0.1000',
  ]);
});

test('a run without attention has no such view', async () => {
  expect(await attentionView(smallTrace({}), asked)).toBeUndefined();
  expect(await attentionHeadsView(smallTrace({}))).toBeUndefined();
});
