/** A compiled variant on its memory: the calling thread can run a tape on it by itself. */
import {
  clockAt,
  countAt,
  progressAt,
  scratchAt,
  scratchBytes,
  tapeAt,
} from './assembly/layout.ts';
import type { TapeSegment } from './encode.ts';

const pageBytes = 65536;

/** One memory that every worker sees; its buffer is another object after it has grown. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}

export interface Exports {
  /** Runs the tape in memory as one of the workers; returns how many instructions were done. */
  run(count: number, worker: number, workers: number): number;
  /** 64 floating-point operations per step, in registers. */
  multiplyAdds(steps: number, factor: number, term: number): number;
}

/** Where what belongs to the caller begins. */
export function heapStart(threads: number): number {
  return scratchAt + Math.max(1, threads) * scratchBytes;
}

/** The largest memory that can be reserved, 4 GiB where the system allows; it is not filled before it is used. */
export function openMemory(threads: number): { memory: SharedMemory; maximumBytes: number } {
  const initial = Math.ceil(heapStart(threads) / pageBytes);
  // A page less than there can be: an address behind the last number must not be 0 again.
  for (let maximum = 65535; ; maximum = Math.floor(maximum / 2)) {
    try {
      const memory = new WebAssembly.Memory({ initial, maximum, shared: true });
      return { memory, maximumBytes: maximum * pageBytes };
    } catch (error) {
      if (!(error instanceof RangeError) || maximum / 2 < initial) throw error;
    }
  }
}

/** Grows the memory until addresses below `end` exist; false where that is not to be had. */
export function reserve(memory: SharedMemory, end: number): boolean {
  const missing = Math.ceil((end - memory.buffer.byteLength) / pageBytes);
  if (missing <= 0) return true;
  try {
    memory.grow(missing);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

export function instantiate(module: WebAssembly.Module, memory: SharedMemory): Exports {
  const imports = { env: { memory }, tape: { clock: () => performance.now() } };
  return new WebAssembly.Instance(module, imports).exports as Exports;
}

/** Puts a piece of a tape where the workers read it. */
export function loadSegment(memory: SharedMemory, { words, count }: TapeSegment): void {
  new Uint32Array(memory.buffer, tapeAt, words.length).set(words);
  const control = controlOf(memory);
  Atomics.store(control, progressAt / 4, 0);
  Atomics.store(control, countAt / 4, count);
}

export function controlOf({ buffer }: SharedMemory): Int32Array<SharedArrayBuffer> {
  return new Int32Array(buffer, 0, tapeAt / 4);
}

/** When the piece of a tape began and when each of its first instructions ended, in milliseconds. */
export function clockOf({ buffer }: SharedMemory, count: number): Float64Array {
  return new Float64Array(buffer, clockAt, count + 1).slice();
}
