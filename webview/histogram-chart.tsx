import type { Histogram } from '../src/views/index.ts';
import { numberText } from '../src/views/index.ts';
import { strings } from './strings.ts';

const height = 48;

/** The bins as bars, with the range below; a bin that has anything is at least a pixel high. */
export function HistogramChart({ histogram }: { readonly histogram: Histogram }) {
  const { counts, low, high } = histogram;
  const most = Math.max(1, ...counts);
  const step = (high - low) / Math.max(1, counts.length);
  return (
    <figure class="histogram">
      <svg
        viewBox={`0 0 ${Math.max(1, counts.length)} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${strings.tensor.histogram}: ${numberText(low)} … ${numberText(high)}`}
      >
        {counts.map((count, bin) => {
          const tall = count === 0 ? 0 : Math.max(1, (height * count) / most);
          const range = [low + bin * step, low + (bin + 1) * step].map(numberText);
          return (
            <g key={bin}>
              <rect class="histogram-room" x={bin} y={0} width={1} height={height}>
                <title>{strings.tensor.bin(range[0] ?? '', range[1] ?? '', String(count))}</title>
              </rect>
              <rect
                class="histogram-bar"
                x={bin + 0.06}
                y={height - tall}
                width={0.88}
                height={tall}
              />
            </g>
          );
        })}
      </svg>
      <figcaption class="histogram-range">
        <span class="number">{numberText(low)}</span>
        <span class="number">{numberText(high)}</span>
      </figcaption>
    </figure>
  );
}
