import { numberText } from '../src/views/index.ts';

/** A probability to be read: whole percents from 10 % on, and as many decimals as tell it from 0. */
export function percent(probability: number): string {
  if (!Number.isFinite(probability)) return numberText(probability);
  const hundredths = 100 * probability;
  if (hundredths >= 9.95) return `${Math.round(hundredths)} %`;
  const isSmall = hundredths < 0.05 && hundredths >= 1e-4;
  return `${isSmall ? hundredths.toPrecision(1) : hundredths.toFixed(1)} %`;
}
