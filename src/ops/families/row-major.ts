/** Row-major tensors: counts, strides and walks over them. */

/** Number of values; a tensor without axes holds one. */
export function countOf(shape: readonly number[]): number {
  return shape.reduce((count, length) => count * length, 1);
}

/** How far apart neighbours along each axis are. */
export function stridesOf(shape: readonly number[]): readonly number[] {
  const strides: number[] = [];
  let stride = 1;
  for (const length of shape.toReversed()) {
    strides.unshift(stride);
    stride *= length;
  }
  return strides;
}

/** A tensor of `shape` whose neighbours along each axis lie `strides` apart in the operand, beginning at `base`. */
export interface StridedView {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly base: number;
}

/** The strides with which a tensor of `shape` is read as one of `target`: 0 along the axes that broadcast. */
export function broadcastStrides(
  shape: readonly number[],
  target: readonly number[],
): readonly number[] {
  const offset = target.length - shape.length;
  const strides = stridesOf(shape);
  return target.map((_, axis) =>
    axis < offset || shape[axis - offset] === 1 ? 0 : (strides[axis - offset] as number),
  );
}

/** The axis counted from the front. */
export function frontAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** A shape as seen from one axis: `outer` rows of `length` values that lie `inner` apart. */
export interface AxisView {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
}

export function viewAlong(shape: readonly number[], axis: number): AxisView {
  const at = frontAxis(axis, shape.length);
  return {
    outer: countOf(shape.slice(0, at)),
    length: shape[at] ?? 1,
    inner: countOf(shape.slice(at + 1)),
  };
}

/**
 * Visits every index of `shape` in row-major order.
 * @param strides one list per tensor that is read alongside
 * @param visit gets the position in row-major order and the offset in each of those tensors (the list is reused)
 */
export function walk(
  shape: readonly number[],
  strides: readonly (readonly number[])[],
  visit: (position: number, offsets: readonly number[]) => void,
): void {
  const index = shape.map(() => 0);
  const offsets = strides.map(() => 0);
  const count = countOf(shape);
  for (let position = 0; position < count; position++) {
    visit(position, offsets);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] as number) + 1;
      const wraps = next === shape[axis];
      const step = wraps ? 1 - next : 1;
      index[axis] = wraps ? 0 : next;
      for (let tensor = 0; tensor < offsets.length; tensor++) {
        offsets[tensor] = (offsets[tensor] as number) + step * (strides[tensor]?.[axis] as number);
      }
      if (!wraps) break;
    }
  }
}
