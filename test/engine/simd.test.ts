import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { referenceBackend } from '../../src/engine/backends/reference.ts';
import { simdBackend } from '../../src/engine/backends/simd/simd-backend.ts';
import {
  type Backend,
  type Feeds,
  feedOf,
  MemoryShort,
  RunStopped,
} from '../../src/engine/index.ts';
import type { Graph } from '../../src/graph/index.ts';
import { type Kernels, openKernels } from '../../src/kernels/index.ts';
import { graphOfText } from './graph-of-text.ts';
import { quietControl, sampleValues } from './small-graphs.ts';
import { largestError } from './test-backends.ts';

// Planning, keeping and reusing: what is the same whatever the operators are.

const decoder = `
  dims { N = 12, d = 32, heads = 4, L = 3 }
  model Decoder {
    input x: [N, d]
    repeat L as blocks { x = PreNormBlock(x, heads: heads) }
    output y = LayerNorm(x)
  }`;

const backends: Backend[] = [];
async function openSimd(threads: number, memoryBudget = 2 ** 30): Promise<Backend> {
  const kernels = await openKernels({ threads });
  if (!kernels.available) throw new Error(kernels.reason);
  const backend = simdBackend(kernels, { memoryBudget });
  backends.push(backend);
  return backend;
}
afterAll(async () => {
  for (const backend of backends) await backend.close();
});

function feedsOf(graph: Graph, seed = 1): Feeds {
  return new Map(
    [...graph.inputs, ...graph.parameters].map(({ id, shape, kind }, at) => {
      const count = shape.reduce((product, length) => product * length, 1);
      return [id, feedOf(sampleValues(count, kind === 'input' ? seed : at + 2))];
    }),
  );
}

/** Every named value, in the order of the graph. */
async function valuesOf(backend: Backend, graph: Graph, feeds: Feeds) {
  const execution = await backend.execute(graph, feeds, quietControl());
  const values = new Map<string, Float32Array | Float64Array>();
  for (const [path, id] of graph.values) values.set(path, await execution.read(id));
  execution.dispose();
  return values;
}

async function expectReference(
  values: ReadonlyMap<string, Float32Array | Float64Array>,
  graph: Graph,
  feeds: Feeds,
): Promise<void> {
  const expected = await valuesOf(referenceBackend(), graph, feeds);
  for (const [path, value] of expected) {
    const largest = Math.max(1, ...Array.from(value, Math.abs));
    const scaled = (data: ArrayLike<number>) => Array.from(data, (each) => each / largest);
    const error = largestError(scaled(values.get(path) ?? []), scaled(value));
    expect(error, path).toBeLessThan(1e-4);
  }
}

describe('a run', () => {
  const graph = graphOfText(decoder);
  const feeds = feedsOf(graph);
  let backend: Backend;
  beforeAll(async () => {
    backend = await openSimd(2);
  });

  test('has every named value, those too that are fused away', async () => {
    await expectReference(await valuesOf(backend, graph, feeds), graph, feeds);
  });

  test('keeps what the budget holds and computes the rest when it is looked at', async () => {
    const small = await openSimd(1, 20_000);
    await expectReference(await valuesOf(small, graph, feeds), graph, feeds);
    expect(small.estimate(graph)).toBeLessThan(backend.estimate(graph));
  });

  test('gives the same bits on one thread and on two', async () => {
    const one = await valuesOf(await openSimd(1), graph, feeds);
    expect(await valuesOf(backend, graph, feeds)).toEqual(one);
  });

  test('is computed again with another input, in the same places', async () => {
    for (const seed of [5, 6, 7]) {
      const other = feedsOf(graph, seed);
      await expectReference(await valuesOf(backend, graph, other), graph, other);
    }
  });

  test('is stopped between two kernels', async () => {
    const abort = new AbortController();
    const control = { signal: abort.signal, progress: () => abort.abort() };
    const fresh = await openSimd(2);
    await expect(fresh.execute(graph, feeds, control)).rejects.toThrow(RunStopped);
    await expectReference(await valuesOf(fresh, graph, feeds), graph, feeds);
  });

  test('reads values of an earlier run while a later one is looked at', async () => {
    const first = await backend.execute(graph, feeds, quietControl());
    const later = await backend.execute(graph, feedsOf(graph, 9), quietControl());
    const path = graph.values.get('y') ?? 0;
    const [a, b] = [await first.read(path), await later.read(path)];
    expect(a).not.toEqual(b);
    first.dispose();
    later.dispose();
    expect((await valuesOf(backend, graph, feeds)).get('y')).toEqual(a);
  });
});

describe('an edit', () => {
  test('in the last block computes that block and what comes after it', async () => {
    const backend = await openSimd(1);
    const graph = graphOfText(decoder);
    const first = await backend.execute(graph, feedsOf(graph), quietControl());
    const edited = new Map(feedsOf(graph));
    const last = graph.parameters.find(({ path }) => path === 'blocks.2.mlp.W_2');
    const count = last?.shape.reduce((product, length) => product * length, 1) ?? 0;
    edited.set(last?.id ?? -1, feedOf(sampleValues(count, 99)));
    // As in the editor, the last run is still looked at, and the graph is another object.
    const again = graphOfText(decoder);
    const second = await backend.execute(again, edited, quietControl());
    const computed = second.timings.map(({ path }) => path).filter((path) => path !== undefined);
    expect(computed).toEqual(['blocks.2.mlp.out#1', 'blocks.2.x#2', 'y']);
    expect(first.timings.length).toBeGreaterThan(5 * second.timings.length);
    await expectReference(await valuesOf(backend, again, edited), again, edited);
    first.dispose();
    second.dispose();
  });
});

test('weights of 16 bits stay so where 32 would not fit, and give the same result', async () => {
  const graph = graphOfText(`
    dims { N = 5, d = 16 }
    model M { input x: [N, d]  param W: [d, 4 * d]  output y = x @ W }`);
  const [weight] = graph.parameters;
  const bits = Uint16Array.from({ length: 16 * 64 }, (_, at) => 0x3c00 + ((at * 37) % 0x300));
  const values = Float32Array.from(bits, (each) => 1 + (each - 0x3c00) / 1024);
  const feeds = new Map(feedsOf(graph));
  const half = { type: 'f16', bits: () => bits } as const;
  feeds.set(weight?.id ?? -1, { key: 'W', fill: (target) => target.set(values), half });
  const [stored, widened] = [await openSimd(1, 1000), await openSimd(1)];
  const narrow = await valuesOf(stored, graph, feeds);
  expect(narrow.get('y')).toEqual((await valuesOf(widened, graph, feeds)).get('y'));
});

test('a run that needs the room of an earlier one takes it, and that one still has its values', async () => {
  const kernels = await openKernels({ threads: 1 });
  if (!kernels.available) throw new Error(kernels.reason);
  const graph = graphOfText(decoder);
  // So little memory that the values of two runs do not fit.
  const bytes = (await openSimd(1)).estimate(graph);
  const maximumBytes = { value: kernels.heapStart + Math.round(1.1 * bytes) };
  const little = Object.create(kernels, { maximumBytes }) as Kernels;
  const backend = simdBackend(little, { memoryBudget: 2 ** 30 });
  backends.push(backend);
  const [feeds, other] = [feedsOf(graph), feedsOf(graph, 4)];
  const first = await backend.execute(graph, feeds, quietControl());
  const second = await backend.execute(graphOfText(decoder), other, quietControl());
  const values = new Map<string, Float32Array | Float64Array>();
  for (const [path, id] of graph.values) values.set(path, await first.read(id));
  await expectReference(values, graph, feeds);
  first.dispose();
  second.dispose();
});

test('what no memory can hold is refused with a figure', async () => {
  const backend = await openSimd(1);
  const graph = graphOfText(`
    dims { d = 40_000 }
    model M { input x: [d, d]  output y = x @ x }`);
  expect(backend.estimate(graph)).toBeGreaterThan(2 * 40_000 ** 2 * 4);
  const feeds: Feeds = new Map(
    graph.inputs.map(({ id }) => [id, { key: 'x', fill: (target) => target.fill(0) }]),
  );
  await expect(backend.execute(graph, feeds, quietControl())).rejects.toThrow(MemoryShort);
});
