/** Finds a GPU: the native module `webgpu` (Dawn) put where gpu.js looks for it, on `navigator.gpu`. */
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { t } from '@vscode/l10n';
import type { AdapterReport } from '../../trace/index.ts';

export interface Adapter {
  /** `NVIDIA H200 (vulkan)`. */
  readonly description: string;
  /** Whether it is a processor that pretends, e.g. SwiftShader or llvmpipe. */
  readonly kind: 'hardware' | 'software';
  readonly report: AdapterReport;
  /** Bytes. */
  readonly largestValue: number;
}

/** An adapter, or in a sentence why there is none. */
export type AdapterAnswer =
  | { readonly kind: 'found'; readonly adapter: Adapter }
  | { readonly kind: 'none'; readonly reason: string };

/** Never rejects: a machine without a GPU is an ordinary machine. */
export async function findAdapter(): Promise<AdapterAnswer> {
  const none = (reason: string): AdapterAnswer => ({ kind: 'none', reason });
  if (!hasNativeModule()) return none(noNativeModule);
  let gpu: GPU;
  try {
    const installed = await installedGpu();
    if (installed === undefined) return none(noAdapter);
    gpu = installed;
  } catch (error) {
    return none(t`The native module webgpu could not be loaded: ${firstLine(error)}.`);
  }
  try {
    const adapter = await gpu.requestAdapter();
    if (adapter === null) return none(noAdapter);
    return { kind: 'found', adapter: describe(adapter) };
  } catch (error) {
    return none(t`The WebGPU adapter could not be asked: ${firstLine(error)}.`);
  }
}

const noNativeModule = t`This TBlock was installed without the native module for GPUs, which only the packages for one platform bring.`;

/** Looks without loading it, which takes megabytes. */
function hasNativeModule(): boolean {
  try {
    createRequire(import.meta.url).resolve('webgpu');
    return true;
  } catch {
    return false;
  }
}

const noAdapter = t`No WebGPU adapter answered: there is no GPU here, or no driver for ${graphicsApi().name}.`;

/** What the process has on `navigator.gpu`; put there on first use. */
async function installedGpu(): Promise<GPU | undefined> {
  const scope = globalThis as { navigator?: { gpu?: GPU } };
  if (scope.navigator?.gpu !== undefined) return scope.navigator.gpu;
  const { name, flag } = graphicsApi();
  if (name === 'Vulkan' && !hasVulkan()) return undefined;
  const { create, globals } = await import('webgpu');
  // Timestamps are rounded to a tenth of a millisecond against prying pages, of which there are none here.
  const gpu = withAllLimits(
    create([`backend=${flag}`, 'disable-dawn-features=timestamp_quantization']),
  );
  for (const [name, value] of Object.entries(globals)) {
    if (!(name in globalThis))
      Object.defineProperty(globalThis, name, { value, configurable: true });
  }
  // Node 21 and later have a navigator, without `gpu`; Node 20 has none.
  if (scope.navigator === undefined) {
    Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
  } else {
    Object.defineProperty(scope.navigator, 'gpu', { value: gpu, configurable: true });
  }
  return gpu;
}

/**
 * The same GPU, whose adapters are the fastest and give devices all they can: gpu.js asks for larger buffers but not
 * for more of them in a kernel, of which WebGPU promises eight.
 */
function withAllLimits(gpu: GPU): GPU {
  const wrapped: Pick<GPU, 'requestAdapter'> = {
    requestAdapter: async () => {
      const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
      if (adapter === null) return null;
      const { limits } = adapter;
      const requiredLimits = {
        maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
        maxBufferSize: limits.maxBufferSize,
        maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
      };
      const timestamps = 'timestamp-query';
      const requestDevice = (descriptor?: GPUDeviceDescriptor) =>
        adapter.requestDevice({
          ...descriptor,
          requiredFeatures: adapter.features.has(timestamps) ? [timestamps] : [],
          requiredLimits: { ...descriptor?.requiredLimits, ...requiredLimits },
        });
      return {
        limits,
        info: adapter.info,
        features: adapter.features,
        requestDevice,
      } as GPUAdapter;
    },
  };
  return wrapped as GPU;
}

function describe({ info, limits, features }: GPUAdapter): Adapter {
  const name = [info.description, info.device, info.architecture, info.vendor].find(
    (text) => text !== '',
  );
  const vendor =
    info.vendor === '' || name?.toLowerCase().includes(info.vendor) ? '' : ` (${info.vendor})`;
  return {
    description: `${name ?? t`an unnamed adapter`}${vendor}`,
    kind: info.isFallbackAdapter ? 'software' : 'hardware',
    largestValue: largestBuffer(limits),
    report: {
      name: name ?? '',
      vendor: info.vendor,
      architecture: info.architecture,
      api: graphicsApi().name,
      limits: Object.fromEntries(countedLimits.map((limit) => [limit, limits[limit]])),
      timedBy: features.has('timestamp-query') ? 'GPU timestamps' : 'waiting',
    },
  };
}

/** Bytes of the largest tensor: each is one buffer, which a kernel takes as a whole. */
export function largestBuffer(
  limits: Pick<GPUSupportedLimits, 'maxStorageBufferBindingSize' | 'maxBufferSize'>,
): number {
  return Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
}

/** Those that say what fits. */
const countedLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupsPerDimension',
] as const;

/** The one through which Dawn reaches GPUs on this system. */
function graphicsApi(): { readonly name: string; readonly flag: string } {
  switch (process.platform) {
    case 'darwin':
      return { name: 'Metal', flag: 'metal' };
    case 'win32':
      return { name: 'Direct3D 12', flag: 'd3d12' };
    default:
      return { name: 'Vulkan', flag: 'vulkan' };
  }
}

/** Dawn complains on stderr where Vulkan's loader is missing, and nothing else finds out without loading it. */
function hasVulkan(): boolean {
  try {
    process.dlopen({ exports: {} }, 'libvulkan.so.1', constants.dlopen.RTLD_LAZY);
    return true;
  } catch (error) {
    // What is there is no addon, and Node says so.
    return String(error).includes('self-register');
  }
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n')[0] ?? '').replace(/\.$/, '');
}
