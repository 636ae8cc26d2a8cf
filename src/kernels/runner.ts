/** Runs tapes piece by piece, on the calling thread or on workers, and keeps account of how far they came. */
import { progressAt, stopAt, stoppedAt } from './assembly/layout.ts';
import type { Tape } from './encode.ts';
import { clockOf, controlOf, type Exports, loadSegment, type SharedMemory } from './machine.ts';
import type { Pool } from './workers.ts';

export interface RunOptions {
  /** How many take part, all workers unless said. 1 means the calling thread, if `background` is not set. */
  readonly threads?: number;
  readonly background?: boolean;
}

export interface Runner {
  /** Instructions that the present or last run has finished. */
  readonly progress: number;
  /** Of the last run, in milliseconds: when each of its instructions began, and at the end when the last one ended. */
  readonly timings: Float64Array;
  /**
   * Runs a tape and gives the number of instructions that were done: all, unless it was stopped. On the calling thread
   * at once, on workers as a promise. One run at a time.
   */
  run(tape: Tape, options?: RunOptions): number | Promise<number>;
  /** Ends the present run after the instructions that the workers are at. */
  stop(): void;
}

export function openRunner(
  memory: SharedMemory,
  machine: Exports,
  pool: Pool | undefined,
  threads: number,
): Runner {
  const control = controlOf(memory);
  let running = false;
  let done = 0;
  let boundaries: number[] = [];

  function begin(): void {
    if (running) throw new Error('The kernels are running another tape.');
    running = true;
    done = 0;
    boundaries = [];
    Atomics.store(control, stopAt / 4, 0);
    Atomics.store(control, stoppedAt / 4, 0);
  }

  /** Adds a piece of the tape; whether to go on with the next. */
  function account(count: number): boolean {
    boundaries.splice(done, 1, ...clockOf(memory, count));
    Atomics.store(control, progressAt / 4, 0);
    done += count;
    return Atomics.load(control, stopAt / 4) === 0;
  }

  function runHere(tape: Tape): number {
    begin();
    try {
      for (const segment of tape.segments) {
        loadSegment(memory, segment);
        if (!account(machine.run(segment.count, 0, 1))) break;
      }
      return done;
    } finally {
      running = false;
    }
  }

  async function runOn(workers: Pool, count: number, tape: Tape): Promise<number> {
    begin();
    try {
      for (const segment of tape.segments) {
        loadSegment(memory, segment);
        if (!account(await workers.run(count))) break;
      }
      return done;
    } finally {
      running = false;
    }
  }

  return {
    get progress() {
      return done + Atomics.load(control, progressAt / 4);
    },
    get timings() {
      return Float64Array.from(boundaries);
    },
    run: (tape, { threads: wanted = threads, background = false } = {}) => {
      const count = Math.max(1, Math.min(wanted, threads));
      if (pool === undefined || (count === 1 && !background)) return runHere(tape);
      return runOn(pool, count, tape);
    },
    stop: () => {
      Atomics.store(control, stopAt / 4, 1);
    },
  };
}
