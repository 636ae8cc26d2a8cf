import { useMemo } from 'preact/hooks';
import {
  type CellKind,
  clipMatrix,
  colourCount,
  type Matrix,
  marksIn,
  matrixOf,
  numberText,
} from '../src/views/index.ts';
import { Picture } from './picture.tsx';
import { strings } from './strings.ts';

/** What the colours mean: the range in numbers, every mark that the map has, and what a pooled cell stands for. */
export function Legend({ matrix }: { readonly matrix: Matrix }) {
  const { low, high, scale, stride } = matrix;
  const bar = useMemo(() => gradient(low, high, scale), [low, high, scale]);
  const marks = useMemo(() => marksIn(matrix), [matrix]);
  const texts = { low: numberText(low), high: numberText(high) };
  return (
    <div class="legend">
      <span class="legend-range" title={strings.heatmap.colours(texts.low, texts.high)}>
        <span class="number">{texts.low}</span>
        <span class="legend-bar">
          <Picture matrix={bar} width={120} height={8} />
          {scale === 'diverging' && <span class="legend-zero">0</span>}
        </span>
        <span class="number">{texts.high}</span>
      </span>
      {marks.map((mark) => (
        <span class="legend-mark" key={mark}>
          <Picture matrix={swatches[mark]} width={14} height={10} />
          {strings.heatmap.marks[mark]}
        </span>
      ))}
      {stride[0] * stride[1] > 1 && (
        <span class="muted">{strings.heatmap.pooled(stride[0], stride[1])}</span>
      )}
    </div>
  );
}

const swatches: Readonly<Record<Exclude<CellKind, 'value'>, Matrix>> = {
  masked: { ...line([0], 'sequential'), masked: 'zeros' },
  nan: line([Number.NaN], 'sequential'),
  plusInfinity: line([Number.POSITIVE_INFINITY], 'sequential'),
  minusInfinity: line([Number.NEGATIVE_INFINITY], 'sequential'),
  above: clipMatrix(line([2], 'diverging'), 1),
  below: clipMatrix(line([-2], 'diverging'), 1),
};

/** One row with every colour from low to high. */
function gradient(low: number, high: number, scale: Matrix['scale']): Matrix {
  const step = (high - low) / (colourCount - 1);
  const values = Array.from({ length: colourCount }, (_, index) => low + index * step);
  return { ...line(values, scale), low, high };
}

function line(values: readonly number[], scale: Matrix['scale']): Matrix {
  return matrixOf({
    rows: { name: '', size: 1, labels: undefined },
    columns: { name: '', size: values.length, labels: undefined },
    values: Float32Array.from(values),
    scale,
  });
}
