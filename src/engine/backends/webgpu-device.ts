/** gpu.js on a GPU, through WebGPU. */
import {
  acquireWebGpu,
  type BufferResult,
  bufferResult,
  type Compiler,
  destroyWebGpu,
  openCompiler,
  type WebGpuContext,
} from './gpu-js.ts';
import { argumentType, type KernelDevice } from './kernel-device.ts';

/** STORAGE | COPY_SRC | COPY_DST: the names are globals only in a browser. */
const residentUsage = 0x80 | 0x04 | 0x08;

/** @param description of the adapter, e.g. `gpu.js webgpu on NVIDIA H200 (Vulkan)` */
export function webGpuDevice(description: string): KernelDevice<BufferResult> {
  let session: Session | undefined;
  const current = () => {
    if (session === undefined) throw new Error('The device is not open.');
    return session;
  };
  return {
    name: 'gpu',
    description,
    open: async () => {
      if (session !== undefined && !session.context.isLost) return;
      await session?.compiler.close();
      session = await openSession();
    },
    upload: (data) => uploadTo(current().context, data),
    run: async (kernel, args, length) => {
      const compiled = current().compiler.compile(kernel, args.map(argumentType));
      compiled.setOutput([length]);
      const result = await compiled(
        ...args.map((argument) => (argument.kind === 'number' ? argument.number : argument.values)),
      );
      return result as BufferResult;
    },
    read: (values) => values.toArray(),
    free: (values) => values.delete(),
    settle: async () => {
      const { context, problems } = current();
      await context.device.queue.onSubmittedWorkDone();
      if (context.isLost) throw new Error('The GPU was lost.');
      const [problem] = problems.splice(0);
      if (problem !== undefined) throw new Error(problem);
    },
    close: async () => {
      await session?.compiler.close();
      session = undefined;
      await destroyWebGpu();
    },
  };
}

interface Session {
  readonly context: WebGpuContext;
  readonly compiler: Compiler;
  /** What the device reported after the fact: commands that it dropped, memory that it did not have. */
  readonly problems: string[];
}

async function openSession(): Promise<Session> {
  const context = await acquireWebGpu();
  const problems: string[] = [];
  context.device.onuncapturederror = ({ error }) => {
    problems.push(error.message);
  };
  return { context, compiler: openCompiler('webgpu'), problems };
}

function uploadTo(context: WebGpuContext, data: ArrayLike<number>): BufferResult {
  const { device } = context;
  const bytes = data.length * Float32Array.BYTES_PER_ELEMENT;
  const limit = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
  if (bytes > limit) {
    throw new Error(`It needs ${bytes} bytes, and this GPU takes ${limit} at once.`);
  }
  const buffer = device.createBuffer({ size: bytes, usage: residentUsage, mappedAtCreation: true });
  new Float32Array(buffer.getMappedRange()).set(data);
  buffer.unmap();
  return bufferResult(context, buffer, data.length);
}
