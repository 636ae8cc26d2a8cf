/** Runs one workload in every participant: all are checked against ours, then timed in turns. */
import { readFileSync } from 'node:fs';
import { cacheFolder } from '../paths.ts';
import { alone, untilIdle } from './idle.ts';
import type { Absent, Participant } from './participants.ts';
import { PeerProcess } from './peer-process.ts';
import { writeTensors } from './program.ts';
import type { Work } from './work.ts';

export interface Effort {
  readonly rounds: number;
  /** How long one turn of one participant lasts at least, in milliseconds. */
  readonly turn: number;
  /** How long a round waits for idle cores, in milliseconds. */
  readonly patience: number;
}

export type Outcome = Measured | { readonly kind: 'absent' | 'not run'; readonly reason: string };

export interface Measured {
  readonly kind: 'measured';
  readonly versions: string;
  /** Milliseconds of one run: the median over the rounds of each turn's median, and the fastest and slowest turn. */
  readonly median: number;
  readonly fastest: number;
  readonly slowest: number;
  /** MiB of the whole process, weights included. */
  readonly memory: number | undefined;
}

export interface Compared {
  readonly work: Work;
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** Rounds in which the cores stayed busy with something else. */
  readonly busyRounds: number;
}

interface Ready {
  readonly name: string;
  readonly process: PeerProcess;
  readonly versions: string;
  readonly turns: number[];
  /** Why it ended before its last turn. */
  failure?: string;
}

/** Of the largest value of a tensor: float32 sums in another order stay far below. */
const tolerance = 1e-3;

export async function compare(
  work: Work,
  all: readonly (Participant | Absent)[],
  effort: Effort,
): Promise<Compared> {
  writeTensors(work);
  const outcomes = new Map<string, Outcome>();
  const ready: Ready[] = [];
  let expected: Checked | undefined;
  try {
    for (const each of all) {
      if ('reason' in each || !each.takes(work)) {
        outcomes.set(each.name, notStarted(each));
        continue;
      }
      const started = await start(each, work);
      if (typeof started === 'string') {
        outcomes.set(each.name, { kind: 'absent', reason: started });
        continue;
      }
      const { checked, ...running } = started;
      ready.push(running);
      expected ??= checked;
      const error = largestError(checked, expected);
      if (error <= tolerance) continue;
      // A wrong result is no time, and the first is ours.
      ready.pop();
      await running.process.end();
      const reason = `differs from TBlock by ${error.toExponential(1)} of the largest value`;
      outcomes.set(each.name, { kind: 'absent', reason });
    }
    const busyRounds = await timeInTurns(ready, effort);
    for (const each of ready) outcomes.set(each.name, outcomeOf(each));
    return { work, outcomes, busyRounds };
  } finally {
    for (const { process } of ready) await process.end();
  }
}

function notStarted(each: Participant | Absent): Outcome {
  return 'reason' in each
    ? { kind: 'absent', reason: each.reason }
    : { kind: 'not run', reason: 'left out, because it would take too long' };
}

async function timeInTurns(
  ready: readonly Ready[],
  { rounds, turn, patience }: Effort,
): Promise<number> {
  let busyRounds = 0;
  // The first round warms up: compilers reach their last tier.
  for (let round = 0; round <= rounds; round += 1) {
    const deadline = performance.now() + (round === 0 ? 0 : patience);
    let quiet = true;
    for (const each of ready.filter(({ failure }) => failure === undefined)) {
      try {
        const { times, undisturbed } = await takeTurn(each.process, turn, deadline);
        quiet &&= undisturbed;
        if (round > 0) each.turns.push(median(times));
      } catch (error) {
        each.failure = messageOf(error);
      }
    }
    if (!quiet && round > 0) busyRounds += 1;
  }
  return busyRounds;
}

/** Waits until the cores are idle, and once more where somebody else came to compute meanwhile. */
async function takeTurn(process: PeerProcess, milliseconds: number, deadline: number) {
  for (;;) {
    const idle = await untilIdle(Math.max(0, deadline - performance.now()));
    let times: readonly number[] = [];
    const undisturbed = await alone(
      () => process.computed,
      async () => {
        ({ times = [] } = await process.ask({ do: 'time', milliseconds }));
      },
    );
    if (undisturbed || performance.now() > deadline)
      return { times, undisturbed: idle && undisturbed };
  }
}

function outcomeOf({ process, versions, turns, failure }: Ready): Outcome {
  if (failure !== undefined) return { kind: 'absent', reason: failure };
  return {
    kind: 'measured',
    versions,
    median: median(turns),
    fastest: Math.min(...turns),
    slowest: Math.max(...turns),
    memory: process.peakMebibytes,
  };
}

/** The reason where it cannot be had. */
async function start(
  { name, commands }: Participant,
  work: Work,
): Promise<(Ready & { readonly checked: Checked }) | string> {
  let reason = '';
  for (const command of commands) {
    const process = new PeerProcess(command);
    try {
      const { versions = name } = await process.ask({ do: 'prepare', work });
      const checked = await check(process, work);
      return { name, process, versions, turns: [], checked };
    } catch (error) {
      await process.end();
      reason = messageOf(error);
    }
  }
  return reason;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The values to be compared, one array per name. */
type Checked = readonly Float32Array[];

async function check(process: PeerProcess, work: Work): Promise<Checked> {
  const file = `${cacheFolder}checked.f32`;
  const { lengths = [] } = await process.ask({ do: 'check', names: work.checked, file });
  const bytes = new Uint8Array(readFileSync(file));
  let start = 0;
  return lengths.map((length) => {
    const values = new Float32Array(bytes.buffer, start * 4, length);
    start += length;
    return values;
  });
}

/** Over all tensors, as a part of the tensor's largest value; infinite where a length differs or a NaN is met. */
function largestError(checked: Checked, expected: Checked): number {
  const errors = expected.map((wanted, i) => {
    const values = checked[i] ?? new Float32Array();
    if (values.length !== wanted.length) return Number.POSITIVE_INFINITY;
    let [largest, worst] = [0, 0];
    for (const [at, value] of wanted.entries()) {
      largest = Math.max(largest, Math.abs(value));
      const error = Math.abs((values[at] ?? Number.NaN) - value);
      worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(worst, error);
    }
    return worst / largest;
  });
  return Math.max(...errors);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
