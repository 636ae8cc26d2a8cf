/** Which backend runs, and why that one. */

import { t } from '@vscode/l10n';
import { openKernels } from '../kernels/index.ts';
import type { Backend } from './backend.ts';
import { findAdapter } from './backends/adapter.ts';
import { kernelBackend } from './backends/kernels.ts';
import { processorDevice } from './backends/processor-device.ts';
import { referenceBackend } from './backends/reference.ts';
import { simdBackend } from './backends/simd/simd-backend.ts';
import { webGpuDevice } from './backends/webgpu-device.ts';

/** `auto`: a GPU where there is one. `gpu`: also one that software imitates. */
export type BackendWish = 'auto' | 'gpu' | 'cpu' | 'reference';

/** The environment variables that count. */
export interface Environment {
  /** `1`: an adapter that software imitates counts as a GPU also for `auto`. */
  readonly TBLOCK_SOFTWARE_GPU?: string | undefined;
  /** Worker threads of the CPU backend. */
  readonly TBLOCK_THREADS?: string | undefined;
}

/** What the engine may take of the machine. */
export interface Resources {
  /** Worker threads of the CPU backend; with 1 small runs and large ones share the calling thread's. */
  readonly threads: number;
  /** Bytes for values that a run keeps to be looked at; the rest is computed again on demand. */
  readonly memoryBudget: number;
}

export interface Choice {
  readonly backend: Backend;
  /** A sentence. */
  readonly reason: string;
}

const bySetting = t`Chosen by the setting.`;

/** Never rejects: where there is no GPU, a CPU backend says why. */
export async function chooseBackend(
  wish: BackendWish,
  environment: Environment,
  resources: Resources,
): Promise<Choice> {
  switch (wish) {
    case 'reference':
      return { backend: referenceBackend(), reason: bySetting };
    case 'cpu':
      return processorChoice(bySetting, resources);
    case 'gpu':
      return chooseGpu('any adapter', bySetting, resources);
    case 'auto':
      return environment.TBLOCK_SOFTWARE_GPU === '1'
        ? chooseGpu('any adapter', t`Chosen by TBLOCK_SOFTWARE_GPU=1.`, resources)
        : chooseGpu('hardware only', t`A WebGPU adapter answered.`, resources);
  }
}

/** SIMD kernels on threads, or the GPU's kernels in JavaScript where WebAssembly has no SIMD. */
async function processorChoice(reason: string, resources: Resources): Promise<Choice> {
  const kernels = await openKernels({ threads: resources.threads });
  if (kernels.available) {
    return { backend: simdBackend(kernels, resources), reason };
  }
  return {
    backend: kernelBackend(processorDevice('cpu')),
    reason: `${reason} ${kernels.reason}`,
  };
}

async function chooseGpu(
  accepted: 'any adapter' | 'hardware only',
  reason: string,
  resources: Resources,
): Promise<Choice> {
  const answer = await findAdapter();
  if (answer.kind === 'none') return processorChoice(answer.reason, resources);
  const { description, kind } = answer.adapter;
  if (kind === 'software' && accepted === 'hardware only') {
    return processorChoice(t`The only WebGPU adapter is software: ${description}.`, resources);
  }
  return { backend: kernelBackend(webGpuDevice(answer.adapter)), reason };
}
