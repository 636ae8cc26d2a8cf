import { expect, test } from 'vitest';
import {
  facetsView,
  histogramOf,
  statisticsOf,
  tensorText,
  tensorView,
  tensorWindow,
} from '../../src/views/index.ts';
import { matrixText } from './matrix-text.ts';
import { smallTrace } from './small-trace.ts';

test('the last two axes at an index of the others', async () => {
  const values = Array.from({ length: 12 }, (_, i) => i);
  const trace = smallTrace({ t: { axes: 'h=3 N=2 d=2', values } });
  const view = await tensorView(trace, { path: 't', slice: [1] });
  expect(view && matrixText(view.matrix)).toBe(
    `
    d0  d1
N0   4   5
N1   6   7
diverging −7 … 7, 1 cell = 1 × 1`.slice(1),
  );
  expect(view?.statistics).toMatchObject({ count: 12, mean: 5.5, min: 0, max: 11, zeros: 1 });
});

test('a slice that does not fit is made to fit', async () => {
  const trace = smallTrace({ t: { axes: 'a=2 b=2 N=1 d=1', values: [1, 2, 3, 4] } });
  const view = await tensorView(trace, { path: 't', slice: [9] });
  expect(view?.slice).toEqual([1, 0]);
  expect([...(view?.matrix.values ?? [])]).toEqual([3]);
});

test('a scalar is one cell, a vector one row, integers are sequential', async () => {
  const trace = smallTrace({
    loss: { axes: '', values: [2.5] },
    ids: { axes: 'N=3', values: [7, 0, 5], dtype: 'int' },
  });
  const loss = await tensorView(trace, { path: 'loss', slice: [] });
  const ids = await tensorView(trace, { path: 'ids', slice: [] });
  expect([...(loss?.matrix.values ?? [])]).toEqual([2.5]);
  expect(ids && matrixText(ids.matrix)).toBe(
    '   N0  N1  N2\n0   7   0   5\nsequential 0 … 7, 1 cell = 1 × 1',
  );
});

test('an alias finds its tensor, an unknown path nothing', async () => {
  const trace = smallTrace(
    { 'x#2': { axes: 'd=1', values: [1] } },
    { aliases: new Map([['x', 'x#2']]) },
  );
  expect((await tensorView(trace, { path: 'x', slice: [] }))?.path).toBe('x#2');
  expect(await tensorView(trace, { path: 'y', slice: [] })).toBeUndefined();
});

test('statistics are over the finite values and count the others', () => {
  const values = [1, 3, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  expect(statisticsOf(values)).toEqual({
    count: 7,
    mean: 1,
    std: Math.sqrt(6 / 4),
    min: 0,
    max: 3,
    norm: Math.sqrt(10),
    nan: 1,
    infinite: 2,
    zeros: 2,
  });
});

test('a large mean does not swallow a small deviation', () => {
  expect(statisticsOf(Float64Array.of(1e9, 1e9 + 2)).std).toBe(1);
});

test('bins are equal, the last one includes its edge, infinities are left out', () => {
  expect(histogramOf([0, 1, 2, 3, 4, Number.POSITIVE_INFINITY], 4)).toEqual({
    low: 0,
    high: 4,
    counts: [1, 1, 1, 2],
  });
  expect(histogramOf([2, 2])).toEqual({ low: 2, high: 2, counts: [2] });
  expect(histogramOf([Number.NaN])).toEqual({ low: 0, high: 0, counts: [] });
});

const cube = smallTrace({
  t: { axes: 'h=2 N=2 d=3', values: Array.from({ length: 12 }, (_, i) => i) },
});

test('any two axes make a map, the other ones are sliced', async () => {
  const view = await tensorView(cube, { path: 't', slice: [1], plane: [2, 0] });
  expect(view && matrixText(view.matrix)).toBe(
    `
    h0  h1
d0   3   9
d1   4  10
d2   5  11
diverging −11 … 11, 1 cell = 1 × 1`.slice(1),
  );
});

test('a window onto a slice holds its values in their place', async () => {
  const window = { top: 1, left: 1, rows: 9, columns: 2 };
  const part = await tensorWindow(cube, { path: 't', slice: [1], window });
  expect([part?.offset, [...(part?.values ?? [])]]).toEqual([
    [1, 1],
    [10, 11],
  ]);
});

test('facets are the plane for every index of the other axes, in one range', async () => {
  const four = smallTrace({
    t: { axes: 'L=2 h=2 N=1 d=1', values: [1, 2, 3, -4] },
    m: { axes: 'N=1 d=1', values: [1] },
  });
  const view = await facetsView(four, { path: 't', slice: [] });
  expect([view?.down?.name, view?.across.name]).toEqual(['L', 'h']);
  expect(view?.maps.map(({ values, low, high }) => [...values, low, high])).toEqual([
    [1, -4, 4],
    [2, -4, 4],
    [3, -4, 4],
    [-4, -4, 4],
  ]);
  expect(await facetsView(four, { path: 'm', slice: [] })).toBeUndefined();
});

test('a slice as NumPy, Markdown and CSV, read back as the same float32', async () => {
  const odd = smallTrace({
    t: { axes: 'N=2 d=2', values: [0.1, Number.NaN, Number.NEGATIVE_INFINITY, 3] },
  });
  const text = (format: 'numpy' | 'markdown' | 'csv') =>
    tensorText(odd, { path: 't', slice: [], format });
  expect(await text('numpy')).toBe(
    'np.array([[0.1, np.nan],\n          [-np.inf, 3]], dtype=np.float32)',
  );
  expect(await text('csv')).toBe('0.1,nan\n-inf,3\n');
  expect(await text('markdown')).toBe(
    '|  | 0 | 1 |\n| ---: | ---: | ---: |\n| 0 | 0.1 | nan |\n| 1 | -inf | 3 |\n',
  );
});
