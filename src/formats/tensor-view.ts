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
  const inner = shape.at(-1) ?? 1;
  const step = strides.at(-1) ?? 1;
  const outer = shape.slice(0, -1);
  const index = outer.map(() => 0);
  let row = offset - first;
  let at = targetStart;
  for (;;) {
    for (let i = 0; i < inner; i++) target[at++] = source[row + i * step] as number;
    let axis = outer.length - 1;
    for (; axis >= 0; axis--) {
      const stride = strides[axis] ?? 0;
      const next = (index[axis] ?? 0) + 1;
      row += stride;
      if (next < (outer[axis] ?? 0)) {
        index[axis] = next;
        break;
      }
      index[axis] = 0;
      row -= stride * next;
    }
    if (axis < 0) return;
  }
}

function swapped(values: readonly number[]): readonly number[] {
  const [a = 0, b = 0] = values.slice(-2);
  return [...values.slice(0, -2), b, a];
}
