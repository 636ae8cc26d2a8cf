import type { Axis, TensorValues } from '../trace/index.ts';
import { type Matrix, type MatrixWindow, matrixOf } from './matrix.ts';
import { poolMatrix } from './pool.ts';

/** A map this large is more than a screen shows: beyond it cells are pooled. */
export const largestMap = { rows: 512, columns: 1024 };

/** Which two axes lie down and across; the last two where absent. */
export type Plane = readonly [rows: number, columns: number];

/** A plane that the tensor has: two different axes of it, or the last two; −1 stands for an axis that is not there. */
export function clampPlane(axes: readonly Axis[], plane: Plane | undefined): Plane {
  const [rows, columns] = plane ?? [];
  const has = (axis: number | undefined) => axis !== undefined && axes[axis] !== undefined;
  if (
    rows !== undefined &&
    columns !== undefined &&
    has(rows) &&
    has(columns) &&
    rows !== columns
  ) {
    return [rows, columns];
  }
  return [axes.length < 2 ? -1 : axes.length - 2, axes.length - 1];
}

/** The axes beside the plane, in their order. */
export function otherAxes(axes: readonly Axis[], plane: Plane): readonly number[] {
  return [...axes.keys()].filter((axis) => !plane.includes(axis));
}

/** The index along every axis beside the plane, made to fit: missing ones are 0, too large ones the last. */
export function clampSlice(
  axes: readonly Axis[],
  slice: readonly number[],
  plane: Plane = clampPlane(axes, undefined),
): readonly number[] {
  return otherAxes(axes, plane).map((axis, i) => clampIndex(slice[i] ?? 0, axes[axis]?.size ?? 1));
}

/** The nearest index of an axis of that size; 0 where the axis is empty. */
export function clampIndex(index: number, size: number): number {
  return Math.max(0, Math.min(size - 1, Math.trunc(index) || 0));
}

/**
 * Two axes of a tensor at an index of the others: a scalar is 1 × 1, a vector one row. Integers (token ids) read
 * better on a sequential scale, all else is diverging about 0. Pooled to `limit`.
 */
export function tensorMatrix(
  values: TensorValues,
  slice: readonly number[],
  limit: { readonly rows: number; readonly columns: number } = largestMap,
  wanted?: Plane,
): Matrix {
  return poolMatrix(wholeMatrix(values, slice, wanted), limit);
}

/** The same with every value. */
export function wholeMatrix(
  values: TensorValues,
  slice: readonly number[],
  wanted?: Plane,
): Matrix {
  const { axes } = values.info;
  const plane = clampPlane(axes, wanted);
  const [rows, columns] = [axes[plane[0]]?.size ?? 1, axes[plane[1]]?.size ?? 1];
  return partMatrix(values, slice, plane, { top: 0, left: 0, rows, columns });
}

/** Only the cells of a window, in the range of what is in it unless another is given. */
export function partMatrix(
  values: TensorValues,
  slice: readonly number[],
  wanted: Plane | undefined,
  window: MatrixWindow,
  range?: Pick<Matrix, 'low' | 'high'>,
): Matrix {
  const { axes, dtype } = values.info;
  const plane = clampPlane(axes, wanted);
  const [down, across] = [axes[plane[0]], axes[plane[1]]];
  const top = clampIndex(window.top, down?.size ?? 1);
  const left = clampIndex(window.left, across?.size ?? 1);
  const rows = Math.min(Math.max(0, window.rows), (down?.size ?? 1) - top);
  const columns = Math.min(Math.max(0, window.columns), (across?.size ?? 1) - left);
  const strides = {
    down: plane[0] < 0 ? 0 : strideOf(axes, plane[0]),
    across: plane[1] < 0 ? 0 : strideOf(axes, plane[1]),
  };
  const start =
    sliceOffset(axes, clampSlice(axes, slice, plane), plane) +
    top * strides.down +
    left * strides.across;
  return matrixOf({
    rows: { name: down?.name ?? '', size: rows, labels: undefined },
    columns: { name: across?.name ?? '', size: columns, labels: undefined },
    values: planeValues(values.data, start, strides, { rows, columns }),
    scale: dtype === 'int' ? 'sequential' : 'diverging',
    ...(top === 0 && left === 0 ? {} : { offset: [top, left] as const }),
    ...range,
  });
}

/** How far apart neighbours along an axis lie, row-major. */
function strideOf(axes: readonly Axis[], axis: number): number {
  return axes.slice(axis + 1).reduce((product, { size }) => product * size, 1);
}

function sliceOffset(axes: readonly Axis[], slice: readonly number[], plane: Plane): number {
  return otherAxes(axes, plane).reduce(
    (place, axis, i) => place + (slice[i] ?? 0) * strideOf(axes, axis),
    0,
  );
}

/** Shared with the tensor where its rows lie one after another. */
function planeValues(
  data: TensorValues['data'],
  start: number,
  strides: { readonly down: number; readonly across: number },
  size: { readonly rows: number; readonly columns: number },
): Float32Array {
  const { down, across } = strides;
  const count = size.rows * size.columns;
  if (data instanceof Float32Array && across === 1 && (down === size.columns || size.rows === 1)) {
    return data.subarray(start, start + count);
  }
  const cells = new Float32Array(count);
  for (let row = 0; row < size.rows; row++) {
    for (let column = 0; column < size.columns; column++) {
      cells[row * size.columns + column] = data[start + row * down + column * across] ?? 0;
    }
  }
  return cells;
}
