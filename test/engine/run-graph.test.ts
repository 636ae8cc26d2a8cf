import { afterAll, beforeAll, expect, test } from 'vitest';
import { acquireWebGpu } from '../../src/engine/backends/gpu-js.ts';
import { type BackendWish, openEngine } from '../../src/engine/index.ts';
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

test('a bug is not hidden by running it again', async () => {
  const absent = { ...ops.shift, gpu: ops.matmul.gpu };
  await expect(runOn('gpu', absent)).rejects.toThrow("tiny_shift has no operand 'a'.");
});

function oneOperator(op: typeof ops.shift, attributes: { readonly by: number } | undefined) {
  const builder = new GraphBuilder();
  builder.apply(op, { x: builder.input('x', [2], [1, 2]) }, [2], { attributes: attributes ?? {} });
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
