/** What of gpu.js the devices use, with the types that its own declarations lack. */
import * as gpuJs from 'gpu.js';
import type { Kernel } from '../../ops/index.ts';
import type { ArgumentType } from './kernel-device.ts';
import { keepWholeNumbers } from './whole-numbers.ts';

export type GpuJsMode = 'webgpu' | 'webasm' | 'cpu';

/** A kernel as gpu.js compiled it: called with its arguments, after `setOutput` with the number of threads. */
export interface CompiledKernel {
  (...args: readonly unknown[]): unknown;
  readonly setOutput: (output: readonly number[]) => unknown;
  readonly destroy: () => void;
}

export interface Compiler {
  /** The same kernel for the same kinds of arguments is compiled once. */
  readonly compile: (kernel: Kernel, types: readonly ArgumentType[]) => Compilation;
  /** Frees all kernels. */
  readonly close: () => Promise<void>;
}

export interface Compilation {
  readonly compiled: CompiledKernel;
  /** Its first call compiles it. */
  readonly isNew: boolean;
}

/** gpu.js caps every loop whose bounds are not literals, silently at 1000 unless told. */
const loopMaxIterations = 0x7fff_ffff;

export function openCompiler(mode: GpuJsMode): Compiler {
  if (mode === 'webgpu') keepWholeNumbers();
  const gpu = new gpuJs.GPU({ mode });
  const compiled = new Map<Kernel, Map<string, CompiledKernel>>();
  return {
    compile: (kernel, types) => {
      const variants = compiled.get(kernel) ?? new Map<string, CompiledKernel>();
      compiled.set(kernel, variants);
      const signature = types.join(' ');
      const known = variants.get(signature);
      if (known !== undefined) return { compiled: known, isNew: false };
      const settings = {
        output: [1],
        // By position: names do not survive a minifier.
        argumentTypes: [...types],
        loopMaxIterations,
        precision: 'single',
        // Results stay on the device, each in a buffer of its own, and lengths may change between calls.
        pipeline: true,
        immutable: true,
        dynamicOutput: true,
        dynamicArguments: true,
      };
      const fresh = createKernel(gpu, kernel.source.toString(), settings);
      variants.set(signature, fresh);
      return { compiled: fresh, isNew: true };
    },
    close: async () => {
      compiled.clear();
      await gpu.destroy();
    },
  };
}

/** A tensor on the GPU: gpu.js's handle of a storage buffer. */
export interface BufferResult {
  readonly buffer: GPUBuffer & { _refs: number };
  /** Its number of values. */
  readonly output: readonly [number];
  readonly kernel: { outputBuffer?: GPUBuffer | null };
  readonly delete: () => void;
}

/** The device that all of gpu.js's WebGPU kernels share. */
export interface WebGpuContext {
  readonly device: GPUDevice;
  readonly isLost: boolean;
}

interface WebGpuExports {
  readonly WebGPUContext: {
    readonly acquire: () => Promise<WebGpuContext>;
    readonly destroy: () => Promise<void>;
  };
  readonly WebGPUBufferResult: new (settings: {
    readonly buffer: GPUBuffer;
    readonly output: readonly number[];
    readonly context: WebGpuContext;
    readonly kernel: object;
  }) => BufferResult;
}

const { WebGPUContext, WebGPUBufferResult } = gpuJs as unknown as WebGpuExports;

/** Opens the adapter that `navigator.gpu` answers with, once; anew after the device was lost. */
export function acquireWebGpu(): Promise<WebGpuContext> {
  return WebGPUContext.acquire();
}

export function destroyWebGpu(): Promise<void> {
  return WebGPUContext.destroy();
}

/** A buffer of ours in the form in which kernels take each other's results. */
export function bufferResult(
  context: WebGpuContext,
  buffer: GPUBuffer,
  length: number,
): BufferResult {
  return new WebGPUBufferResult({ buffer, output: [length], context, kernel: {} });
}

/** A kernel keeps its last result alive until its next call; from here on it lives as long as its holder wants. */
export function leaveToItsHolder(result: BufferResult): BufferResult {
  if (result.kernel.outputBuffer === result.buffer) {
    result.kernel.outputBuffer = null;
    result.buffer._refs -= 1;
  }
  return result;
}

function createKernel(gpu: gpuJs.GPU, source: string, settings: object): CompiledKernel {
  const create = gpu.createKernel.bind(gpu) as unknown as (
    source: string,
    settings: object,
  ) => CompiledKernel;
  return create(source, settings);
}
