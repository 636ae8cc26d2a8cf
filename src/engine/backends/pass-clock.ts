/** How long a GPU works at each compute pass, by its own clock: nobody has to wait between them. */
import type { Stopwatch } from './kernel-device.ts';

export interface PassClock {
  /** Passes begun from now on are added to this one. */
  readonly watch: (watch: Stopwatch) => void;
  /** Adds what was measured since the last time; resolves when those passes are over. */
  readonly collect: () => Promise<void>;
}

/** Two per pass; what WebGPU promises of one query set. */
const timestamps = 4096;
const bytes = timestamps * BigUint64Array.BYTES_PER_ELEMENT;
/** The names are globals only in a browser. */
const usage = { mapRead: 0x1, copySource: 0x4, copyTarget: 0x8, queryResolve: 0x200 };
const mapToRead = 0x1;

/** Undefined where the GPU gives no timestamps. gpu.js begins its passes itself, so those of a whole device are timed. */
export function passClock(device: GPUDevice): PassClock | undefined {
  if (!device.features.has('timestamp-query')) return undefined;
  const createCommandEncoder = device.createCommandEncoder.bind(device);
  const idle: GPUQuerySet[] = [];
  let current: Stopwatch | undefined;
  let full: MeasuredPasses[] = [];
  let open: MeasuredPasses | undefined;

  const nextWrites = (watch: Stopwatch): GPUComputePassTimestampWrites => {
    if (open !== undefined && open.watches.length * 2 === timestamps) {
      full.push(open);
      open = undefined;
    }
    open ??= {
      queries: idle.pop() ?? device.createQuerySet({ type: 'timestamp', count: timestamps }),
      watches: [],
    };
    const at = open.watches.push(watch) * 2 - 2;
    return { querySet: open.queries, beginningOfPassWriteIndex: at, endOfPassWriteIndex: at + 1 };
  };
  device.createCommandEncoder = (descriptor) => {
    const encoder = createCommandEncoder(descriptor);
    const begin = encoder.beginComputePass.bind(encoder);
    encoder.beginComputePass = (pass) =>
      begin(current ? { ...pass, timestampWrites: nextWrites(current) } : pass);
    return encoder;
  };
  return {
    watch: (watch) => {
      current = watch;
    },
    collect: async () => {
      const measured = open ? [...full, open] : full;
      [full, open] = [[], undefined];
      for (const passes of measured) {
        await readTimes(device, createCommandEncoder(), passes);
        idle.push(passes.queries);
      }
    },
  };
}

interface MeasuredPasses {
  readonly queries: GPUQuerySet;
  /** Of each pass, in order. */
  readonly watches: Stopwatch[];
}

async function readTimes(
  device: GPUDevice,
  encoder: GPUCommandEncoder,
  { queries, watches }: MeasuredPasses,
): Promise<void> {
  const { mapRead, copySource, copyTarget, queryResolve } = usage;
  const resolved = device.createBuffer({ size: bytes, usage: queryResolve | copySource });
  const readable = device.createBuffer({ size: bytes, usage: mapRead | copyTarget });
  encoder.resolveQuerySet(queries, 0, watches.length * 2, resolved, 0);
  encoder.copyBufferToBuffer(resolved, 0, readable, 0, bytes);
  device.queue.submit([encoder.finish()]);
  await readable.mapAsync(mapToRead);
  const times = new BigUint64Array(readable.getMappedRange());
  for (const [pass, watch] of watches.entries()) {
    const [begin = 0n, end = 0n] = times.subarray(2 * pass, 2 * pass + 2);
    // A GPU may set its clock back between two passes.
    if (end > begin) watch.milliseconds += Number(end - begin) / 1e6;
  }
  readable.destroy();
  resolved.destroy();
}
