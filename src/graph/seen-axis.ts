/** Where a view of a value shows one of its axes. */
import { countOf, type StridedView, stridesOf } from '../ops/index.ts';

/** The axis of the result along which the whole `axis` of the operand runs; `last`: it stands still at its end. */
export function seenAxis(
  view: StridedView,
  { from, to }: { readonly from: readonly number[]; readonly to: readonly number[] },
  axis: number,
  count: number,
): number | 'last' | undefined {
  const stride = stridesOf(from)[axis] ?? 1;
  const period = stride * count;
  const along = view.strides.findIndex((each, i) => each === stride && view.shape[i] === count);
  let within = view.base % stride;
  for (const [i, each] of view.strides.entries()) {
    const length = view.shape[i] ?? 1;
    if (i === along || length === 1 || each % period === 0) continue;
    if (each >= stride) return undefined;
    within += each * (length - 1);
  }
  if (within >= stride) return undefined;
  const start = Math.floor((view.base % period) / stride);
  if (along >= 0) return start === 0 ? regroupedAxis(view.shape, along, to) : undefined;
  return start === count - 1 ? 'last' : undefined;
}

/** An axis of a view in the result, whose other axes may be joined. */
function regroupedAxis(
  shape: readonly number[],
  axis: number,
  result: readonly number[],
): number | undefined {
  const outer = countOf(shape.slice(0, axis));
  const found = result.findIndex(
    (length, i) => length === shape[axis] && countOf(result.slice(0, i)) === outer,
  );
  return found < 0 ? undefined : found;
}
