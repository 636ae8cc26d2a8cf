import { expect, test } from 'vitest';
import { comparisonView, differenceTrace, numberText, tensorView } from '../../src/views/index.ts';
import { tableText } from './matrix-text.ts';
import { smallTrace } from './small-trace.ts';

const inf = Number.POSITIVE_INFINITY;
const now = smallTrace({
  same: { axes: 'N=2', values: [1, 2] },
  little: { axes: 'N=2', values: [1, 2.1] },
  much: { axes: 'N=1 d=2', values: [3, 0] },
  masked: { axes: 'N=2', values: [-inf, 5] },
  wider: { axes: 'N=3', values: [1, 2, 3] },
  new: { axes: 'N=1', values: [1] },
});
const before = smallTrace({
  same: { axes: 'N=2', values: [1, 2] },
  little: { axes: 'N=2', values: [1, 2] },
  much: { axes: 'N=1 d=2', values: [0, 4] },
  masked: { axes: 'N=2', values: [-inf, 5] },
  wider: { axes: 'N=2', values: [1, 2] },
  old: { axes: 'N=1', values: [1] },
});

test('what differs most comes first; masked in both is the same', async () => {
  const { rows } = await comparisonView(differenceTrace(now, before));
  const cells = rows.map(({ path, kind, relative, largest, cosine }) => [
    path,
    kind,
    ...[relative, largest, cosine].map(numberText),
  ]);
  expect(tableText(cells)).toBe(
    `
  much   different    1.250       4       0
little   different  0.04472  0.1000  0.9998
 wider       shape      NaN     NaN     NaN
   new   only here      NaN     NaN     NaN
   old  only there      NaN     NaN     NaN
  same        same        0       0       1
masked        same        0       0       1`.slice(1),
  );
});

test('of more than two axes the slice with the largest difference is the one to begin with', async () => {
  const values = Array.from({ length: 24 }, (_, i) => i);
  const axes = 'layers=2 heads=3 N=2 d=2';
  const changed = smallTrace({ z: { axes, values: values.with(5, 5.5).with(18, 30) } });
  const { rows } = await comparisonView(
    differenceTrace(changed, smallTrace({ z: { axes, values } })),
  );
  expect(rows.map(({ largest, slice }) => [largest, slice])).toEqual([[12, [1, 1]]]);
});

test('a difference is looked at like any tensor', async () => {
  const difference = differenceTrace(now, before);
  const view = await tensorView(difference, { path: 'much', slice: [] });
  expect([...(view?.matrix.values ?? [])]).toEqual([3, -4]);
  expect(await tensorView(difference, { path: 'wider', slice: [] })).toBeUndefined();
});
