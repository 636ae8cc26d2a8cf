/** Kernels that several row-wise operators share. One thread per row; see reductionPlan for their arguments. */
import type { Kernel, KernelThread } from '../op.ts';

export const rowMean: Kernel = {
  name: 'row_mean',
  source: function (
    this: KernelThread,
    x: ArrayLike<number>,
    length: number,
    inner: number,
  ): number {
    const start = Math.floor(this.thread.x / inner) * length * inner + (this.thread.x % inner);
    let sum = 0.0;
    for (let k = 0; k < length; k++) {
      sum += x[start + k * inner] as number;
    }
    return sum / length;
  },
};

export const rowVariance: Kernel = {
  name: 'row_variance',
  source: function (
    this: KernelThread,
    x: ArrayLike<number>,
    mean: ArrayLike<number>,
    length: number,
    inner: number,
  ): number {
    const start = Math.floor(this.thread.x / inner) * length * inner + (this.thread.x % inner);
    const center = mean[this.thread.x] as number;
    let sum = 0.0;
    for (let k = 0; k < length; k++) {
      const difference = (x[start + k * inner] as number) - center;
      sum += difference * difference;
    }
    return sum / length;
  },
};

export const rowMaximum: Kernel = {
  name: 'row_maximum',
  source: function (
    this: KernelThread,
    x: ArrayLike<number>,
    length: number,
    inner: number,
  ): number {
    const start = Math.floor(this.thread.x / inner) * length * inner + (this.thread.x % inner);
    let best = x[start] as number;
    for (let k = 1; k < length; k++) {
      best = Math.max(best, x[start + k * inner] as number);
    }
    return best;
  },
};

export const rowMinimum: Kernel = {
  name: 'row_minimum',
  source: function (
    this: KernelThread,
    x: ArrayLike<number>,
    length: number,
    inner: number,
  ): number {
    const start = Math.floor(this.thread.x / inner) * length * inner + (this.thread.x % inner);
    let best = x[start] as number;
    for (let k = 1; k < length; k++) {
      best = Math.min(best, x[start + k * inner] as number);
    }
    return best;
  },
};

/** Σ exp(x − maximum): at least 1, so that neither overflow nor a division by 0 can happen. */
export const rowExponentials: Kernel = {
  name: 'row_exponentials',
  source: function (
    this: KernelThread,
    x: ArrayLike<number>,
    maximum: ArrayLike<number>,
    length: number,
    inner: number,
  ): number {
    const start = Math.floor(this.thread.x / inner) * length * inner + (this.thread.x % inner);
    const top = maximum[this.thread.x] as number;
    let sum = 0.0;
    for (let k = 0; k < length; k++) {
      sum += Math.exp((x[start + k * inner] as number) - top);
    }
    return sum;
  },
};

export const rowSum: Kernel = {
  name: 'row_sum',
  source: function (
    this: KernelThread,
    x: ArrayLike<number>,
    length: number,
    inner: number,
  ): number {
    const start = Math.floor(this.thread.x / inner) * length * inner + (this.thread.x % inner);
    let sum = 0.0;
    for (let k = 0; k < length; k++) {
      sum += x[start + k * inner] as number;
    }
    return sum;
  },
};

export const rowNorm: Kernel = {
  name: 'row_norm',
  source: function (
    this: KernelThread,
    x: ArrayLike<number>,
    length: number,
    inner: number,
  ): number {
    const start = Math.floor(this.thread.x / inner) * length * inner + (this.thread.x % inner);
    let sum = 0.0;
    for (let k = 0; k < length; k++) {
      const value = x[start + k * inner] as number;
      sum += value * value;
    }
    return Math.sqrt(sum);
  },
};

export const rowDeviation: Kernel = {
  name: 'row_deviation',
  source: function (
    this: KernelThread,
    x: ArrayLike<number>,
    mean: ArrayLike<number>,
    length: number,
    inner: number,
  ): number {
    const start = Math.floor(this.thread.x / inner) * length * inner + (this.thread.x % inner);
    const center = mean[this.thread.x] as number;
    let sum = 0.0;
    for (let k = 0; k < length; k++) {
      const difference = (x[start + k * inner] as number) - center;
      sum += difference * difference;
    }
    return Math.sqrt(sum / length);
  },
};

export const rowArgmax: Kernel = {
  name: 'row_argmax',
  source: function (
    this: KernelThread,
    x: ArrayLike<number>,
    length: number,
    inner: number,
  ): number {
    const start = Math.floor(this.thread.x / inner) * length * inner + (this.thread.x % inner);
    let best = x[start] as number;
    let at = 0.0;
    for (let k = 0; k < length; k++) {
      const value = x[start + k * inner] as number;
      if (value > best) {
        best = value;
        at = k;
      }
    }
    return at;
  },
};
