/** What stands at the end of a line after a run: the shape, then a look at the values. */
import { t } from '@vscode/l10n';
import type { Axis, SourceRange } from '../trace/index.ts';
import { numberText } from './number-text.ts';
import { histogramOf, statisticsOf, type TensorStatistics } from './statistics.ts';

/** The values that a statement made, of the last copy where a repeat or several calls made some. */
export interface LineValue {
  /** The statement. */
  readonly source: SourceRange;
  readonly path: string;
  readonly axes: readonly Axis[];
  readonly copies: number;
  /** Undefined where there are too many values to look at after every run. */
  readonly look: ValueLook | undefined;
}

export interface ValueLook {
  readonly statistics: TensorStatistics;
  /** How many values fall into each of a few equal bins; empty where all are the same. */
  readonly histogram: readonly number[];
}

/** As many as can be told apart at the size of a letter. */
const bins = 8;

export function lookAt(data: Float32Array | Float64Array): ValueLook {
  const { counts } = histogramOf(data, bins);
  return { statistics: statisticsOf(data), histogram: counts.length === bins ? counts : [] };
}

/** `[3, 4]  0.012 ± 0.98  ‖3.4‖  ▁▃▆█▅▂▁▁`, and what is wrong with it. */
export function lineText({ axes, look }: Pick<LineValue, 'axes' | 'look'>): {
  readonly text: string;
  readonly trouble: string;
} {
  const shape = `[${axes.map(({ size }) => size).join(', ')}]`;
  if (look === undefined) return { text: shape, trouble: '' };
  const { mean, std, norm, count, nan, infinite } = look.statistics;
  const trouble = [
    ...(nan > 0 ? [`${nan} NaN`] : []),
    ...(infinite > 0 ? [t`${infinite} infinite`] : []),
  ].join(' ');
  const parts =
    count === 1
      ? [short(mean)]
      : nan + infinite === count
        ? []
        : [
            `${short(Math.abs(mean) < noise * std ? 0 : mean)} ± ${short(std)}`,
            `‖${short(norm)}‖`,
            bars(look.histogram),
          ];
  return { text: [shape, ...parts.filter((part) => part !== '')].join('  '), trouble };
}

/** A mean this much below the spread is rounding, as behind a norm. */
const noise = 1e-6;

/** Three digits are enough to see that something is off. */
function short(value: number): string {
  const text = numberText(Number(value.toPrecision(3)));
  return text.includes('.') && !text.includes('e') ? text.replace(/\.?0+$/, '') : text;
}

/** Every bin that has a value shows, the fullest at full height. */
function bars(counts: readonly number[]): string {
  const most = Math.max(...counts);
  const heights = '▁▂▃▄▅▆▇█';
  return counts
    .map((count) => (count === 0 ? ' ' : heights[Math.round((count / most) * 7)]))
    .join('');
}
