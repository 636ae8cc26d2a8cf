import { beforeAll, describe, test } from 'vitest';
import type { Reduction } from '../../src/kernels/index.ts';
import { numbers, openWorkbenches, type Workbench } from './workbench.ts';

let benches: readonly Workbench[];
beforeAll(async () => {
  benches = await openWorkbenches();
});

const views = [
  { outer: 1, length: 1, inner: 1 },
  { outer: 3, length: 5, inner: 1 },
  { outer: 2, length: 16, inner: 1 },
  { outer: 2, length: 5000, inner: 1 },
  { outer: 2, length: 4, inner: 3 },
  { outer: 3, length: 7, inner: 1030 },
  { outer: 0, length: 3, inner: 2 },
  { outer: 2, length: 3, inner: 0 },
] as const;

const countOf = ({ outer, length, inner }: (typeof views)[number]) => outer * length * inner;

describe('reductions', () => {
  const reductions = ['argmax', 'max', 'mean', 'min', 'norm', 'std', 'sum', 'var'] as const;

  test.each(reductions)('%s', async (fn: Reduction) => {
    for (const bench of benches) {
      for (const view of views) {
        const x = bench.place(numbers(countOf(view), 1).map((value) => value + 3));
        const y = bench.room(view.outer * view.inner);
        await bench.check([{ kind: 'reduce', fn, ...view, x, y }], 2e-6);
      }
    }
  });

  test('nothing to add', async () => {
    for (const bench of benches) {
      for (const fn of ['sum', 'mean', 'var', 'norm'] as const) {
        for (const inner of [1, 3]) {
          const [x, y] = [bench.place([]), bench.room(2 * inner)];
          await bench.check([{ kind: 'reduce', fn, outer: 2, length: 0, inner, x, y }], 0);
        }
      }
    }
  });

  test('NaN is the largest and the smallest; the first place of the largest only where it comes first', async () => {
    const lines = [
      [Number.NaN, 1, 2, 3, 4],
      [1, Number.NaN, 2, 5, 5],
      [-Infinity, -Infinity, -Infinity, -Infinity, -Infinity],
      [0, 0, 0, 0, Number.NaN],
      [1, 2, 3, 4, Infinity],
      [Number.NaN, Number.NaN, Number.NaN, Number.NaN, Number.NaN],
    ];
    const turned = lines[0]?.map((_, l) => lines.map((line) => line[l] as number)) as number[][];
    for (const bench of benches) {
      for (const fn of ['max', 'min', 'argmax', 'sum'] as const) {
        const [x, y] = [bench.place(lines.flat()), bench.room(6)];
        await bench.check([{ kind: 'reduce', fn, outer: 6, length: 5, inner: 1, x, y }], 0);
        const [across, z] = [bench.place(turned.flat()), bench.room(6)];
        const view = { outer: 1, length: 5, inner: 6 };
        await bench.check([{ kind: 'reduce', fn, ...view, x: across, y: z }], 0);
      }
    }
  });
});

describe('softmax', () => {
  test.each([false, true])('logarithm: %s', async (log) => {
    for (const bench of benches) {
      for (const view of views) {
        const x = bench.place(numbers(countOf(view), 1).map((value) => value * 10));
        const y = bench.room(countOf(view));
        await bench.check([{ kind: 'softmax', log, ...view, x, y }], 2e-6);
      }
    }
  });

  test.each([false, true])('scores that are large, -inf or NaN; logarithm: %s', async (log) => {
    const lines = [
      [0, -Infinity, -Infinity, -Infinity, -Infinity],
      [-1e4, -1e4, -Infinity, 0, 1e4],
      [-Infinity, -Infinity, -Infinity, -Infinity, -Infinity],
      [1e4, 1e4, 1e4, 1e4, 1e4],
      [1, Number.NaN, 2, 3, 4],
      [1, Infinity, 2, 3, 4],
      [-1e30, 0, 1e30, 1, 2],
    ];
    const turned = lines[0]?.map((_, l) => lines.map((line) => line[l] as number)) as number[][];
    for (const bench of benches) {
      const [x, y] = [bench.place(lines.flat()), bench.room(35)];
      await bench.check([{ kind: 'softmax', log, outer: 7, length: 5, inner: 1, x, y }], 1e-6);
      const across = { outer: 1, length: 5, inner: 7, x: bench.place(turned.flat()) };
      await bench.check([{ kind: 'softmax', log, ...across, y: bench.room(35) }], 1e-6);
    }
  });

  test('in place', async () => {
    for (const bench of benches) {
      for (const inner of [1, 5]) {
        const x = bench.place(numbers(6 * 9 * inner, 4));
        const view = { outer: 6, length: 9, inner };
        await bench.check([{ kind: 'softmax', log: false, ...view, x, y: x }], 1e-6);
      }
    }
  });
});

test('running sums', async () => {
  for (const bench of benches) {
    for (const view of views) {
      const [x, y] = [bench.place(numbers(countOf(view), 1)), bench.room(countOf(view))];
      await bench.check([{ kind: 'cumulative sum', ...view, x, y }], 2e-6);
    }
  }
});

test('masks: causal, windows, and bounds that are infinite', async () => {
  for (const bench of benches) {
    for (const [lowest, highest] of [
      [-Infinity, 0],
      [-2, 2],
      [0, Infinity],
      [3, -3],
      [-Infinity, Infinity],
      [-100, -90],
      [90, 100],
    ] as const) {
      for (const [matrices, rows, columns] of [
        [1, 1, 1],
        [2, 5, 9],
        [3, 9, 5],
        [2, 0, 5],
        [2, 5, 0],
      ] as const) {
        const count = matrices * rows * columns;
        const [x, y] = [bench.place(numbers(count, 1)), bench.room(count)];
        const size = { matrices, rows, columns };
        await bench.check([{ kind: 'mask', ...size, lowest, highest, x, y }], 0);
      }
    }
  }
});

test.each([true, false])('rotated pairs, by halves: %s', async (half) => {
  for (const bench of benches) {
    for (const [width, rotated] of [
      [8, 8],
      [10, 6],
      [22, 22],
      [64, 64],
      [4, 0],
    ] as const) {
      const [sequences, positions] = [3, 5];
      const angles = numbers((positions * rotated) / 2, 2).map((value) => value * 9);
      const x = bench.place(numbers(sequences * positions * width, 1));
      const tables = {
        cosines: bench.place(angles.map(Math.cos)),
        sines: bench.place(angles.map(Math.sin)),
      };
      const y = bench.room(sequences * positions * width);
      const size = { sequences, positions, width, rotated };
      await bench.check([{ kind: 'rope', ...size, half, ...tables, x, y }], 1e-6);
    }
  }
});

test('rows looked up in a table', async () => {
  for (const bench of benches) {
    for (const width of [1, 3, 64]) {
      const indices = bench.place([3, 0, 9, 9, 1]);
      const [table, y] = [bench.place(numbers(10 * width, 1)), bench.room(5 * width)];
      await bench.check([{ kind: 'gather', rows: 5, width, indices, table, y }], 0);
    }
  }
});
