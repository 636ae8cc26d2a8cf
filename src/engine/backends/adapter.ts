/** Finds a GPU: the native module `webgpu` (Dawn) put where gpu.js looks for it, on `navigator.gpu`. */

export interface Adapter {
  /** `NVIDIA H200 (vulkan)`. */
  readonly description: string;
  /** Whether it is a processor that pretends, e.g. SwiftShader or llvmpipe. */
  readonly kind: 'hardware' | 'software';
}

/** An adapter, or in a sentence why there is none. */
export type AdapterAnswer =
  | { readonly kind: 'found'; readonly adapter: Adapter }
  | { readonly kind: 'none'; readonly reason: string };

/** Never rejects: a machine without a GPU is an ordinary machine. */
export async function findAdapter(): Promise<AdapterAnswer> {
  const none = (reason: string): AdapterAnswer => ({ kind: 'none', reason });
  let gpu: GPU;
  try {
    gpu = await installedGpu();
  } catch (error) {
    return none(`The native module webgpu could not be loaded: ${firstLine(error)}.`);
  }
  try {
    const adapter = await gpu.requestAdapter();
    if (adapter === null) {
      return none(
        'No WebGPU adapter answered: there is no GPU here, or no driver for Vulkan, Metal or Direct3D 12.',
      );
    }
    return { kind: 'found', adapter: describe(adapter.info) };
  } catch (error) {
    return none(`The WebGPU adapter could not be asked: ${firstLine(error)}.`);
  }
}

/** What the process has on `navigator.gpu`; put there on first use. */
async function installedGpu(): Promise<GPU> {
  const scope = globalThis as { navigator?: { gpu?: GPU } };
  if (scope.navigator?.gpu !== undefined) return scope.navigator.gpu;
  const { create, globals } = await import('webgpu');
  const gpu = withAllLimits(create([]));
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
      const requestDevice = (descriptor?: GPUDeviceDescriptor) =>
        adapter.requestDevice({
          ...descriptor,
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

function describe(info: GPUAdapterInfo): Adapter {
  const name = [info.description, info.device, info.architecture, info.vendor].find(
    (text) => text !== '',
  );
  const vendor =
    info.vendor === '' || name?.toLowerCase().includes(info.vendor) ? '' : ` (${info.vendor})`;
  return {
    description: `${name ?? 'an unnamed adapter'}${vendor}`,
    kind: info.isFallbackAdapter ? 'software' : 'hardware',
  };
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n')[0] ?? '').replace(/\.$/, '');
}
