import { type Matrix, type MatrixAxis, matrixOf } from './matrix.ts';

/**
 * The matrix pooled to at most `rows` × `columns` cells: every cell of the result stands for a block of stride[0] ×
 * stride[1] cells and holds the value of greatest magnitude in it, sign kept, so that a single peak stays visible.
 * A NaN in a block wins over everything, then an infinity. A matrix that already fits is returned as it is.
 */
export function poolMatrix(
  matrix: Matrix,
  limit: { readonly rows: number; readonly columns: number },
): Matrix {
  const down = Math.max(1, Math.ceil(matrix.rows.size / limit.rows));
  const across = Math.max(1, Math.ceil(matrix.columns.size / limit.columns));
  if (down === 1 && across === 1) return matrix;
  const rows = pooledAxis(matrix.rows, down);
  const columns = pooledAxis(matrix.columns, across);
  const values = new Float32Array(rows.size * columns.size);
  for (let row = 0; row < rows.size; row++) {
    for (let column = 0; column < columns.size; column++) {
      values[row * columns.size + column] = peak(matrix, row * down, column * across, down, across);
    }
  }
  const { low, high, usual, scale } = matrix;
  const stride = [matrix.stride[0] * down, matrix.stride[1] * across] as const;
  const marked = matrix.masked === undefined ? {} : { masked: matrix.masked };
  const placed = matrix.offset === undefined ? {} : { offset: matrix.offset };
  const known = usual === undefined ? {} : { usual };
  return matrixOf({
    rows,
    columns,
    values,
    scale,
    low,
    high,
    stride,
    ...known,
    ...marked,
    ...placed,
  });
}

function pooledAxis(axis: MatrixAxis, stride: number): MatrixAxis {
  if (stride === 1) return axis;
  const size = Math.ceil(axis.size / stride);
  return { name: axis.name, size, labels: axis.labels?.filter((_, index) => index % stride === 0) };
}

function peak(matrix: Matrix, top: number, left: number, down: number, across: number): number {
  const bottom = Math.min(top + down, matrix.rows.size);
  const right = Math.min(left + across, matrix.columns.size);
  let best = 0;
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) {
      const value = matrix.values[row * matrix.columns.size + column] ?? 0;
      if (Number.isNaN(value)) return value;
      if (Math.abs(value) > Math.abs(best)) best = value;
    }
  }
  return best;
}
