/** Where workers must wait for one another. */
import { rowsOf } from '../../../kernels/index.ts';
import type { Buffer } from './arena.ts';
import type { Entry, WrittenEntry } from './plan.ts';

/**
 * Instructions that touch nothing of one another's follow without waiting: the three projections of an attention layer
 * keep all workers busy as one. So do those that share the same rows, where each worker reads only what it wrote: the
 * steps of a norm. Places are compared, not values, since a place is used again once its value is not.
 */
export function withoutNeedlessBarriers(entries: readonly WrittenEntry[]): readonly Entry[] {
  let group: WrittenEntry[] = [];
  return entries.map((entry, at) => {
    const { node, instruction } = entry;
    group.push(entry);
    const next = entries[at + 1];
    const barrier = next === undefined || group.some((earlier) => mustWait(earlier, next));
    if (barrier) group = [];
    return { node, instruction, barrier };
  });
}

function mustWait(earlier: WrittenEntry, later: WrittenEntry): boolean {
  const rows = rowsOf(earlier.instruction);
  const sameRows = rows !== undefined && rows === rowsOf(later.instruction);
  return (
    overlap(earlier.writes, later.writes) ||
    later.reads.some(
      ({ buffer, byRow }) =>
        overlap(earlier.writes, buffer) && !(sameRows && byRow && buffer === earlier.writes),
    ) ||
    earlier.reads.some(({ buffer }) => overlap(buffer, later.writes))
  );
}

function overlap(a: Buffer, b: Buffer): boolean {
  return a.address < b.address + b.bytes && b.address < a.address + a.bytes;
}
