/** Both parts that compare with peers: who takes part, and the workloads one after another. */
import { installPeers } from './install.ts';
import {
  type Absent,
  nodeBinaries,
  type Participant,
  participants,
  pytorch,
} from './participants.ts';
import { type Compared, compare, type Effort } from './rounds.ts';
import type { Work } from './work.ts';

export interface BenchOptions {
  /** Few runs of the small sizes, for development; nothing is written. */
  readonly quick: boolean;
  /** Paths of further Node versions. */
  readonly nodes: readonly string[];
  /** Seconds that a round waits at most for idle cores. */
  readonly patience: number;
  /** Beginnings of the names of those that take part; all where it is empty. */
  readonly only: readonly string[];
}

export interface Comparison {
  readonly compared: readonly Compared[];
  readonly all: readonly (Participant | Absent)[];
  readonly effort: Effort;
}

export async function compareAll(
  works: readonly Work[],
  { quick, nodes, patience, only }: BenchOptions,
): Promise<Comparison> {
  installPeers();
  const all = [...participants(nodeBinaries(nodes)), ...pytorch()].filter(
    ({ name }) => only.length === 0 || only.some((start) => name.startsWith(start)),
  );
  const effort = {
    ...(quick ? { rounds: 2, turn: 50 } : { rounds: 7, turn: 150 }),
    patience: patience * 1000,
  };
  const compared: Compared[] = [];
  for (const work of works) {
    console.log(`${work.name} …`);
    compared.push(await compare(work, all, effort));
  }
  return { compared, all, effort };
}
