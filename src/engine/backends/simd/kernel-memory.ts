/** The kernels' memory: where plans find places, and where numbers are written and read. */
import { t } from '@vscode/l10n';
import { encode, type Kernels, type Tape } from '../../../kernels/index.ts';
import { countOf, walk } from '../../../ops/index.ts';
import { MemoryShort, RunStopped } from '../../backend.ts';
import { Arena, type Buffer } from './arena.ts';
import { isDense } from './layout.ts';
import { addressOf, type Entry, type Packing, type Place } from './plan.ts';

/** How often a person is told how far a run is, in milliseconds. */
const progressInterval = 50;

export class KernelMemory {
  readonly arena: Arena;
  readonly kernels: Kernels;
  /** Up to where places have been given out. */
  #top: number;

  constructor(kernels: Kernels) {
    this.kernels = kernels;
    this.#top = kernels.heapStart;
    this.arena = new Arena((bytes) => {
      const start = this.#top;
      if (start + bytes > kernels.maximumBytes) return undefined;
      this.#top += bytes;
      return { start, end: this.#top };
    });
  }

  get threads(): number {
    return this.kernels.threads;
  }

  /** Makes all places exist that plans have given out. Throws MemoryShort. */
  reserve(): void {
    if (this.kernels.reserve(this.#top)) return;
    throw new MemoryShort(
      t`The system gives no more than ${this.kernels.memory.buffer.byteLength} bytes.`,
    );
  }

  /** The numbers themselves, not a copy; only until the memory grows. */
  numbers({ address }: Buffer, length: number): Float32Array {
    return new Float32Array(this.kernels.memory.buffer, address, length);
  }

  /** The same for numbers of 16 bits. */
  bits({ address }: Buffer, length: number): Uint16Array {
    return new Uint16Array(this.kernels.memory.buffer, address, length);
  }

  /** A copy in row-major order. */
  valuesAt({ buffer, layout }: Place): Float32Array {
    const count = countOf(layout.shape);
    const all = new Float32Array(this.kernels.memory.buffer);
    const start = addressOf(buffer, layout) / Float32Array.BYTES_PER_ELEMENT;
    if (isDense(layout)) return all.slice(start, start + count);
    const values = new Float32Array(count);
    walk(layout.shape, [layout.strides], (at, [offset = 0]) => {
      values[at] = all[start + offset] as number;
    });
    return values;
  }

  /** Arranges a matrix within `whole` for the matrix kernel, on the calling thread. */
  pack(whole: Buffer, { inner, columns, layout }: Packing, target: Buffer): void {
    const b = { address: addressOf(whole, layout), strides: layout.strides };
    const packing = { inner, columns, b, stored: 'f32', target: target.address } as const;
    const done = this.kernels.run(encode([{ kind: 'pack', ...packing }]), { threads: 1 });
    if (typeof done !== 'number') throw new Error('One thread runs at once.');
  }

  tapeOf(entries: readonly Entry[]): Tape {
    return encode(
      entries.map(({ instruction }) => instruction),
      (at) => entries[at]?.barrier !== false,
    );
  }

  /** Throws RunStopped. @returns when each instruction began, and when the last one ended, in milliseconds */
  async run(
    tape: Tape,
    threads: number,
    signal: AbortSignal,
    onProgress: (done: number) => void,
  ): Promise<Float64Array> {
    const { kernels } = this;
    const running = kernels.run(tape, { threads });
    if (typeof running !== 'number') await watched(running, kernels, signal, onProgress);
    if (signal.aborted) throw new RunStopped(t`The run was stopped.`);
    return kernels.timings;
  }
}

async function watched(
  running: Promise<number>,
  kernels: Kernels,
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<void> {
  const timer = setInterval(() => onProgress(kernels.progress), progressInterval);
  const stop = () => kernels.stop();
  signal.addEventListener('abort', stop);
  try {
    await running;
  } finally {
    clearInterval(timer);
    signal.removeEventListener('abort', stop);
  }
}
