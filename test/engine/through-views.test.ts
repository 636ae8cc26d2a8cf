/** On the GPU a product reads what is only arranged otherwise where it lies; who looks at the arrangement gets it. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { referenceBackend } from '../../src/engine/backends/reference.ts';
import type { Backend } from '../../src/engine/index.ts';
import type { NodeId } from '../../src/graph/index.ts';
import { type Op, ops } from '../../src/ops/index.ts';
import { GraphBuilder, quietControl, type SmallGraph, sampleValues } from './small-graphs.ts';
import { largestError, openBackend } from './test-backends.ts';

// A software adapter compiles slowly.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let backend: Backend;
beforeAll(async () => {
  backend = await openBackend('gpu.js webgpu');
});
afterAll(() => backend.close());

test('reads a transpose through, and makes it when it is looked at', async () => {
  const builder = new GraphBuilder();
  const [a, b] = [matrix(builder, 'a', [20, 30]), matrix(builder, 'b', [40, 30])];
  const turned = builder.apply(named('transpose'), { x: b }, [30, 40], {
    attributes: { axis1: -1, axis2: -2 },
  });
  builder.apply(named('matmul'), { a, b: turned }, [20, 40]);
  expect(await computed(builder.build())).toEqual(['matmul#3']);
});

test('reads parts and arrangements of arrangements through', async () => {
  const builder = new GraphBuilder();
  const x = matrix(builder, 'x', [24, 36]);
  const parts = [0, 1].map((part) =>
    builder.apply(named('split'), { x }, [24, 18], {
      attributes: { parts: 2, axis: -1 },
      output: `${part}`,
    }),
  ) as [NodeId, NodeId];
  const heads = parts.map((part) =>
    builder.apply(named('rearrange'), { x: part }, [3, 24, 6], {
      attributes: { pattern: 'n (h k) -> h n k' },
      rest: [{ name: 'h', value: 3 }],
    }),
  ) as [NodeId, NodeId];
  const keys = builder.apply(named('transpose'), { x: heads[1] }, [3, 6, 24], {
    attributes: { axis1: -1, axis2: -2 },
  });
  builder.apply(named('matmul'), { a: heads[0], b: keys }, [3, 24, 24]);
  // A head is no axis of x, but some columns of a part: so the parts are there.
  expect(await computed(builder.build())).toEqual(['split#1', 'split#2', 'matmul#6']);
});

test('makes an arrangement that something else reads too', async () => {
  const builder = new GraphBuilder();
  const [a, b] = [matrix(builder, 'a', [20, 30]), matrix(builder, 'b', [40, 30])];
  const turned = builder.apply(named('transpose'), { x: b }, [30, 40], {
    attributes: { axis1: -1, axis2: -2 },
  });
  builder.apply(named('matmul'), { a, b: turned }, [20, 40]);
  builder.apply(named('exp'), { x: turned }, [30, 40]);
  expect(await computed(builder.build())).toEqual(['transpose#2', 'matmul#3', 'exp#4']);
});

/** What the run computed by itself; every value, looked at or not, is as the reference has it. */
async function computed({ graph, feeds }: SmallGraph): Promise<readonly (string | undefined)[]> {
  const execution = await backend.execute(graph, feeds, quietControl());
  const expected = await referenceBackend().execute(graph, feeds, quietControl());
  for (const { id } of graph.nodes) {
    const values = await execution.read(id);
    expect(largestError(values, await expected.read(id))).toBeLessThan(1e-5);
  }
  execution.dispose();
  return execution.timings.map(({ path }) => path);
}

function matrix(builder: GraphBuilder, name: string, shape: readonly [number, number]): NodeId {
  return builder.input(name, shape, sampleValues(shape[0] * shape[1], name.charCodeAt(0)));
}

function named(name: string): Op {
  const op = ops.find((each) => each.name === name);
  if (op === undefined) throw new Error(`There is no operator ${name}.`);
  return op;
}
