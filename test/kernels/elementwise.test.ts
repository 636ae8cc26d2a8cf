import { beforeAll, describe, test } from 'vitest';
import type { BinaryFunction, Strided, UnaryFunction } from '../../src/kernels/index.ts';
import { binaryFunctions, unaryFunctions } from './interpret.ts';
import { dense, numbers, openWorkbenches, type Workbench } from './workbench.ts';

let benches: readonly Workbench[];
beforeAll(async () => {
  benches = await openWorkbenches();
});

/** Where functions change their ways: zeros, ones, the ends of float32 and what is no number. */
const corners = [
  ...[0, -0, 0.5, -0.5, 1, -1, 2, -2, 3, 0.625, -0.625, 1e-3, -1e-3, 1e-7, 1e-20, -1e-20],
  ...[1e-38, 1e-40, -1e-40, 1.4e-45, 5, -5, 9.5, -9.5, 13, -13, 40, -40, 87, -87, 88.5, -88.5],
  ...[88.72, 89, -90, -103, -104, -110, 200, -200, 1e4, -1e4, 1e10, -1e10, 3e38, -3e38],
  ...[Infinity, -Infinity, Number.NaN, Math.PI, -Math.PI, Math.PI / 2, 100, -100, 8191, 8193],
];

describe('unary', () => {
  const steps = Array.from({ length: 4001 }, (_, i) => (i - 2000) / 100);
  const inputs = Float32Array.from([...corners, ...steps, ...steps.map((x) => Math.exp(x))]);

  test.each(unaryFunctions)('%s over its whole range', async (fn: UnaryFunction) => {
    // Sine and cosine have no more digits near their roots, and the exponent of gelu_tanh is a rounded product.
    const size = fn === 'sin' || fn === 'cos' ? 1 : 1e-30;
    const tolerance = fn === 'gelu_tanh' ? 2e-5 : 1e-6;
    for (const bench of benches) {
      const [x, y] = [bench.place(inputs), bench.room(inputs.length)];
      await bench.check(
        [{ kind: 'unary', fn, rows: inputs.length, columns: 1, x, y }],
        tolerance,
        size,
      );
    }
  });

  test('any number of rows and columns, also in place', async () => {
    for (const bench of benches) {
      for (const [rows, columns] of [
        [0, 4],
        [1, 1],
        [3, 3],
        [1, 7],
        [5, 64],
        [7, 1025],
      ] as const) {
        const x = bench.place(numbers(rows * columns, 1));
        await bench.check([{ kind: 'unary', fn: 'exp', rows, columns, x, y: x }], 1e-6);
      }
    }
  });
});

describe('binary', () => {
  test.each(binaryFunctions)('%s of every pair of corner cases', async (fn: BinaryFunction) => {
    const length = corners.length;
    for (const bench of benches) {
      const values = bench.place(corners);
      const a = { address: values, strides: [1, 0] };
      const b = { address: values, strides: [0, 1] };
      const y = bench.room(length * length);
      await bench.check([{ kind: 'binary', fn, shape: [length, length], a, b, y }], 1e-6);
    }
  });

  test('any strides of up to six axes', async () => {
    for (const bench of benches) {
      for (const shape of shapes) {
        for (const strides of layouts(shape)) {
          const a = tensorOf(bench, shape, strides[0], 1);
          const b = tensorOf(bench, shape, strides[1], 2);
          const y = bench.room(countOf(shape));
          await bench.check([{ kind: 'binary', fn: 'subtract', shape, a, b, y }], 0);
        }
      }
    }
  });
});

describe('where and copy', () => {
  test('where, any strides', async () => {
    for (const bench of benches) {
      for (const shape of shapes) {
        for (const [a, b, c] of layouts(shape)) {
          const condition = tensorOf(bench, shape, c, 3);
          // Some conditions are 0.
          const values = bench.read(condition.address, 2);
          values[0] = 0;
          const [yes, no] = [tensorOf(bench, shape, a, 1), tensorOf(bench, shape, b, 2)];
          const y = bench.room(countOf(shape));
          await bench.check([{ kind: 'where', shape, condition, a: yes, b: no, y }], 0);
        }
      }
    }
  });

  test('copies turn, spread and repeat tensors', async () => {
    for (const bench of benches) {
      for (const shape of [...shapes, [2, 1, 3, 1, 2, 2, 1, 3]]) {
        for (const [x] of layouts(shape)) {
          const from = tensorOf(bench, shape, x, 1);
          const y = { address: bench.room(countOf(shape)), strides: dense(shape) };
          await bench.check([{ kind: 'copy', shape, x: from, y }], 0);
        }
        const x = tensorOf(bench, shape, dense(shape), 1);
        const spread = dense(shape).map((stride) => stride * 2);
        const y = { address: bench.room(2 * countOf(shape)), strides: spread };
        await bench.check([{ kind: 'copy', shape, x, y }], 0);
      }
    }
  });
});

const shapes: readonly (readonly number[])[] = [
  [],
  [1],
  [5],
  [0, 3],
  [3, 0],
  [2, 3],
  [4, 1100],
  [3, 1, 9],
  [2, 3, 4, 5],
  [2, 1, 3, 2, 1, 3],
];

const countOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** Strides side by side, turned round, of the last axis only, of all but the last, and of nothing, in some pairings. */
function layouts(shape: readonly number[]): readonly (readonly [number[], number[], number[]])[] {
  const side = dense(shape);
  const turned = dense(shape.toReversed()).toReversed();
  const last = side.map((stride, axis) => (axis === shape.length - 1 ? stride : 0));
  const outer = dense(shape.slice(0, -1)).concat(shape.length > 0 ? [0] : []);
  const none = shape.map(() => 0);
  return [
    [side, side, side],
    [side, last, none],
    [turned, side, outer],
    [none, outer, side],
    [outer, turned, last],
    [none, none, none],
  ];
}

function tensorOf(
  bench: Workbench,
  shape: readonly number[],
  strides: readonly number[],
  seed: number,
): Strided {
  const length = shape.reduce((sum, count, axis) => sum + (count - 1) * (strides[axis] ?? 0), 1);
  return { address: bench.place(numbers(Math.max(length, 2), seed)), strides };
}
