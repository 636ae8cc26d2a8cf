/** The view of a family's metrics. */
import { expect, test } from 'vitest';
import { sweepView } from '../../src/views/index.ts';

const sweep = {
  axes: [
    { name: 'l', values: [2, 3] },
    { name: 'h', values: [0, 1] },
    { name: 'i', values: [5, 6, 7] },
  ],
  metrics: [
    { name: 'drop', values: Float64Array.from({ length: 12 }, (_, i) => i - 4) },
    { name: 'gap', values: new Float64Array(12).fill(Number.NaN) },
  ],
};

test('the last two variables span the map, the others have an index', () => {
  const view = sweepView({ sweep }, { metric: 0, slice: [1] });
  expect(view?.matrix).toMatchObject({
    rows: { name: 'h', size: 2, labels: ['0', '1'] },
    columns: { name: 'i', size: 3, labels: ['5', '6', '7'] },
    values: Float32Array.of(2, 3, 4, 5, 6, 7),
    scale: 'sequential',
  });
  expect(view?.slice).toEqual([1]);
});

test('a metric with negative values diverges about 0', () => {
  const view = sweepView({ sweep }, { metric: 0, slice: [0] });
  expect(view?.matrix).toMatchObject({ scale: 'diverging', low: -4, high: 4 });
});

test('least and greatest are over all variables, and NaN is neither', () => {
  const view = sweepView({ sweep }, { metric: 0, slice: [0] });
  expect(view?.extremes).toEqual({
    least: { at: [2, 0, 5], value: -4 },
    greatest: { at: [3, 1, 7], value: 7 },
  });
  expect(sweepView({ sweep }, { metric: 1, slice: [0] })?.extremes).toBeUndefined();
});

test('one variable is a row, and none a single cell', () => {
  const metrics = [{ name: 'm', values: Float64Array.of(1, 2) }];
  const row = sweepView(
    { sweep: { axes: [{ name: 'l', values: [0, 1] }], metrics } },
    { metric: 0, slice: [] },
  );
  expect(row?.matrix).toMatchObject({ rows: { size: 1, labels: ['m'] }, columns: { size: 2 } });
  const plain = { axes: [], metrics: [{ name: 'm', values: Float64Array.of(3) }] };
  const cell = sweepView({ sweep: plain }, { metric: 0, slice: [] });
  expect(cell?.matrix.values).toEqual(Float32Array.of(3));
});

test('what does not fit is made to fit, and a run without metrics has no view', () => {
  expect(sweepView({ sweep }, { metric: 9, slice: [9] })).toMatchObject({ metric: 1, slice: [1] });
  expect(sweepView({ sweep: undefined }, { metric: 0, slice: [] })).toBeUndefined();
});
