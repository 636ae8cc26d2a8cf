/** Over the finite values; the counts over all. */
export interface TensorStatistics {
  readonly count: number;
  readonly mean: number;
  /** Population standard deviation. */
  readonly std: number;
  readonly min: number;
  readonly max: number;
  /** Euclidean norm. */
  readonly norm: number;
  readonly nan: number;
  readonly infinite: number;
  readonly zeros: number;
}
