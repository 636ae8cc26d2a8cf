/**
 * Which variant is the fastest is measured and not guessed: it depends on the processor, on V8 and on its flags. V8 first
 * compiles fast and then well, in the background, so all take turns until none gets faster any more.
 */
import { encode, type TapeSegment } from './encode.ts';
import { type Exports, heapStart, instantiate, loadSegment, type SharedMemory } from './machine.ts';
import { compile, type Variant } from './variant.ts';

/** A fraction of a millisecond of work, in which whole tiles follow each other as in larger products. */
const size = { rows: 48, inner: 384, columns: 96 };
const operations = 2 * size.rows * size.inner * size.columns;

/** In milliseconds: how long none must have become faster, and when to stop at the latest. */
const patience = 15;
const limit = 120;

export interface Speed {
  readonly variant: Variant;
  /** 10⁹ floating-point operations per second on one thread. */
  readonly gigaflops: number;
}

/** How many bytes of the heap a measurement uses; zeros stay zeros. */
export const calibrationBytes =
  4 * (size.rows * size.inner + size.inner * size.columns + size.rows * size.columns);

/** Fastest first. */
export function rankVariants(variants: readonly Variant[], memory: SharedMemory): readonly Speed[] {
  loadSegment(memory, productOfZeros());
  const entries = variants.map((variant) => ({
    variant,
    machine: instantiate(compile(variant), memory),
    best: Number.POSITIVE_INFINITY,
  }));
  const start = performance.now();
  let improved = start;
  for (let now = start; now - improved < patience && now - start < limit; now = performance.now()) {
    for (const entry of entries) {
      const time = timeOf(entry.machine);
      if (time < entry.best * 0.95) improved = performance.now();
      entry.best = Math.min(entry.best, time);
    }
  }
  return entries
    .map(({ variant, best }) => ({ variant, gigaflops: operations / best / 1e6 }))
    .sort((a, b) => b.gigaflops - a.gigaflops);
}

function timeOf(machine: Exports): number {
  const start = performance.now();
  machine.run(1, 0, 1);
  return performance.now() - start;
}

function productOfZeros(): TapeSegment {
  const a = heapStart(1);
  const packed = a + 4 * size.rows * size.inner;
  const c = packed + 4 * size.inner * size.columns;
  const operand = { address: a, strides: [size.inner, 1] };
  const product = { ...size, a: operand, packed, bias: undefined, c, cRow: size.columns };
  return encode([{ kind: 'gemm', ...product }]).segments[0] as TapeSegment;
}
