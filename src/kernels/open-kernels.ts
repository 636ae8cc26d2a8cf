/** Opens the kernels: the fastest variant of this machine on one shared memory, and threads to run tapes on. */

import { setFlagsFromString } from 'node:v8';
import { t } from '@vscode/l10n';
import { mostWorkers } from './assembly/layout.ts';
import { calibrationBytes, rankVariants, type Speed } from './calibrate.ts';
import { heapStart, instantiate, openMemory, reserve, type SharedMemory } from './machine.ts';
import { openRunner, type Runner } from './runner.ts';
import { compile, isValid, type Variant, variantNames } from './variant.ts';
import { type Pool, startWorkers } from './workers.ts';

/**
 * For `execArgv` of a process made for the kernels: V8 then joins neighbouring vectors of four numbers into one of eight,
 * which doubles the speed of products on x64 from Node 24 on. They must never be set in a running process, which some
 * versions do not survive. A Node that does not know them ends with code 9 at once: start again without them.
 */
export const engineFlags: readonly string[] = ['--experimental-wasm-revectorize'];

export interface KernelOptions {
  /** How many workers; 0 runs everything on the calling thread. */
  readonly threads: number;
  /** Instead of the fastest. */
  readonly variant?: Variant | undefined;
}

export interface Kernels extends Runner {
  readonly available: true;
  readonly memory: SharedMemory;
  /** The first address that belongs to the caller. What is above it is 0 at first. */
  readonly heapStart: number;
  /** How far the memory can grow. */
  readonly maximumBytes: number;
  readonly variant: Variant;
  readonly threads: number;
  /** A sentence: why this variant and so many threads. */
  readonly reason: string;
  /** Makes the addresses below `end` exist; false where the memory cannot grow so far. */
  reserve(end: number): boolean;
  /** 64 · `steps` floating-point operations in the calling thread's registers: what a core can do at best. */
  multiplyAdds(steps: number): void;
  close(): Promise<void>;
}

export interface NoKernels {
  readonly available: false;
  /** A sentence. */
  readonly reason: string;
}

export async function openKernels(options: KernelOptions): Promise<Kernels | NoKernels> {
  const variants = usableVariants();
  if (variants.length === 0) {
    return { available: false, reason: t`WebAssembly has no SIMD instructions here.` };
  }
  const wanted = Math.min(options.threads, mostWorkers);
  const { memory, maximumBytes } = openMemory(wanted);
  const { variant, reason } = chooseVariant(options.variant, variants, memory);
  const module = compile(variant);
  const started = wanted > 0 ? await tryWorkers(wanted, module, memory) : { why: '' };
  const threads = started.pool === undefined ? 1 : wanted;
  const machine = instantiate(module, memory);
  return Object.assign(openRunner(memory, machine, started.pool, threads), {
    available: true as const,
    memory,
    heapStart: heapStart(wanted),
    maximumBytes,
    variant,
    threads,
    reason: `${reason}${started.why}`,
    reserve: (end: number) => reserve(memory, end),
    multiplyAdds: (steps: number) => void machine.multiplyAdds(steps, 0.999, 0.001),
    close: async () => started.pool?.close(),
  });
}

/** Node 20 has relaxed SIMD behind a flag, which may be set as long as nothing that uses it has been compiled. */
function usableVariants(): readonly Variant[] {
  if (!isValid('fma-3x12')) setFlagsFromString('--experimental-wasm-relaxed-simd');
  return variantNames.filter(isValid);
}

function chooseVariant(
  wanted: Variant | undefined,
  variants: readonly Variant[],
  memory: SharedMemory,
): { variant: Variant; reason: string } {
  if (wanted !== undefined && variants.includes(wanted)) {
    return { variant: wanted, reason: t`${wanted} was asked for.` };
  }
  reserve(memory, heapStart(1) + calibrationBytes);
  const speeds = rankVariants(variants, memory);
  const { variant } = speeds[0] as Speed;
  const measured = speeds.map((each) => `${each.variant} ${each.gigaflops.toFixed(0)} GF/s`);
  return { variant, reason: t`${variant} is the fastest here: ${measured.join(', ')}.` };
}

async function tryWorkers(
  count: number,
  module: WebAssembly.Module,
  memory: SharedMemory,
): Promise<{ pool?: Pool; why: string }> {
  try {
    return { pool: await startWorkers(count, module, memory), why: '' };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      why: ` ${t`Worker threads do not start (${message}), so one thread does everything.`}`,
    };
  }
}
