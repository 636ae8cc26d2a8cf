import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Backend, RunFault, RunStopped } from '../../src/engine/index.ts';
import { type Op, OpFault } from '../../src/ops/index.ts';
import { GraphBuilder, quietControl, type SmallGraph, sampleValues } from './small-graphs.ts';
import {
  gpuJsBackends,
  largestError,
  lastValues,
  openBackend,
  referenceValues,
} from './test-backends.ts';
import * as ops from './tiny-operators.ts';

describe.each(gpuJsBackends)('%s', (name) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await openBackend(name);
  });
  afterAll(() => backend.close());

  const expectReference = async (small: SmallGraph) => {
    const [actual, expected] = [await lastValues(backend, small), await referenceValues(small)];
    expect(largestError(actual, expected)).toBeLessThan(1e-5);
  };

  test('multiplies matrices', () => expectReference(product(7, 5, 3)));

  test('gives the right rows when N changes, with the kernel compiled for another N', async () => {
    for (const rows of [4, 16, 3, 65, 1]) await expectReference(product(rows, 8, 6));
  });

  test('runs an operator of several kernels', async () => {
    const builder = new GraphBuilder();
    builder.apply(ops.softmax, { x: builder.input('x', [5, 9], sampleValues(45)) }, [5, 9]);
    await expectReference(builder.build());
  });

  test('broadcasts by tables of strides', async () => {
    const builder = new GraphBuilder();
    const a = builder.input('a', [2, 1, 4], sampleValues(8));
    const b = builder.input('b', [3, 1], sampleValues(3, 2));
    builder.apply(ops.add, { a, b }, [2, 3, 4]);
    await expectReference(builder.build());
  });

  test('gathers rows', async () => {
    const builder = new GraphBuilder();
    const table = builder.input('table', [6, 3], sampleValues(18));
    const rows = builder.input('rows', [4], [5, 0, 5, 2]);
    builder.apply(ops.gather, { table, rows }, [4, 3]);
    await expectReference(builder.build());
  });

  test('gives the same values another shape without a kernel', async () => {
    const builder = new GraphBuilder();
    const x = builder.input('x', [2, 3], [1, 2, 3, 4, 5, 6]);
    builder.apply(ops.reshape, { x }, [3, 2]);
    expect([...(await lastValues(backend, builder.build()))]).toEqual([1, 2, 3, 4, 5, 6]);

    const longer = new GraphBuilder();
    const y = longer.input('y', [2], [1, 2]);
    const more = longer.apply(ops.shift, { x: y }, [2], { attributes: { by: 1 } });
    longer.apply(ops.reshape, { x: more }, [2, 1]);
    expect([...(await lastValues(backend, longer.build()))]).toEqual([2, 3]);
  });

  test('holds one value in a tensor without axes', async () => {
    const builder = new GraphBuilder();
    const [a, b] = [builder.input('a', [], [2]), builder.input('b', [], [0.5])];
    builder.apply(ops.add, { a, b }, []);
    expect([...(await lastValues(backend, builder.build()))]).toEqual([2.5]);
  });

  test('holds no value in a tensor with an axis of length 0', async () => {
    const builder = new GraphBuilder();
    const none = builder.input('none', [0, 3], []);
    const more = builder.apply(ops.shift, { x: none }, [0, 3], { attributes: { by: 1 } });
    builder.apply(ops.reshape, { x: more }, [3, 0]);
    expect(await lastValues(backend, builder.build())).toHaveLength(0);
  });

  test('sums no values to zero', async () => {
    const builder = new GraphBuilder();
    builder.apply(ops.sum, { x: builder.input('x', [2, 0], []) }, [2]);
    expect([...(await lastValues(backend, builder.build()))]).toEqual([0, 0]);
  });

  test('loops beyond a thousand iterations', async () => {
    const builder = new GraphBuilder();
    builder.apply(ops.sum, { x: builder.input('x', [3072], Array(3072).fill(1)) }, []);
    expect([...(await lastValues(backend, builder.build()))]).toEqual([3072]);
  });

  test('keeps infinities and NaN', async () => {
    const builder = new GraphBuilder();
    const a = builder.input('a', [6], [-Infinity, Infinity, Number.NaN, 1, -1, 0]);
    const b = builder.input('b', [6], [1, 1, 1, 0, 0, 0]);
    builder.apply(ops.divide, { a, b }, [6]);
    expect([...(await lastValues(backend, builder.build()))]).toEqual([
      -Infinity,
      Infinity,
      Number.NaN,
      Infinity,
      -Infinity,
      Number.NaN,
    ]);
  });

  test('keeps the results of a kernel that runs again', async () => {
    const builder = new GraphBuilder();
    const x = builder.input('x', [2], [10, 20]);
    const once = builder.apply(ops.shift, { x }, [2], { attributes: { by: 1 } });
    const twice = builder.apply(ops.shift, { x: once }, [2], { attributes: { by: 1 } });
    const { graph, feeds } = builder.build();
    const execution = await backend.execute(graph, feeds, quietControl());
    expect([...(await execution.read(once))]).toEqual([11, 21]);
    expect([...(await execution.read(twice))]).toEqual([12, 22]);
    execution.dispose();
  });

  test('keeps the results of a run during the next one', async () => {
    const [first, second] = [product(3, 2, 2, 1), product(3, 2, 2, 9)];
    const kept = await backend.execute(first.graph, first.feeds, quietControl());
    await lastValues(backend, second);
    expect(largestError(await kept.read(2), await referenceValues(first))).toBeLessThan(1e-5);
    kept.dispose();
  });

  test('takes an argument that is whole in one call and a fraction in the next', async () => {
    for (const by of [1, 0.5, -2, 1e12, -Infinity]) {
      const builder = new GraphBuilder();
      builder.apply(ops.shift, { x: builder.input('x', [2], [1, 2]) }, [2], { attributes: { by } });
      await expectReference(builder.build());
    }
  });

  test('finds every row and column', async () => {
    for (const width of [1, 3, 7, 49, 50]) {
      const builder = new GraphBuilder();
      const x = builder.input('x', [49, width], new Float64Array(49 * width));
      builder.apply(ops.place, { x }, [49, width]);
      await expectReference(builder.build());
    }
  });

  test('gathers from a table of more values than float32 can count', async () => {
    const [rows, width] = [3, 2 ** 23 + 1];
    const data = new Float64Array(rows * width);
    for (const row of [0, 1, 2]) data.set([row + 1, row + 10], row * width + width - 3);
    const builder = new GraphBuilder();
    const table = builder.input('table', [rows * width, 1], data);
    const last = [0, 1, 2].map((row) => row * width + width - 3);
    const index = builder.input('index', [2], [last[0] ?? 0, last[1] ?? 0]);
    builder.apply(ops.gather, { table, rows: index }, [2, 1]);
    expect([...(await lastValues(backend, builder.build()))]).toEqual([1, 2]);

    const wide = new GraphBuilder();
    const wideTable = wide.input('table', [rows, width], data);
    const lastRow = wide.apply(
      ops.gather,
      { table: wideTable, rows: wide.input('row', [1], [2]) },
      [1, width],
    );
    const values = await lastValues(backend, wide.build());
    expect(lastRow).toBe(2);
    expect([values[width - 4], values[width - 3], values[width - 2]]).toEqual([0, 3, 12]);
  }, 30_000);

  test('stops between kernels, and runs again', async () => {
    await expect(longChain(backend)).rejects.toBeInstanceOf(RunStopped);
    await expectReference(product(6, 6, 6));
  }, 30_000);

  test('names the node whose values are wrong', async () => {
    const faulty: Op = {
      ...ops.reshape,
      name: 'tiny_faulty',
      gpu: () => {
        throw new OpFault('The length is odd.');
      },
    };
    const builder = new GraphBuilder();
    const id = builder.apply(faulty, { x: builder.input('x', [1], [1]) }, [1]);
    const error: unknown = await lastValues(backend, builder.build()).catch((fault) => fault);
    expect(error).toBeInstanceOf(RunFault);
    expect(error).toMatchObject({ node: id, message: 'The length is odd.' });
  });

  test('says how long each operator took, and how far the run is', async () => {
    const small = product(2, 2, 2);
    const seen: string[] = [];
    const execution = await backend.execute(small.graph, small.feeds, {
      signal: new AbortController().signal,
      progress: (done, total, label) => seen.push(`${done}/${total} ${label}`),
    });
    expect(seen).toEqual(['2/3 tiny_matmul#2', '3/3 ']);
    expect(execution.timings.map(({ operator, path }) => [operator, path])).toEqual([
      ['tiny_matmul', 'tiny_matmul#2'],
    ]);
    execution.dispose();
  });
});

function product(rows: number, depth: number, columns: number, seed = 1): SmallGraph {
  const builder = new GraphBuilder();
  const a = builder.input('a', [rows, depth], sampleValues(rows * depth, seed));
  const b = builder.input('b', [depth, columns], sampleValues(depth * columns, seed + 1));
  builder.apply(ops.matmul, { a, b }, [rows, columns]);
  return builder.build();
}

/** A run that would take long, stopped from a timer: it must let the timer fire. */
async function longChain(backend: Backend): Promise<void> {
  const builder = new GraphBuilder();
  let x = builder.input('x', [64, 64], sampleValues(64 * 64));
  for (let step = 0; step < 20_000; step++) x = builder.apply(ops.matmul, { a: x, b: 0 }, [64, 64]);
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 20);
  const { graph, feeds } = builder.build();
  const execution = await backend.execute(graph, feeds, {
    signal: abort.signal,
    progress: () => {},
  });
  execution.dispose();
}
