import { finiteRange } from './matrix.ts';

/** Over the finite values; the counts over all. */
export interface TensorStatistics {
  readonly count: number;
  readonly mean: number;
  /** Population standard deviation. */
  readonly std: number;
  readonly min: number;
  readonly max: number;
  /** Euclidean norm. */
  readonly norm: number;
  readonly nan: number;
  readonly infinite: number;
  readonly zeros: number;
}

/** Equal bins between low and high over the finite values. */
export interface Histogram {
  readonly low: number;
  readonly high: number;
  readonly counts: readonly number[];
}

/**
 * Statistics in float64, in two passes so that a large mean does not swallow a small deviation.
 * Where no value is finite, mean, std, min, max and norm are NaN.
 */
export function statisticsOf(values: ArrayLike<number>): TensorStatistics {
  const sums = { finite: 0, total: 0, squares: 0, nan: 0, infinite: 0, zeros: 0 };
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i]);
    if (Number.isNaN(value)) sums.nan++;
    else if (!Number.isFinite(value)) sums.infinite++;
    else {
      sums.finite++;
      sums.total += value;
      sums.squares += value * value;
      if (value === 0) sums.zeros++;
    }
  }
  const range = finiteRange(values) ?? { low: Number.NaN, high: Number.NaN };
  const mean = sums.total / sums.finite;
  return {
    count: values.length,
    mean,
    std: Math.sqrt(squaredDistance(values, mean) / sums.finite),
    min: range.low,
    max: range.high,
    norm: sums.finite === 0 ? Number.NaN : Math.sqrt(sums.squares),
    nan: sums.nan,
    infinite: sums.infinite,
    zeros: sums.zeros,
  };
}

/**
 * Counts of the finite values in equal bins; the last bin includes its upper edge. Values that are all the same are
 * one bin; no finite value gives no bin and a range of 0 … 0.
 */
export function histogramOf(values: ArrayLike<number>, bins = 40): Histogram {
  const range = finiteRange(values);
  if (range === undefined) return { low: 0, high: 0, counts: [] };
  const { low, high } = range;
  const counts = new Array<number>(low === high ? 1 : bins).fill(0);
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i]);
    if (!Number.isFinite(value)) continue;
    const place = low === high ? 0 : ((value - low) / (high - low)) * bins;
    const bin = Math.min(counts.length - 1, Math.floor(place));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { low, high, counts };
}

function squaredDistance(values: ArrayLike<number>, mean: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i]);
    if (Number.isFinite(value)) sum += (value - mean) ** 2;
  }
  return sum;
}
