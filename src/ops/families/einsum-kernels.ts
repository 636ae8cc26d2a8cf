/**
 * Sums of products whose axes are told by tables (see wholeTable), innermost first. One thread per value kept.
 *
 * Loop variables stand before their loops: gpu.js writes those of two loops side by side into one scope, where a
 * minifier's short names would clash. The counter starts as an argument, by which its type is known to be whole.
 */
import type { Kernel, KernelThread } from '../op.ts';

/** `kept`, `summed`: per label its length and the strides of both operands along it. */
export const contraction: Kernel = {
  name: 'einsum_pair',
  source: function (
    this: KernelThread,
    a: ArrayLike<number>,
    b: ArrayLike<number>,
    kept: ArrayLike<number>,
    keptRank: number,
    summed: ArrayLike<number>,
    summedRank: number,
    count: number,
  ): number {
    let axis = 0;
    let remaining = count;
    let rest = this.thread.x;
    let startA = 0;
    let startB = 0;
    for (; axis < keptRank; axis++) {
      const length = (kept[6 * axis] as number) * 32768 + (kept[6 * axis + 1] as number);
      const index = rest % length;
      startA += index * ((kept[6 * axis + 2] as number) * 32768 + (kept[6 * axis + 3] as number));
      startB += index * ((kept[6 * axis + 4] as number) * 32768 + (kept[6 * axis + 5] as number));
      rest = Math.floor(rest / length);
    }
    let sum = 0.0;
    for (; remaining > 0; remaining--) {
      let left = count - remaining;
      let placeA = 0;
      let placeB = 0;
      for (let label = 0; label < summedRank; label++) {
        const size = (summed[6 * label] as number) * 32768 + (summed[6 * label + 1] as number);
        const at = left % size;
        placeA +=
          at * ((summed[6 * label + 2] as number) * 32768 + (summed[6 * label + 3] as number));
        placeB +=
          at * ((summed[6 * label + 4] as number) * 32768 + (summed[6 * label + 5] as number));
        left = Math.floor(left / size);
      }
      sum += (a[startA + placeA] as number) * (b[startB + placeB] as number);
    }
    return sum;
  },
};

/** The same of one operand. */
export const summation: Kernel = {
  name: 'einsum_one',
  source: function (
    this: KernelThread,
    x: ArrayLike<number>,
    kept: ArrayLike<number>,
    keptRank: number,
    summed: ArrayLike<number>,
    summedRank: number,
    count: number,
  ): number {
    let axis = 0;
    let remaining = count;
    let rest = this.thread.x;
    let start = 0;
    for (; axis < keptRank; axis++) {
      const length = (kept[4 * axis] as number) * 32768 + (kept[4 * axis + 1] as number);
      start +=
        (rest % length) * ((kept[4 * axis + 2] as number) * 32768 + (kept[4 * axis + 3] as number));
      rest = Math.floor(rest / length);
    }
    let sum = 0.0;
    for (; remaining > 0; remaining--) {
      let left = count - remaining;
      let place = 0;
      for (let label = 0; label < summedRank; label++) {
        const size = (summed[4 * label] as number) * 32768 + (summed[4 * label + 1] as number);
        place +=
          (left % size) *
          ((summed[4 * label + 2] as number) * 32768 + (summed[4 * label + 3] as number));
        left = Math.floor(left / size);
      }
      sum += x[start + place] as number;
    }
    return sum;
  },
};
