import { numberText } from '../src/views/index.ts';

interface DepthChartProps {
  readonly title: string;
  readonly names: readonly string[];
  readonly values: readonly number[];
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
}

const height = 60;

/** One number over the steps as a line, from zero where that is near; the chosen step has a dot and its value. */
export function DepthChart({ title, names, values, chosen, onChoose }: DepthChartProps) {
  const finite = values.filter(Number.isFinite);
  const low = Math.min(0, ...finite);
  const high = Math.max(0, ...finite) || 1;
  const x = (index: number) => index + 0.5;
  const y = (value: number) => 4 + (height - 8) * (1 - (value - low) / (high - low));
  const lines = runsOf(values).map((run) =>
    run.map((index) => `${x(index)},${y(values[index] ?? 0)}`).join(' '),
  );
  const value = values[chosen] ?? Number.NaN;
  return (
    <figure class="depth-chart">
      <figcaption>
        <span class="muted">{title}</span> <b class="number">{numberText(value)}</b>
      </figcaption>
      <svg
        viewBox={`0 0 ${values.length} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}: ${numberText(values[0] ?? 0)} … ${numberText(values.at(-1) ?? 0)}`}
      >
        <line class="zero" x1={0} x2={values.length} y1={y(0)} y2={y(0)} />
        {lines.map((points) => (
          <polyline key={points} points={points} />
        ))}
        {values.map((each, index) =>
          Number.isFinite(each) ? null : (
            <rect
              key={index}
              class="not-finite"
              x={index + 0.1}
              y={4}
              width={0.8}
              height={height - 8}
            />
          ),
        )}
        {values.map((each, index) => (
          // biome-ignore lint/a11y/noStaticElementInteractions: the list of steps is the keyboard's way
          <rect
            key={index}
            class={index === chosen ? 'histogram-room chosen' : 'histogram-room'}
            x={index}
            y={0}
            width={1}
            height={height}
            onClick={() => onChoose(index)}
          >
            <title>{`${names[index]}: ${numberText(each)}`}</title>
          </rect>
        ))}
      </svg>
    </figure>
  );
}

/** Indices of finite values that follow one another: a line does not cross what is not finite. */
function runsOf(values: readonly number[]): readonly (readonly number[])[] {
  const runs: number[][] = [[]];
  for (const [index, value] of values.entries()) {
    if (Number.isFinite(value)) runs.at(-1)?.push(index);
    else runs.push([]);
  }
  return runs.filter((run) => run.length > 0);
}
