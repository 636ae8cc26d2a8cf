import type { Axis, SourceRange, Trace } from '../trace/index.ts';
import type { Matrix } from './matrix.ts';
import { type Histogram, histogramOf, statisticsOf, type TensorStatistics } from './statistics.ts';
import { clampSlice, tensorMatrix } from './tensor-matrix.ts';

/** One tensor: statistics, a histogram and the last two axes as a matrix. */
export interface TensorView {
  readonly path: string;
  readonly axes: readonly Axis[];
  readonly operator: string;
  readonly source: SourceRange;
  readonly statistics: TensorStatistics;
  readonly histogram: Histogram;
  /** The index along every axis but the last two. */
  readonly slice: readonly number[];
  readonly matrix: Matrix;
}

/**
 * A tensor by path or alias; undefined where the trace has none. `slice` is the index along every axis but the last
 * two and is made to fit. Statistics are over the whole tensor, the matrix over the slice.
 */
export async function tensorView(
  trace: Trace,
  asked: { readonly path: string; readonly slice: readonly number[] },
): Promise<TensorView | undefined> {
  const values = await trace.read(asked.path);
  if (values === undefined) return undefined;
  const { info, data } = values;
  return {
    path: info.path,
    axes: info.axes,
    operator: info.operator,
    source: info.source,
    statistics: statisticsOf(data),
    histogram: histogramOf(data),
    slice: clampSlice(info.axes, asked.slice),
    matrix: tensorMatrix(values, asked.slice),
  };
}
