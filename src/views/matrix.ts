/** A table of numbers with labels on both sides: what a heatmap draws. */
export interface Matrix {
  readonly rows: MatrixAxis;
  readonly columns: MatrixAxis;
  /** Row-major, rows.size × columns.size. NaN and infinities are kept: the drawing marks them. */
  readonly values: Float32Array;
  /** Range for the colours over the finite values; symmetric about 0 for a diverging scale. */
  readonly low: number;
  readonly high: number;
  readonly scale: 'sequential' | 'diverging';
  /** How many cells of the tensor one cell of the matrix stands for, per axis; 1 where exact. */
  readonly stride: readonly [number, number];
}

export interface MatrixAxis {
  /** The dim: `N`, `d`, `step`. */
  readonly name: string;
  readonly size: number;
  /** One label per position, where there is more to say than its index. */
  readonly labels: readonly string[] | undefined;
}
