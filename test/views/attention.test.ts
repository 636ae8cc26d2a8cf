import { expect, test } from 'vitest';
import { attentionView, numberText } from '../../src/views/index.ts';
import { matrixText } from './matrix-text.ts';
import { smallTrace } from './small-trace.ts';

const pattern = { layer: 0, scope: 'attn' };

test('one head large, all heads small with their entropy, masked cells marked', async () => {
  const trace = smallTrace(
    { 'attn.pattern': { axes: 'h=2 N=2 N=2', values: [1, 0, 0.5, 0.5, 1, 0, 0.25, 0.75] } },
    { tokens: ['a', 'b'], patterns: [{ path: 'attn.pattern', heads: 2, ...pattern }] },
  );
  const view = await attentionView(trace, { pattern: 0, head: 1 });
  expect(view && matrixText(view.large)).toBe(
    `
        a       b
a       1       ·
b  0.2500  0.7500
sequential 0 … 1, 1 cell = 1 × 1`.slice(1),
  );
  expect(view?.heads.map(({ head, entropy }) => `${head}: ${numberText(entropy)} bits`)).toEqual([
    '0: 0.5000 bits',
    '1: 0.4056 bits',
  ]);
});

test('a pattern of one head needs no heads axis; keys of another text are numbered', async () => {
  const trace = smallTrace(
    { p: { axes: 'N=1 M=3', values: [0.2, 0.3, 0.5] } },
    { tokens: ['q'], patterns: [{ path: 'p', heads: 1, ...pattern }] },
  );
  const view = await attentionView(trace, { pattern: 0, head: 7 });
  expect(view?.head).toBe(0);
  expect(view?.large.rows.labels).toEqual(['q']);
  expect(view?.large.columns.labels).toEqual(['0', '1', '2']);
});

test('thumbnails have at most 64 × 64 cells, the large map has every value', async () => {
  const size = 130;
  const values = Array.from({ length: size * size }, () => 1 / size);
  const trace = smallTrace(
    { p: { axes: `h=1 N=${size} N=${size}`, values } },
    { patterns: [{ path: 'p', heads: 1, ...pattern }] },
  );
  const view = await attentionView(trace, { pattern: 0, head: 0 });
  expect(view?.heads[0]?.map.rows.size).toBe(44);
  expect(view?.heads[0]?.map.stride).toEqual([3, 3]);
  expect(view?.large.values.length).toBe(size * size);
});

test('a run without attention has no such view', async () => {
  expect(await attentionView(smallTrace({}), { pattern: 0, head: 0 })).toBeUndefined();
});
