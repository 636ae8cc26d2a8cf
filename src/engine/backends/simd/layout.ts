/** How a tensor's values lie in a buffer: a step per axis, so that views move nothing. */
import { countOf, type StridedView, stridesOf } from '../../../ops/index.ts';

/** `base` and `strides` count elements from where the buffer begins. */
export type Layout = StridedView;

/** Row-major, from the buffer's first element. */
export function straight(shape: readonly number[]): Layout {
  return { shape, strides: stridesOf(shape), base: 0 };
}

export function isStraight({ shape, strides, base }: Layout): boolean {
  const own = stridesOf(shape);
  return base === 0 && shape.every((length, axis) => length === 1 || strides[axis] === own[axis]);
}

/** Whether the values lie side by side in row-major order, wherever they begin. */
export function isDense(layout: Layout): boolean {
  return isStraight({ ...layout, base: 0 });
}

/**
 * A view of a tensor that itself lies in `layout`: the view's steps count the tensor's values in row-major order.
 * Undefined where no fixed step along an axis reaches them.
 */
export function viewThrough(layout: Layout, view: StridedView): Layout | undefined {
  const axes = joined(layout);
  const reach = axes.map(() => 0);
  let base = layout.base;
  let rest = view.base;
  for (const [i, axis] of axes.entries()) {
    const index = Math.floor(rest / axis.own);
    rest -= index * axis.own;
    reach[i] = index;
    base += index * axis.stride;
  }
  const strides: number[] = [];
  for (const [at, length] of view.shape.entries()) {
    const step = view.strides[at] as number;
    if (length === 1 || step === 0) {
      strides.push(0);
      continue;
    }
    const i = axes.findIndex(({ own }) => own <= step);
    const axis = axes[i];
    if (axis === undefined || step % axis.own !== 0) return undefined;
    reach[i] = (reach[i] as number) + ((length - 1) * step) / axis.own;
    strides.push((step / axis.own) * axis.stride);
  }
  const within = axes.every(({ length }, i) => (reach[i] as number) < length);
  return within || countOf(view.shape) === 0 ? { shape: view.shape, strides, base } : undefined;
}

/** The same values under other axes; undefined where that needs a copy. */
export function regrouped(layout: Layout, shape: readonly number[]): Layout | undefined {
  if (`${layout.shape}` === `${shape}`) return layout;
  return viewThrough(layout, straight(shape));
}

interface JoinedAxis {
  readonly length: number;
  /** The step in the buffer. */
  readonly stride: number;
  /** The step in row-major order. */
  readonly own: number;
}

/** Axes that follow one another without a gap count as one. */
function joined({ shape, strides }: Layout): readonly JoinedAxis[] {
  const axes: JoinedAxis[] = [];
  const own = stridesOf(shape);
  for (const [at, length] of shape.entries()) {
    if (length === 1) continue;
    const axis = { length, stride: strides[at] as number, own: own[at] as number };
    const outer = axes.at(-1);
    if (outer !== undefined && outer.stride === axis.stride * length && axis.stride !== 0) {
      axes.splice(-1, 1, { ...axis, length: outer.length * length });
    } else {
      axes.push(axis);
    }
  }
  return axes.length > 0 ? axes : [{ length: 1, stride: 1, own: 1 }];
}

/** Its steps along the axes of `target`: 0 where it broadcasts. */
export function broadcastTo({ shape, strides }: Layout, target: readonly number[]): number[] {
  const added = target.length - shape.length;
  return target.map((_, axis) => {
    const own = axis - added;
    return own < 0 || shape[own] === 1 ? 0 : (strides[own] as number);
  });
}
