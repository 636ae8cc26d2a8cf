import { afterEach, expect, test } from 'vitest';
import { findAdapter } from '../../src/engine/backends/adapter.ts';
import { openEngine } from '../../src/engine/index.ts';
import { GraphBuilder, quietControl } from './small-graphs.ts';
import * as ops from './tiny-operators.ts';

// Each test puts its own `gpu` where the engine would put the native module's.
const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
afterEach(() => {
  if (before === undefined) Reflect.deleteProperty(globalThis, 'navigator');
  else Object.defineProperty(globalThis, 'navigator', before);
});

test('a machine without an adapter runs on the processor and says so', async () => {
  useGpu({ requestAdapter: async () => null });
  for (const wish of ['auto', 'gpu'] as const) {
    const { report, values } = await runOn(wish);
    expect(values).toEqual([2]);
    expect(report).toMatchObject({ name: 'cpu', description: expect.stringMatching(/SIMD/) });
    expect(report.reason).toMatch(/^No WebGPU adapter answered: /);
  }
});

test('a driver that fails when asked is no adapter', async () => {
  useGpu({ requestAdapter: () => Promise.reject(new Error('vkCreateInstance failed.\n  at x')) });
  expect(await findAdapter()).toEqual({
    kind: 'none',
    reason: 'The WebGPU adapter could not be asked: vkCreateInstance failed.',
  });
});

test('an adapter is named, and known for software', async () => {
  const named = (info: object) => {
    useGpu({ requestAdapter: async () => ({ ...plain, info: { ...unnamed, ...info } }) });
    return findAdapter();
  };
  expect(await named({ vendor: 'nvidia', device: 'NVIDIA H200' })).toMatchObject({
    kind: 'found',
    adapter: { description: 'NVIDIA H200', kind: 'hardware' },
  });
  expect(await named({ vendor: 'apple', architecture: 'common-3' })).toMatchObject({
    kind: 'found',
    adapter: { description: 'common-3 (apple)', kind: 'hardware' },
  });
  expect(await named({ description: 'llvmpipe', isFallbackAdapter: true })).toMatchObject({
    kind: 'found',
    adapter: { description: 'llvmpipe', kind: 'software' },
  });
});

test('an adapter says what fits and how it is timed', async () => {
  const limits = { maxBufferSize: 2 ** 38, maxStorageBufferBindingSize: 2 ** 32 - 4 };
  const features = new Set(['timestamp-query']);
  const info = { ...unnamed, vendor: 'nvidia', architecture: 'hopper' };
  useGpu({ requestAdapter: async () => ({ info, limits, features }) });
  expect(await findAdapter()).toMatchObject({
    adapter: {
      report: { name: 'hopper', vendor: 'nvidia', limits, timedBy: 'GPU timestamps' },
    },
  });
  useGpu({ requestAdapter: async () => ({ ...plain, info }) });
  expect(await findAdapter()).toMatchObject({ adapter: { report: { timedBy: 'waiting' } } });
});

test('an adapter that opens no device leaves the run to the processor', async () => {
  const requestDevice = () => Promise.reject(new Error('The device is in use.'));
  const info = { ...unnamed, description: 'A card' };
  const adapter = { ...plain, info, requestDevice };
  useGpu({ requestAdapter: async () => adapter });
  const { report, values } = await runOn('auto');
  expect(values).toEqual([2]);
  expect(report).toMatchObject({
    name: 'cpu',
    description: expect.stringMatching(/^WebAssembly SIMD/),
    reason: 'The GPU could not run it: The device could not be opened: The device is in use.',
  });
});

const unnamed = {
  vendor: '',
  architecture: '',
  device: '',
  description: '',
  isFallbackAdapter: false,
};

const plain = { limits: {}, features: new Set<string>() };

function useGpu(gpu: { readonly requestAdapter: () => Promise<unknown> }): void {
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
}

async function runOn(wish: 'auto' | 'gpu') {
  const builder = new GraphBuilder();
  builder.apply(ops.shift, { x: builder.input('x', [1], [1]) }, [1], { attributes: { by: 1 } });
  const { graph, feeds } = builder.build();
  const engine = openEngine({});
  const { execution, report } = await engine.runGraph(graph, feeds, wish, quietControl());
  const values = [...(await execution.read(1))];
  await engine.close();
  return { report, values };
}
