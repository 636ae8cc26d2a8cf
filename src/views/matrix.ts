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
  /** The row and column of the tensor where the matrix begins; 0, 0 where absent. */
  readonly offset?: readonly [number, number];
  /** What 99 of 100 values are no larger than in magnitude; absent where nobody may want to know. */
  readonly usual?: number;
  /** Values beyond low and high are marked: see `clipMatrix`. */
  readonly isClipped?: boolean;
  /** `zeros` where a value of exactly 0 was masked: a softmax gives no other zeros. */
  readonly masked?: 'zeros';
}

export interface MatrixAxis {
  /** The dim: `N`, `d`, `step`. */
  readonly name: string;
  readonly size: number;
  /** One label per position, where there is more to say than its index. */
  readonly labels: readonly string[] | undefined;
}

/** What a cell is, for its colour and its mark. */
export type CellKind =
  | 'value'
  | 'nan'
  | 'plusInfinity'
  | 'minusInfinity'
  | 'masked'
  | 'above'
  | 'below';

/** The kind of one cell's value. */
export function cellKind(
  value: number,
  matrix: Partial<Pick<Matrix, 'masked' | 'isClipped' | 'low' | 'high'>>,
): CellKind {
  if (Number.isFinite(value)) {
    if (matrix.isClipped === true) {
      if (value > (matrix.high ?? value)) return 'above';
      if (value < (matrix.low ?? value)) return 'below';
    }
    return value === 0 && matrix.masked === 'zeros' ? 'masked' : 'value';
  }
  if (Number.isNaN(value)) return 'nan';
  return value > 0 ? 'plusInfinity' : 'minusInfinity';
}

/** The range of the finite values; undefined where there is none. */
export function finiteRange(
  values: ArrayLike<number>,
): { readonly low: number; readonly high: number } | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i]);
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? { low, high } : undefined;
}

/**
 * A matrix with its colour range: symmetric about 0 for a diverging scale, from 0 for a sequential one.
 * A matrix without a finite value, or of zeros only, gets the range of ±1 or 0 … 1.
 */
export function matrixOf(
  parts: Pick<Matrix, 'rows' | 'columns' | 'values' | 'scale'> & Partial<Matrix>,
): Matrix {
  const { low, high } = parts;
  const range = low === undefined || high === undefined ? colourRange(parts) : { low, high };
  return { stride: [1, 1], ...parts, ...range };
}

/** Symmetric about 0 for a diverging scale, from 0 for a sequential one. */
function colourRange({ values, scale }: Pick<Matrix, 'values' | 'scale'>) {
  const { low, high } = finiteRange(values) ?? { low: 0, high: 0 };
  const most = Math.max(Math.abs(low), Math.abs(high)) || 1;
  if (scale === 'sequential') return { low: 0, high: most };
  return { low: -most, high: most, usual: usualSize(values) };
}

/** Enough values to tell what is usual. */
const mostSampled = 4096;

/** The 99th percentile of the magnitudes, of a sample where they are many; infinite where no value is finite. */
function usualSize(values: ArrayLike<number>): number {
  const step = Math.max(1, Math.floor(values.length / mostSampled));
  const sizes: number[] = [];
  for (let i = 0; i < values.length; i += step) {
    const value = Math.abs(values[i] ?? Number.NaN);
    if (Number.isFinite(value)) sizes.push(value);
  }
  sizes.sort((a, b) => a - b);
  return sizes[Math.floor(0.99 * (sizes.length - 1))] ?? Number.POSITIVE_INFINITY;
}

/** Whether a few values are so large that the others have nearly one colour. */
export function hasOutliers({ usual, high }: Pick<Matrix, 'usual' | 'high'>): boolean {
  return usual !== undefined && usual > 0 && usual < high / 2;
}

/** The same with colours for what is usual; what lies beyond is marked. */
export function clipMatrix(matrix: Matrix, usual = matrix.usual): Matrix {
  return usual === undefined ? matrix : { ...matrix, low: -usual, high: usual, isClipped: true };
}

/** A window onto a matrix, in cells of it. */
export interface MatrixWindow {
  readonly top: number;
  readonly left: number;
  readonly rows: number;
  readonly columns: number;
}

/** The cells of a window, made to lie within the matrix; the range of the colours stays, so that windows compare. */
export function cropMatrix(matrix: Matrix, window: MatrixWindow): Matrix {
  const top = bounded(window.top, matrix.rows.size - 1);
  const left = bounded(window.left, matrix.columns.size - 1);
  const rows = bounded(window.rows, matrix.rows.size - top);
  const columns = bounded(window.columns, matrix.columns.size - left);
  if (rows === matrix.rows.size && columns === matrix.columns.size) return matrix;
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const start = (top + row) * matrix.columns.size + left;
    values.set(matrix.values.subarray(start, start + columns), row * columns);
  }
  const [down, across] = matrix.offset ?? [0, 0];
  return {
    ...matrix,
    rows: cropAxis(matrix.rows, top, rows),
    columns: cropAxis(matrix.columns, left, columns),
    values,
    offset: [down + top * matrix.stride[0], across + left * matrix.stride[1]],
  };
}

function cropAxis(axis: MatrixAxis, start: number, size: number): MatrixAxis {
  return { name: axis.name, size, labels: axis.labels?.slice(start, start + size) };
}

function bounded(value: number, most: number): number {
  return Math.max(0, Math.min(most, Math.trunc(value)));
}
