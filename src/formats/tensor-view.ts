/** Parts of a stored tensor, as NumPy's views are: nothing moves until the values are read. */

/** Element i₀ i₁ … lies at offset + Σ iₐ·strideₐ, counted in elements. */
export interface TensorView {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
}

/** One axis of a slice: a range keeps the axis, an index drops it, a new axis has length 1. */
export type ViewItem =
  | { readonly kind: 'range'; readonly start: number; readonly stop: number }
  | { readonly kind: 'at'; readonly index: number }
  | { readonly kind: 'new axis' };

/** All of a tensor that lies in row-major order, or with its first axis running fastest. */
export function wholeView(
  shape: readonly number[],
  order: 'row-major' | 'column-major' = 'row-major',
): TensorView {
  const product = (lengths: readonly number[]) => lengths.reduce((a, b) => a * b, 1);
  const strides = shape.map((_, axis) =>
    product(order === 'row-major' ? shape.slice(axis + 1) : shape.slice(0, axis)),
  );
  return { shape, strides, offset: 0 };
}

/** The last two axes swapped; undefined where there are no two. */
export function transposedView({ shape, strides, offset }: TensorView): TensorView | undefined {
  if (shape.length < 2) return undefined;
  return { shape: swapped(shape), strides: swapped(strides), offset };
}

/** One item for every axis, in order; undefined where one is out of range. */
export function slicedView(view: TensorView, items: readonly ViewItem[]): TensorView | undefined {
  const shape: number[] = [];
  const strides: number[] = [];
  let { offset } = view;
  let axis = 0;
  for (const item of items) {
    if (item.kind === 'new axis') {
      shape.push(1);
      strides.push(0);
      continue;
    }
    const [length = 0, stride = 0] = [view.shape[axis], view.strides[axis]];
    axis++;
    if (item.kind === 'at') {
      if (item.index < 0 || item.index >= length) return undefined;
      offset += item.index * stride;
      continue;
    }
    if (item.start < 0 || item.start > item.stop || item.stop > length) return undefined;
    offset += item.start * stride;
    shape.push(item.stop - item.start);
    strides.push(stride);
  }
  return { shape, strides, offset };
}

/** First element that the view needs, and the one after the last. Equal where it has no elements. */
export function extentOf({ shape, strides, offset }: TensorView): readonly [number, number] {
  if (shape.includes(0)) return [offset, offset];
  const last = shape.reduce((at, length, axis) => at + (length - 1) * (strides[axis] ?? 0), offset);
  return [offset, last + 1];
}

/** Whether the elements lie one after the other in row-major order. */
export function isContiguous({ shape, strides }: TensorView): boolean {
  const { strides: dense } = wholeView(shape);
  return shape.every((length, axis) => length <= 1 || strides[axis] === dense[axis]);
}

/** Copies the view's elements into `target` in row-major order, from `source`, which begins at element `first`. */
export function gather<T extends { [index: number]: number }>(
  { shape, strides, offset }: TensorView,
  source: ArrayLike<number>,
  first: number,
  target: T,
  targetStart = 0,
): void {
  if (shape.includes(0)) return;
  const [rows = 1, columns = 1] = [shape.at(-2), shape.at(-1)];
  const plane = { rows, columns, down: strides.at(-2) ?? 0, across: strides.at(-1) ?? 1 };
  const outer = shape.slice(0, -2);
  const index = outer.map(() => 0);
  let start = offset - first;
  let at = targetStart;
  for (;;) {
    gatherPlane(plane, source, start, target, at);
    at += rows * columns;
    let axis = outer.length - 1;
    for (; axis >= 0; axis--) {
      const stride = strides[axis] ?? 0;
      const next = (index[axis] ?? 0) + 1;
      start += stride;
      if (next < (outer[axis] ?? 0)) {
        index[axis] = next;
        break;
      }
      index[axis] = 0;
      start -= stride * next;
    }
    if (axis < 0) return;
  }
}

interface Plane {
  readonly rows: number;
  readonly columns: number;
  /** Strides of the two. */
  readonly down: number;
  readonly across: number;
}

/** Edge of the squares that a transposed matrix is copied in: what one reads stays in the cache for its neighbours. */
const edge = 32;

function gatherPlane<T extends { [index: number]: number }>(
  { rows, columns, down, across }: Plane,
  source: ArrayLike<number>,
  start: number,
  target: T,
  targetStart: number,
): void {
  for (let top = 0; top < rows; top += edge) {
    const bottom = Math.min(top + edge, rows);
    for (let left = 0; left < columns; left += edge) {
      const right = Math.min(left + edge, columns);
      for (let row = top; row < bottom; row++) {
        const from = start + row * down;
        const to = targetStart + row * columns;
        for (let column = left; column < right; column++) {
          target[to + column] = source[from + column * across] as number;
        }
      }
    }
  }
}

function swapped(values: readonly number[]): readonly number[] {
  const [a = 0, b = 0] = values.slice(-2);
  return [...values.slice(0, -2), b, a];
}
