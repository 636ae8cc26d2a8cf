/**
 * Sums of products whose axes are told by tables (see wholeTable), innermost first. One thread per value kept.
 *
 * Loop variables stand before their loops: gpu.js writes those of two loops side by side into one scope, where a
 * minifier's short names would clash. The sums run backwards from `count`, which makes their counter a whole number.
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
    let k = 0;
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
    for (; k < count; k++) {
      let left = count - 1 - k;
      let placeA = startA;
      let placeB = startB;
      for (let label = 0; label < summedRank; label++) {
        const size = (summed[6 * label] as number) * 32768 + (summed[6 * label + 1] as number);
        const at = left % size;
        placeA +=
          at * ((summed[6 * label + 2] as number) * 32768 + (summed[6 * label + 3] as number));
        placeB +=
          at * ((summed[6 * label + 4] as number) * 32768 + (summed[6 * label + 5] as number));
        left = Math.floor(left / size);
      }
      sum += (a[placeA] as number) * (b[placeB] as number);
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
    let k = 0;
    let rest = this.thread.x;
    let start = 0;
    for (; axis < keptRank; axis++) {
      const length = (kept[4 * axis] as number) * 32768 + (kept[4 * axis + 1] as number);
      start +=
        (rest % length) * ((kept[4 * axis + 2] as number) * 32768 + (kept[4 * axis + 3] as number));
      rest = Math.floor(rest / length);
    }
    let sum = 0.0;
    for (; k < count; k++) {
      let left = count - 1 - k;
      let place = start;
      for (let label = 0; label < summedRank; label++) {
        const size = (summed[4 * label] as number) * 32768 + (summed[4 * label + 1] as number);
        place +=
          (left % size) *
          ((summed[4 * label + 2] as number) * 32768 + (summed[4 * label + 3] as number));
        left = Math.floor(left / size);
      }
      sum += x[place] as number;
    }
    return sum;
  },
};
