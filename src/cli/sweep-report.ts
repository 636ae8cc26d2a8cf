/** What `tblock run` says of the metrics of a run or a family of runs: a table, and JSON. */
import type { SweepResult } from '../trace/index.ts';
import { nestedData } from './values.ts';

/** A table per metric: the last variable across, the others down. A plain run's is one number. */
export function sweepText({ axes, metrics }: SweepResult): string {
  return metrics.map(({ name, values }) => table(name, axes, values)).join('\n');
}

function table(name: string, axes: SweepResult['axes'], values: Float64Array): string {
  const across = axes.at(-1);
  if (across === undefined) return `metric ${name} = ${numberText(values[0] ?? Number.NaN)}\n`;
  // One variable alone goes down, where there is room for any number of values.
  const isList = axes.length === 1;
  const width = isList ? 1 : across.values.length;
  const head = isList
    ? [name]
    : [name, ...across.values.map((value) => `${across.name} = ${value}`)];
  const rows = Array.from({ length: values.length / width }, (_, row) => [
    rowName(isList ? axes : axes.slice(0, -1), row),
    ...[...values.subarray(row * width, (row + 1) * width)].map(numberText),
  ]);
  return aligned([head, ...rows]);
}

function rowName(axes: SweepResult['axes'], row: number): string {
  let rest = row;
  const parts: string[] = [];
  for (const { name, values } of [...axes].reverse()) {
    parts.unshift(`${name} = ${values[rest % values.length]}`);
    rest = Math.floor(rest / values.length);
  }
  return parts.join(', ');
}

/** As many digits as a float32 has. */
function numberText(value: number): string {
  return String(Number(value.toPrecision(7)));
}

/** The first column to the left, the others to the right. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return `${rows.map(line).join('\n')}\n`;
}

/** Values nested by the variables, as in NumPy's `tolist`. */
export function sweepData({ axes, metrics }: SweepResult) {
  const shape = axes.map(({ values }) => values.length);
  return {
    axes: axes.map(({ name, values }) => ({ name, values })),
    metrics: metrics.map(({ name, values }) => ({ name, values: nestedData(values, shape) })),
  };
}
