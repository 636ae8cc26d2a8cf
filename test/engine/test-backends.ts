/** All backends that a graph is compared on, with the float64 reference as the measure. */
import { findAdapter } from '../../src/engine/backends/adapter.ts';
import { kernelBackend } from '../../src/engine/backends/kernels.ts';
import { processorDevice } from '../../src/engine/backends/processor-device.ts';
import { referenceBackend } from '../../src/engine/backends/reference.ts';
import { simdBackend } from '../../src/engine/backends/simd/simd-backend.ts';
import { webGpuDevice } from '../../src/engine/backends/webgpu-device.ts';
import type { Backend } from '../../src/engine/index.ts';
import { openKernels } from '../../src/kernels/index.ts';
import { quietControl, type SmallGraph } from './small-graphs.ts';
import { onHardware, useSoftwareGpu } from './software-gpu.ts';

export const gpuJsBackends = ['gpu.js cpu', 'gpu.js webasm', 'gpu.js webgpu'] as const;
export const kernelBackends = ['simd', ...gpuJsBackends] as const;
export type KernelBackendName = (typeof kernelBackends)[number];

export async function openBackend(name: KernelBackendName): Promise<Backend> {
  switch (name) {
    case 'simd': {
      const kernels = await openKernels({ threads: 2 });
      if (!kernels.available) throw new Error(kernels.reason);
      return simdBackend(kernels, { memoryBudget: 2 ** 30 });
    }
    case 'gpu.js cpu':
      return kernelBackend(processorDevice('cpu'));
    case 'gpu.js webasm':
      return kernelBackend(processorDevice('webasm'));
    case 'gpu.js webgpu': {
      await useSoftwareGpu();
      const answer = await findAdapter();
      if (answer.kind === 'none') throw new Error(answer.reason);
      const { kind, description } = answer.adapter;
      if (onHardware && kind === 'software') throw new Error(`${description} is no GPU.`);
      return kernelBackend(webGpuDevice(answer.adapter));
    }
  }
}

/** The values of the graph's last node. */
export async function lastValues(
  backend: Backend,
  { graph, feeds }: SmallGraph,
): Promise<Float32Array | Float64Array> {
  const execution = await backend.execute(graph, feeds, quietControl());
  try {
    return await execution.read(graph.nodes.length - 1);
  } finally {
    execution.dispose();
  }
}

export function referenceValues(small: SmallGraph): Promise<Float32Array | Float64Array> {
  return lastValues(referenceBackend(), small);
}

/** Largest difference relative to max(1, |expected|); infinite where one is not finite and the other differs. */
export function largestError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let largest = 0;
  for (let index = 0; index < expected.length; index++) {
    const [a, b] = [actual[index] ?? Number.NaN, expected[index] ?? Number.NaN];
    if (Object.is(a, b) || a === b) continue;
    const error = Math.abs(a - b) / Math.max(1, Math.abs(b));
    largest = Math.max(largest, Number.isNaN(error) ? Infinity : error);
  }
  return largest;
}
