import type { Axis, TensorValues } from '../trace/index.ts';
import { type Matrix, type MatrixAxis, matrixOf } from './matrix.ts';
import { poolMatrix } from './pool.ts';

/** A map this large is more than a screen shows: beyond it cells are pooled. */
export const largestMap = { rows: 512, columns: 1024 };

/** The index along every axis but the last two, made to fit: missing ones are 0, too large ones the last. */
export function clampSlice(axes: readonly Axis[], slice: readonly number[]): readonly number[] {
  return axes.slice(0, -2).map((axis, i) => clampIndex(slice[i] ?? 0, axis.size));
}

/** The nearest index of an axis of that size; 0 where the axis is empty. */
export function clampIndex(index: number, size: number): number {
  return Math.max(0, Math.min(size - 1, Math.trunc(index) || 0));
}

/**
 * The last two axes of a tensor at an index of the others: a scalar is 1 × 1, a vector one row. Integers (token ids)
 * read better on a sequential scale, all else is diverging about 0. Pooled to `limit`.
 */
export function tensorMatrix(
  values: TensorValues,
  slice: readonly number[],
  limit: { readonly rows: number; readonly columns: number } = largestMap,
): Matrix {
  const { axes, dtype } = values.info;
  const rows = matrixAxis(axes.at(-2));
  const columns = matrixAxis(axes.at(-1));
  const offset = sliceOffset(axes, clampSlice(axes, slice));
  const data = values.data.subarray(offset, offset + rows.size * columns.size);
  const scale = dtype === 'int' ? 'sequential' : 'diverging';
  return poolMatrix(matrixOf({ rows, columns, values: Float32Array.from(data), scale }), limit);
}

function matrixAxis(axis: Axis | undefined): MatrixAxis {
  return { name: axis?.name ?? '', size: axis?.size ?? 1, labels: undefined };
}

/** Where the matrix of the last two axes starts, row-major. */
function sliceOffset(axes: readonly Axis[], slice: readonly number[]): number {
  let place = 0;
  for (const [i, axis] of axes.slice(0, -2).entries()) place = place * axis.size + (slice[i] ?? 0);
  return place * (axes.at(-1)?.size ?? 1) * (axes.at(-2)?.size ?? 1);
}
