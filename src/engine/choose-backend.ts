/** Which backend runs, and why that one. */
import type { Backend } from './backend.ts';
import { findAdapter } from './backends/adapter.ts';
import { hasWebAssembly } from './backends/gpu-js.ts';
import { kernelBackend } from './backends/kernels.ts';
import { processorDevice } from './backends/processor-device.ts';
import { referenceBackend } from './backends/reference.ts';
import { webGpuDevice } from './backends/webgpu-device.ts';

/** `auto`: a GPU where there is one. `gpu`: also one that software imitates. */
export type BackendWish = 'auto' | 'gpu' | 'cpu' | 'reference';

/** The environment variables that count. */
export interface Environment {
  /** `1`: an adapter that software imitates counts as a GPU also for `auto`. */
  readonly TBLOCK_SOFTWARE_GPU?: string | undefined;
}

export interface Choice {
  readonly backend: Backend;
  /** A sentence. */
  readonly reason: string;
}

const bySetting = 'Chosen by the setting.';

/** Never rejects: where there is no GPU, a CPU backend says why. */
export async function chooseBackend(wish: BackendWish, environment: Environment): Promise<Choice> {
  switch (wish) {
    case 'reference':
      return { backend: referenceBackend(), reason: bySetting };
    case 'cpu':
      return { backend: processorBackend(), reason: bySetting };
    case 'gpu':
      return chooseGpu('any adapter', bySetting);
    case 'auto':
      return environment.TBLOCK_SOFTWARE_GPU === '1'
        ? chooseGpu('any adapter', 'Chosen by TBLOCK_SOFTWARE_GPU=1.')
        : chooseGpu('hardware only', 'A WebGPU adapter answered.');
  }
}

/** gpu.js on the processor: WebAssembly where there is any. */
export function processorBackend(): Backend {
  return kernelBackend(processorDevice(hasWebAssembly() ? 'webasm' : 'cpu'));
}

async function chooseGpu(
  accepted: 'any adapter' | 'hardware only',
  reason: string,
): Promise<Choice> {
  const answer = await findAdapter();
  if (answer.kind === 'none') return { backend: processorBackend(), reason: answer.reason };
  const { description, kind } = answer.adapter;
  if (kind === 'software' && accepted === 'hardware only') {
    return {
      backend: processorBackend(),
      reason: `The only WebGPU adapter is software: ${description}.`,
    };
  }
  return { backend: kernelBackend(webGpuDevice(answer.adapter)), reason };
}
