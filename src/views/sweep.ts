import type { SweepResult, Trace } from '../trace/index.ts';
import { type Matrix, matrixOf } from './matrix.ts';
import { poolMatrix } from './pool.ts';
import { clampIndex, largestMap } from './tensor-matrix.ts';

/** The metrics of a family of runs: one of them, over its last two variables. */
export interface SweepView {
  readonly metric: number;
  readonly axes: SweepResult['axes'];
  /** The index along every axis but the last two. */
  readonly slice: readonly number[];
  readonly matrix: Matrix;
  /** The combinations where the metric is least and greatest, over all axes; undefined where it is nowhere finite. */
  readonly extremes: { readonly least: SweepPlace; readonly greatest: SweepPlace } | undefined;
}

/** One combination, its variables' values in the order of the axes, and the metric there. */
export interface SweepPlace {
  readonly at: readonly number[];
  readonly value: number;
}

/** Undefined where the run kept no metric. `metric` and `slice` are made to fit. */
export function sweepView(
  { sweep }: Pick<Trace, 'sweep'>,
  asked: { readonly metric: number; readonly slice: readonly number[] },
): SweepView | undefined {
  const metric = clampIndex(asked.metric, sweep?.metrics.length ?? 0);
  const kept = sweep?.metrics[metric];
  if (sweep === undefined || kept === undefined) return undefined;
  const { axes } = sweep;
  const [rows, columns] = [axes.at(-2), axes.at(-1)];
  const slice = axes
    .slice(0, -2)
    .map(({ values }, i) => clampIndex(asked.slice[i] ?? 0, values.length));
  const size = (rows?.values.length ?? 1) * (columns?.values.length ?? 1);
  const start =
    slice.reduce((at, index, i) => at * (axes[i]?.values.length ?? 1) + index, 0) * size;
  const values = Float32Array.from(kept.values.subarray(start, start + size));
  const matrix = matrixOf({
    ...{ rows: axisOf(rows, kept.name), columns: axisOf(columns, kept.name), values },
    scale: values.some((value) => value < 0) ? 'diverging' : 'sequential',
  });
  return {
    metric,
    axes,
    slice,
    matrix: poolMatrix(matrix, largestMap),
    extremes: extremesOf(axes, kept.values),
  };
}

function axisOf(axis: SweepResult['axes'][number] | undefined, metric: string): Matrix['rows'] {
  if (axis === undefined) return { name: '', size: 1, labels: [metric] };
  return { name: axis.name, size: axis.values.length, labels: axis.values.map(String) };
}

function extremesOf(axes: SweepResult['axes'], values: Float64Array): SweepView['extremes'] {
  let [least, greatest] = [-1, -1];
  for (const [i, value] of values.entries()) {
    if (!Number.isFinite(value)) continue;
    if (least < 0 || value < (values[least] ?? 0)) least = i;
    if (greatest < 0 || value > (values[greatest] ?? 0)) greatest = i;
  }
  const place = (flat: number) => ({ at: valuesAt(axes, flat), value: values[flat] ?? Number.NaN });
  return least < 0 ? undefined : { least: place(least), greatest: place(greatest) };
}

/** The last axis varies fastest. */
function valuesAt(axes: SweepResult['axes'], flat: number): readonly number[] {
  const at: number[] = [];
  let rest = flat;
  for (const { values } of axes.toReversed()) {
    at.unshift(values[rest % values.length] ?? Number.NaN);
    rest = Math.floor(rest / values.length);
  }
  return at;
}
