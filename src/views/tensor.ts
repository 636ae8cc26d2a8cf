import type { Axis, SourceRange } from '../trace/index.ts';
import type { Matrix } from './matrix.ts';
import type { TensorStatistics } from './statistics.ts';

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

/** Equal bins between low and high over the finite values. */
export interface Histogram {
  readonly low: number;
  readonly high: number;
  readonly counts: readonly number[];
}
