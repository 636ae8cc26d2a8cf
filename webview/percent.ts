import { numberText } from '../src/views/index.ts';

/** A probability to be read: whole percents from 10 % on. */
export function percent(probability: number): string {
  if (!Number.isFinite(probability)) return numberText(probability);
  return probability >= 0.0995
    ? `${Math.round(100 * probability)} %`
    : `${(100 * probability).toFixed(1)} %`;
}
