/** gpu.js on a GPU, through WebGPU. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import { type Adapter, largestBuffer } from './adapter.ts';
import {
  acquireWebGpu,
  type BufferResult,
  bufferResult,
  type Compiler,
  destroyWebGpu,
  leaveToItsHolder,
  openCompiler,
  type WebGpuContext,
} from './gpu-js.ts';
import { argumentType, type KernelDevice, OutOfMemory } from './kernel-device.ts';
import { dispatchOf, type NativePrograms, nativePrograms } from './native-programs.ts';
import { type PassClock, passClock } from './pass-clock.ts';

/** STORAGE | COPY_SRC and MAP_READ | COPY_DST: the names are globals only in a browser. */
const usage = { resident: 0x80 | 0x04, readable: 0x01 | 0x08 };
const mapToRead = 0x01;

export function webGpuDevice({
  description,
  report,
  largestValue,
}: Adapter): KernelDevice<BufferResult> {
  let session: Session | undefined;
  const current = () => {
    if (session === undefined) throw new Error('The device is not open.');
    return session;
  };
  const stopwatch: Pick<KernelDevice<BufferResult>, 'watch'> = report.timedBy === 'GPU timestamps'
    ? { watch: (watch) => current().clock?.watch(watch) }
    : {};
  return {
    name: 'gpu',
    description: t`gpu.js webgpu on ${description}`,
    adapter: report,
    largestValue,
    open: async () => {
      if (session !== undefined && !session.context.isLost) return 'as it was';
      await session?.compiler.close();
      session = await openSession();
      return 'new';
    },
    upload: (length, fill) => uploadTo(current().context, length, fill),
    run: async (kernel, args, length) => {
      const { compiler } = current();
      const { compiled, isNew } = compiler.compile(kernel, args.map(argumentType));
      compiled.setOutput([length]);
      const start = performance.now();
      const result = await compiled(
        ...args.map((argument) => (argument.kind === 'number' ? argument.number : argument.values)),
      );
      // The first call translates and compiles; what it asks of the GPU is done later.
      const compileMilliseconds = isNew ? performance.now() - start : 0;
      return { values: leaveToItsHolder(result as BufferResult), compileMilliseconds };
    },
    own: {
      take: (form) => dispatchOf(form) !== undefined,
      run: async (form, operands, length) => {
        const { context, programs } = current();
        const dispatch = dispatchOf(form);
        if (dispatch === undefined) throw new Error(`There is no program for a ${form.kind}.`);
        const result = createBuffer(context.device, length, false);
        const buffers = [...operands.map(({ buffer }) => buffer), result];
        const compileMilliseconds = await programs.run(dispatch, buffers);
        return { values: bufferResult(context, result, length), compileMilliseconds };
      },
    },
    ...stopwatch,
    read: (values) => readFrom(current(), values),
    free: (values) => values.delete(),
    settle: () => settle(current()),
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
  readonly programs: NativePrograms;
  readonly clock: PassClock | undefined;
  /** Rejects when the device is lost. */
  readonly lost: Promise<never>;
  /** What the device reported after the fact: commands that it dropped, memory that it did not have. */
  readonly problems: GPUError[];
}

async function openSession(): Promise<Session> {
  const context = await acquireWebGpu();
  const { device } = context;
  const problems: GPUError[] = [];
  device.onuncapturederror = ({ error }) => {
    problems.push(error);
  };
  const lost = device.lost.then(({ message }) => {
    throw new Error(`The GPU was lost (${message}).`);
  });
  // Whoever waits for the device hears of it.
  lost.catch(() => {});
  const clock = clocks.get(device) ?? passClock(device);
  if (clock !== undefined) clocks.set(device, clock);
  const programs = nativePrograms(device);
  return { context, compiler: openCompiler('webgpu'), programs, clock, lost, problems };
}

/** A device is timed once, also where two backends share it. */
const clocks = new WeakMap<GPUDevice, PassClock>();

/** All that was asked for is done, or the device says why not. */
async function settle({ context, clock, lost, problems }: Session): Promise<void> {
  const done = Promise.all([context.device.queue.onSubmittedWorkDone(), clock?.collect()]);
  await unlessLost(lost, done);
  const found = problems.splice(0);
  const shortage = found.find((problem) => problem.constructor.name === 'GPUOutOfMemoryError');
  if (shortage !== undefined) throw new OutOfMemory(shortage.message);
  const [problem] = found;
  if (problem !== undefined) throw new Error(problem.message);
}

/** A lost device calls its work done, or ends it without a word; so the loss is asked for first. */
async function unlessLost<Result>(lost: Promise<never>, work: Promise<Result>): Promise<Result> {
  await work.catch(() => {});
  await Promise.race([lost, nextTurn()]);
  return work;
}

function uploadTo(
  context: WebGpuContext,
  length: number,
  fill: (target: Float32Array) => void,
): BufferResult {
  const buffer = createBuffer(context.device, length, true);
  try {
    fill(new Float32Array(buffer.getMappedRange()));
  } catch (error) {
    buffer.destroy();
    throw error;
  }
  buffer.unmap();
  return bufferResult(context, buffer, length);
}

function createBuffer(device: GPUDevice, length: number, mapped: boolean): GPUBuffer {
  const size = length * Float32Array.BYTES_PER_ELEMENT;
  const limit = largestBuffer(device.limits);
  if (size > limit) {
    throw new Error(`It needs ${size} bytes, and this GPU takes ${limit} at once.`);
  }
  try {
    return device.createBuffer({ size, usage: usage.resident, mappedAtCreation: mapped });
  } catch (error) {
    // What is mapped at once is allocated at once.
    if (!(error instanceof RangeError)) throw error;
    throw new OutOfMemory(t`${size} bytes could not be had.`, { cause: error });
  }
}

async function readFrom({ context, lost }: Session, values: BufferResult): Promise<Float32Array> {
  const { device } = context;
  const size = values.output[0] * Float32Array.BYTES_PER_ELEMENT;
  const staging = device.createBuffer({ size, usage: usage.readable });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(values.buffer, 0, staging, 0, size);
  device.queue.submit([encoder.finish()]);
  try {
    await unlessLost(lost, staging.mapAsync(mapToRead));
    return new Float32Array(staging.getMappedRange().slice(0));
  } finally {
    staging.destroy();
  }
}
