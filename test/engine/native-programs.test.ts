/** The GPU's own programs against the float64 reference, in every form that operators give them. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Backend } from '../../src/engine/index.ts';
import { type AttributeValue, type Op, ops } from '../../src/ops/index.ts';
import { GraphBuilder, type SmallGraph, sampleValues } from './small-graphs.ts';
import { largestError, lastValues, openBackend, referenceValues } from './test-backends.ts';

// A software adapter compiles slowly.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let backend: Backend;
beforeAll(async () => {
  backend = await openBackend('gpu.js webgpu');
});
afterAll(() => backend.close());

const product = recordOf('matmul');
const contraction = recordOf('einsum');

test.each([
  ['a row', [1, 300], [300, 70], [1, 70]],
  ['a vector', [300], [300, 70], [70]],
  ['a column', [70, 33], [33, 1], [70, 1]],
  ['one number', [1, 513], [513, 1], [1, 1]],
  ['few rows', [16, 40], [40, 130], [16, 130]],
  ['few columns', [130, 40], [40, 7], [130, 7]],
  ['tiles with an edge', [65, 17], [17, 129], [65, 129]],
  ['whole tiles', [128, 32], [32, 64], [128, 64]],
  ['nothing to sum', [20, 0], [0, 20], [20, 20]],
  ['stacks that broadcast', [2, 1, 20, 18], [3, 18, 21], [2, 3, 20, 21]],
  ['a matrix for a stack', [3, 2, 20, 18], [18, 30], [3, 2, 20, 30]],
] as const)('multiplies %s: %o by %o', async (_, a, b, shape) => {
  await expectReference(applied(product, { a: [a], b: [b] }, shape));
});

test.each([
  ['h n k, h m k -> h n m', [3, 70, 20], [3, 40, 20], [3, 70, 40]],
  ['h n m, h m k -> h n k', [3, 40, 70], [3, 70, 20], [3, 40, 20]],
  ['n d, h d k -> h n k', [66, 30], [4, 30, 20], [4, 66, 20]],
  ['n d, h d k -> n h k', [66, 30], [4, 30, 20], [66, 4, 20]],
  ['k n, k m -> m n', [33, 70], [33, 40], [40, 70]],
  ['b n k, b m k -> n b m', [2, 20, 9], [2, 30, 9], [20, 2, 30]],
  ['... n k, m k -> ... n m', [2, 3, 20, 9], [30, 9], [2, 3, 20, 30]],
  [
    'a b c d e f g h n k, k m -> a b c d e f g h n m',
    [1, 2, 1, 1, 2, 1, 1, 2, 3, 5],
    [5, 4],
    [1, 2, 1, 1, 2, 1, 1, 2, 3, 4],
  ],
  [
    'z a b c d e f g h n k, k m -> z a b c d e f g h n m',
    [2, 1, 2, 1, 1, 2, 1, 1, 2, 3, 5],
    [5, 4],
    [2, 1, 2, 1, 1, 2, 1, 1, 2, 3, 4],
  ],
] as const)('contracts %s', async (equation, a, b, shape) => {
  await expectReference(applied(contraction, { operands: [a, b] }, shape, { equation }));
});

test('leaves more matrices than a dispatch has groups to the kernel of the record', async () => {
  const shapes = { a: [[65_537, 1, 2]], b: [[65_537, 2, 1]] };
  await expectReference(applied(product, shapes, [65_537, 1, 1]));
});

test('keeps infinities and NaN where they belong', async () => {
  const builder = new GraphBuilder();
  const a = builder.input('a', [2, 2], [Infinity, 1, Number.NaN, 1]);
  const b = builder.input('b', [2, 2], [1, -1, 0, 0]);
  builder.apply(product, { a, b }, [2, 2]);
  const values = [...(await lastValues(backend, builder.build()))];
  expect(values).toEqual([Infinity, -Infinity, Number.NaN, Number.NaN]);
});

describe.each(['sum', 'mean', 'max', 'min', 'norm', 'var', 'std'])('%s', (name) => {
  test.each([
    [7, 31],
    [7, 32],
    [3, 50],
    [2, 1024],
    [1, 3000],
  ])('of %i rows of %i', async (...shape) => {
    const op = recordOf(name);
    const statics = { axis: -1, keepdims: false };
    await expectReference(applied(op, { x: [shape] }, shape.slice(0, 1), statics));
  });

  test('over all values', async () => {
    const statics = { axis: null, keepdims: false };
    await expectReference(applied(recordOf(name), { x: [[4, 5, 300]] }, [], statics));
  });
});

describe.each(['softmax', 'log_softmax'])('%s', (name) => {
  const op = recordOf(name);

  test.each([
    [7, 31],
    [7, 32],
    [3, 50],
    [2, 1024],
    [1, 3000],
  ])('of %i rows of %i', async (...shape) => {
    await expectReference(applied(op, { x: [shape] }, shape, { axis: -1 }));
  });

  test('of masked rows', async () => {
    const builder = new GraphBuilder();
    const values = sampleValues(4 * 64).map((value, i) =>
      i % 64 > i / 64 ? -Infinity : 900 * value,
    );
    values.fill(-Infinity, 3 * 64);
    const x = builder.input('x', [4, 64], values);
    builder.apply(op, { x }, [4, 64], { attributes: { axis: -1 } });
    await expectReference(builder.build());
  });
});

async function expectReference(small: SmallGraph): Promise<void> {
  const [actual, expected] = [await lastValues(backend, small), await referenceValues(small)];
  expect(largestError(actual, expected)).toBeLessThan(1e-5);
}

type Lengths = readonly number[];

function applied(
  op: Op,
  shapes: Readonly<Record<string, readonly Lengths[]>>,
  shape: Lengths,
  attributes: Readonly<Record<string, AttributeValue>> = {},
): SmallGraph {
  const builder = new GraphBuilder();
  let seed = 0;
  const operands = Object.entries(shapes).map(([name, parts]) => {
    const inputs = parts.map((lengths, part) => {
      const count = lengths.reduce((all, length) => all * length, 1);
      seed++;
      return builder.input(`${name}${part}`, lengths, sampleValues(count, seed));
    });
    return [name, inputs] as const;
  });
  builder.apply(op, Object.fromEntries(operands), shape, { attributes });
  return builder.build();
}

function recordOf(name: string): Op {
  const op = ops.find((each) => each.name === name);
  if (op === undefined) throw new Error(`There is no operator ${name}.`);
  return op;
}
