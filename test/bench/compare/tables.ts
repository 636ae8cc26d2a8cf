/** Results as Markdown. */
import { arch, cpus, platform, totalmem } from 'node:os';
import type { Absent, Participant } from './participants.ts';
import type { Compared, Measured, Outcome } from './rounds.ts';

/** A part of docs/performance.md. */
export interface Section {
  readonly title: string;
  readonly text: string;
}

/** Paragraphs and tables with a line between them; empty ones are left out. */
export function textOf(paragraphs: readonly string[]): string {
  return paragraphs.filter((paragraph) => paragraph !== '').join('\n\n');
}

/** One row per participant, one column per workload. */
export function tableOf(
  compared: readonly Compared[],
  names: readonly string[],
  cell: (measured: Measured, column: Compared) => string,
): string {
  const rows = names.map((name) => [
    name,
    ...compared.map((column) => cellOf(column.outcomes.get(name), (each) => cell(each, column))),
  ]);
  return markdownTable(['', ...compared.map(({ work }) => work.name)], rows);
}

/** Time of ours over the time of each peer: below 1, TBlock is faster. */
export function ratiosOf(compared: readonly Compared[], ours: string, names: readonly string[]) {
  return tableOf(compared, names, (peer, { outcomes }) => {
    const own = outcomes.get(ours);
    return own?.kind === 'measured' ? (own.median / peer.median).toFixed(2) : '–';
  });
}

/** Milliseconds to three digits. */
export function milliseconds({ median }: Measured): string {
  return median >= 100 ? median.toFixed(0) : median.toPrecision(3);
}

/** Why something is missing, once per participant and reason; and how quiet the machine was. */
export function remarks(compared: readonly Compared[]): string {
  const lines = new Map<string, string[]>();
  for (const { work, outcomes } of compared) {
    for (const [name, outcome] of outcomes) {
      if (outcome.kind === 'measured') continue;
      const key = `${name}: ${outcome.reason}`;
      lines.set(key, [...(lines.get(key) ?? []), work.name]);
    }
  }
  const missing = [...lines].map(([what, where]) =>
    where.length === compared.length ? `- ${what}.` : `- ${what} (${where.join('; ')}).`,
  );
  const busy = compared.reduce((sum, { busyRounds }) => sum + busyRounds, 0);
  const noise =
    busy > 0 ? [`- ${busy} rounds ran although other programs kept the cores busy.`] : [];
  const all = [...missing, ...noise];
  return all.length === 0 ? '' : ['Missing or uncertain:', '', ...all].join('\n');
}

/** Every version that took part. */
export function versionsOf(compared: readonly Compared[]): string {
  const versions = new Set(
    compared.flatMap(({ outcomes }) =>
      [...outcomes.values()].flatMap((each) => (each.kind === 'measured' ? [each.versions] : [])),
    ),
  );
  return [...versions].sort().join('; ');
}

export function machine(): string {
  const model = cpus()[0]?.model.trim().replaceAll(/\s+/g, ' ') ?? 'unknown processor';
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${model}, ${cpus().length} cores, ${memory} GiB, ${platform()} ${arch()}`;
}

export function namesOf(all: readonly (Participant | Absent)[]): readonly string[] {
  return all.map(({ name }) => name);
}

function cellOf(outcome: Outcome | undefined, cell: (measured: Measured) => string): string {
  return outcome?.kind === 'measured' ? cell(outcome) : '–';
}

/** Numbers to the right, padded so that it can be read in a terminal too. */
function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) =>
    Math.max(3, title.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, i) =>
    i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
