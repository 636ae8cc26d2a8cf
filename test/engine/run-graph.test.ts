import { afterAll, beforeAll, expect, test } from 'vitest';
import { acquireWebGpu } from '../../src/engine/backends/gpu-js.ts';
import { type BackendWish, openEngine } from '../../src/engine/index.ts';
import type { Numbers } from '../../src/ops/index.ts';
import { GraphBuilder, quietControl } from './small-graphs.ts';
import { useSoftwareGpu } from './software-gpu.ts';
import * as ops from './tiny-operators.ts';

const engine = openEngine({});
beforeAll(useSoftwareGpu);
afterAll(() => engine.close());

test.each([
  ['reference', 'reference', 'float64 reference', 'Chosen by the setting.'],
  ['cpu', 'cpu', 'WebAssembly SIMD', 'Chosen by the setting.'],
  ['gpu', 'gpu', 'gpu.js webgpu on SwiftShader', 'Chosen by the setting.'],
  ['auto', 'cpu', 'WebAssembly SIMD', 'The only WebGPU adapter is software: SwiftShader'],
] as const)('%s runs on %s: %s, because: %s', async (wish, name, description, reason) => {
  const { report, values } = await runOn(wish, ops.shift, { by: 1 });
  expect(report.name).toBe(name);
  expect(report.description).toContain(description);
  expect(report.reason).toContain(reason);
  expect(values).toEqual([2, 3]);
});

test('a software adapter counts where the environment says so', async () => {
  const willing = openEngine({ TBLOCK_SOFTWARE_GPU: '1' });
  const { graph, feeds } = oneOperator(ops.shift, { by: 1 });
  const { report } = await willing.runGraph(graph, feeds, 'auto', quietControl());
  expect(report).toMatchObject({ name: 'gpu', reason: 'Chosen by TBLOCK_SOFTWARE_GPU=1.' });
});

test('a kernel that the GPU does not compile runs on the processor, which says why', async () => {
  const { report, values } = await runOn('gpu', ops.broken);
  expect(values).toEqual([1, 3]);
  expect(report.name).toBe('cpu');
  expect(report.reason).toMatch(
    /^The GPU could not run it: Kernel broken of tiny_broken failed: Error compiling WGSL/,
  );
  expect((await runOn('gpu', ops.shift, { by: 1 })).report.name).toBe('gpu');
});

test('a GPU that was lost between two runs is opened anew', async () => {
  expect((await runOn('gpu', ops.shift, { by: 1 })).report.name).toBe('gpu');
  const { device } = await acquireWebGpu();
  device.destroy();
  await device.lost;
  const { report, values } = await runOn('gpu', ops.shift, { by: 2 });
  expect(report.name).toBe('gpu');
  expect(values).toEqual([3, 4]);
});

test('a GPU that is lost during a run leaves it to the processor, which says why', async () => {
  const { graph, feeds } = chain(300);
  const { device } = await acquireWebGpu();
  const control = quietControl();
  const lose = (done: number) => {
    if (done === 150) device.destroy();
  };
  const run = await engine.runGraph(graph, feeds, 'gpu', { ...control, progress: lose });
  expect([...(await run.execution.read(300))]).toEqual([301]);
  expect(run.report).toMatchObject({ name: 'cpu' });
  expect(run.report.reason).toMatch(/^The GPU could not run it: .*lost/);
  run.execution.dispose();
  expect((await runOn('gpu', ops.shift, { by: 1 })).report.name).toBe('gpu');
});

test('values of a GPU that was lost after the run are computed again', async () => {
  const { graph, feeds } = chain(3);
  const { execution, report } = await engine.runGraph(graph, feeds, 'gpu', quietControl());
  expect(report.name).toBe('gpu');
  const { device } = await acquireWebGpu();
  device.destroy();
  await device.lost;
  expect([...(await execution.read(2))]).toEqual([3]);
  execution.dispose();
});

test('a tensor that the GPU does not take at once is computed on the processor, which says why', async () => {
  const { device } = await acquireWebGpu();
  const { maxStorageBufferBindingSize: limit } = device.limits;
  // Only what is asked for is too long: the processor gets as much as it needs.
  const long: typeof ops.shift = {
    ...ops.shift,
    name: 'tiny_long',
    gpu: (call) => {
      const [step] = ops.shift.gpu(call);
      return step ? [{ ...step, length: attempts++ === 0 ? limit / 4 + 1 : 2 }] : [];
    },
  };
  let attempts = 0;
  const { report, values } = await runOn('gpu', long, { by: 1 });
  expect(values).toEqual([2, 3]);
  expect(report.name).toBe('cpu');
  expect(report.reason).toContain(`needs ${limit + 4} bytes but this device allows ${limit}`);
});

test('the GPU binds the embedding of GPT-2', async () => {
  const [rows, width] = [50_257, 768];
  const builder = new GraphBuilder();
  const table = builder.input('table', [1], [0]);
  const last = builder.input('rows', [1], [rows - 1]);
  const id = builder.apply(ops.gather, { table, rows: last }, [1, width]);
  const { graph, feeds } = builder.build();
  const nodes = graph.nodes.map((node) =>
    node.id === table ? { ...node, shape: [rows, width] } : node,
  );
  const fill = (target: Numbers) => target.fill(7, target.length - width);
  const large = new Map(feeds).set(table, { key: 'sevens at the end', fill });
  const run = await engine.runGraph({ ...graph, nodes }, large, 'gpu', quietControl());
  expect(run.report.name).toBe('gpu');
  expect([...(await run.execution.read(id))]).toEqual(Array(width).fill(7));
  run.execution.dispose();
});

test('a run on the GPU tells the adapter, its limits and what each operator took', async () => {
  const { graph, feeds } = chain(2, 70);
  const { execution, report } = await engine.runGraph(graph, feeds, 'gpu', quietControl());
  const { device } = await acquireWebGpu();
  expect(report.adapter).toMatchObject({
    name: expect.stringContaining('SwiftShader'),
    vendor: 'google',
    api: 'Vulkan',
    limits: { maxBufferSize: device.limits.maxBufferSize },
    timedBy: 'GPU timestamps',
  });
  const [first, second] = execution.timings;
  expect(first?.milliseconds).toBeGreaterThan(0);
  expect(second).toMatchObject({ operator: 'tiny_shift', compileMilliseconds: 0 });
  execution.dispose();
});

test('a bug is not hidden by running it again', async () => {
  const absent = { ...ops.shift, name: 'tiny_absent', gpu: ops.matmul.gpu };
  await expect(runOn('gpu', absent)).rejects.toThrow("tiny_absent has no operand 'a'.");
});

function oneOperator(op: typeof ops.shift, attributes: { readonly by: number } | undefined) {
  const builder = new GraphBuilder();
  builder.apply(op, { x: builder.input('x', [2], [1, 2]) }, [2], { attributes: attributes ?? {} });
  return builder.build();
}

/** The first value, and one more per operator. */
function chain(length: number, first = 1) {
  const builder = new GraphBuilder();
  let x = builder.input('x', [1], [first]);
  for (let step = 0; step < length; step++) {
    x = builder.apply(ops.shift, { x }, [1], { attributes: { by: 1 } });
  }
  return builder.build();
}

async function runOn(
  wish: BackendWish,
  op: typeof ops.shift,
  attributes?: { readonly by: number },
) {
  const { graph, feeds } = oneOperator(op, attributes);
  const { execution, report } = await engine.runGraph(graph, feeds, wish, quietControl());
  const values = [...(await execution.read(1))];
  execution.dispose();
  return { report, values };
}
