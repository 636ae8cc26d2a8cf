/** Finished runs that can still be looked at: the newest of each, and what it is compared with. */
import type { NameFact } from '../shapes/index.ts';
import type { Trace } from '../trace/index.ts';
import type { RunLabel } from '../views/index.ts';

export interface KeptRun {
  /** What is looked at: of a batch the chosen one. */
  trace: Trace;
  /** One per value of a batch of inputs; else the trace alone. */
  readonly traces: readonly Trace[];
  /** Names in the program's text. */
  readonly facts: readonly NameFact[];
  readonly dispose: () => void;
}

/** The run before the newest of the same name is kept for a comparison; earlier ones are let go. */
const mostAlike = 2;
/** Values live in memory, or on the device. */
const most = 6;

export class KeptRuns {
  #last = 0;
  /** By number, the newest last. */
  readonly #runs = new Map<number, KeptRun>();

  add(run: KeptRun): void {
    this.#runs.set(++this.#last, run);
    const alike = [...this.#runs].filter(([, other]) => nameOf(other) === nameOf(run));
    for (const [id] of alike.slice(0, -mostAlike)) this.#drop(id);
    for (const id of [...this.#runs.keys()].slice(0, -most)) this.#drop(id);
  }

  /** The newest run of a program. */
  latest(program: string): KeptRun | undefined {
    return this.#newestFirst().find(({ trace }) => trace.program === program);
  }

  /** The newest run that a place of this file took part in. */
  latestWith(uri: string): KeptRun | undefined {
    return this.#newestFirst().find(({ trace }) =>
      [...trace.tensors.values()].some(({ source }) => source.uri === uri),
    );
  }

  /** Of a batch: what is looked at from now on; undefined where there is no such value. */
  choose(program: string, item: number): Trace | undefined {
    const run = this.latest(program);
    const chosen = run?.traces[item];
    if (run !== undefined && chosen !== undefined) run.trace = chosen;
    return chosen;
  }

  byId(id: number): KeptRun | undefined {
    return this.#runs.get(id);
  }

  /** The newest first, the program's own newest marked: it is what everything else shows. */
  labels(program: string): readonly RunLabel[] {
    const current = this.latest(program);
    return [...this.#runs].reverse().map(([id, run]) => ({
      id,
      program: run.trace.program,
      run: run.trace.run,
      model: run.trace.model,
      isCurrent: run === current,
    }));
  }

  close(): void {
    for (const id of [...this.#runs.keys()]) this.#drop(id);
  }

  #newestFirst(): readonly KeptRun[] {
    return [...this.#runs.values()].reverse();
  }

  #drop(id: number): void {
    this.#runs.get(id)?.dispose();
    this.#runs.delete(id);
  }
}

function nameOf({ trace }: KeptRun): string {
  return `${trace.program} ${trace.run}`;
}
