/** What the reliability tests count: little in `npm test`, much in `npm run reliability`, which keeps the figures. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where `npm run reliability` gathers figures. */
const { TBLOCK_RELIABILITY: folder } = process.env;

export const isLong = folder !== undefined;

/** How often: `few` in `npm test`, `many` in `npm run reliability`. */
export function scaled(few: number, many: number): number {
  return isLong ? many : few;
}

/** Keeps figures for a row of docs/reliability.md; short runs keep nothing. */
export function record(row: string, figures: Readonly<Record<string, string | number>>): void {
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${row}.json`), JSON.stringify(figures));
}

/** The value that a share of all is at or below; `1` is the largest. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32, Tommy Ettinger). */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
