import type {
  DimensionHistory,
  ResidualStreamView,
  StepProfile,
  StreamTokenView,
} from '../src/views/index.ts';
import { numberText } from '../src/views/index.ts';
import { colourText, signedColour } from './colours.ts';
import { DepthChart } from './depth-chart.tsx';
import { strings } from './strings.ts';
import { useTheme } from './theme.tsx';

interface DetailsProps {
  readonly view: ResidualStreamView;
  readonly onStep: (step: number) => void;
  readonly onDimension: (dimension: number) => void;
}

/** What happened to the chosen token: its vector's size over the depth, every write, and its largest dimensions. */
export function StreamDetails({ view, onStep, onDimension }: DetailsProps) {
  const { chosen, steps, step } = view;
  const names = steps.map(({ layer, label }) =>
    layer === undefined ? label : `${layer} ${label}`,
  );
  return (
    <>
      <section class="depth">
        <h2>{strings.stream.depth}</h2>
        <div class="charts">
          {(['norm', 'mean', 'variance'] as const).map((name) => (
            <DepthChart
              key={name}
              title={strings.stream.moments[name]}
              names={names}
              values={chosen.profile.map((each) => each[name])}
              chosen={step}
              onChoose={onStep}
            />
          ))}
        </div>
      </section>
      <Writes names={names} profile={chosen.profile} step={step} onStep={onStep} />
      <Dimensions {...{ chosen, names, step, onStep, onDimension }} />
    </>
  );
}

interface WritesProps {
  readonly names: readonly string[];
  readonly profile: readonly StepProfile[];
  readonly step: number;
  readonly onStep: (step: number) => void;
}

/** Each write's size and direction. */
function Writes({ names, profile, step, onStep }: WritesProps) {
  const writes = profile.flatMap(({ write }, index) =>
    write === undefined ? [] : [{ write, index }],
  );
  if (writes.length === 0) return null;
  const most = Math.max(
    ...writes.map(({ write }) => Math.abs(write.share)).filter(Number.isFinite),
  );
  return (
    <section>
      <h2>{strings.stream.writes}</h2>
      <div class="scroll">
        <table class="numbers writes">
          <thead>
            <tr>
              {strings.stream.writeColumns.map(([name, help]) => (
                <th key={name} class="heading" scope="col" title={help}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {writes.map(({ write, index }) => (
              <tr key={index} aria-current={index === step ? 'true' : undefined}>
                <th scope="row">
                  <button type="button" class="link" onClick={() => onStep(index)}>
                    {names[index]}
                  </button>
                </th>
                <td>{numberText(write.norm)}</td>
                <td>
                  <Share value={write.share} most={most} />
                </td>
                <td>
                  <Cosine value={write.cosineBefore} />
                </td>
                <td>
                  <Cosine value={write.cosineFinal} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Share({ value, most }: { readonly value: number; readonly most: number }) {
  const width = most > 0 && Number.isFinite(value) ? (100 * Math.abs(value)) / most : 0;
  return (
    <span class="share">
      <span class="bar-track">
        <span class={`bar-fill ${value < 0 ? 'norm' : 'write'}`} style={{ width: `${width}%` }} />
      </span>
      {Number.isFinite(value)
        ? `${(100 * value).toFixed(1).replace('-', '−')} %`
        : numberText(value)}
    </span>
  );
}

/** A cosine as a number on its colour. */
function Cosine({ value }: { readonly value: number }) {
  const { ground } = useTheme();
  const shown = Number.isFinite(value);
  return (
    <span class="cosine">
      <span
        class="swatch"
        style={shown ? { backgroundColor: colourText(signedColour(ground, value, 1)) } : {}}
      />
      {shown ? value.toFixed(2).replace('-', '−') : numberText(value)}
    </span>
  );
}

interface DimensionsProps {
  readonly chosen: StreamTokenView;
  readonly names: readonly string[];
  readonly step: number;
  readonly onStep: (step: number) => void;
  readonly onDimension: (dimension: number) => void;
}

/** The largest dimensions with the step that made each, and one of them through all steps. */
function Dimensions({ chosen, names, step, onStep, onDimension }: DimensionsProps) {
  const { top, dimension } = chosen;
  return (
    <section>
      <h2>{strings.stream.topDimensions}</h2>
      <div class="chips">
        {top.map(({ dimension: each, value, writer }) => (
          <button
            key={each}
            type="button"
            class="dimension"
            aria-pressed={each === dimension.dimension}
            title={strings.stream.writer(names[writer] ?? '')}
            onClick={() => onDimension(each)}
          >
            <b>{each}</b> {numberText(value)} <span class="muted">{names[writer]}</span>
          </button>
        ))}
      </div>
      <Waterfall history={dimension} names={names} step={step} onStep={onStep} />
    </section>
  );
}

interface WaterfallProps {
  readonly history: DimensionHistory;
  readonly names: readonly string[];
  readonly step: number;
  readonly onStep: (step: number) => void;
}

const height = 110;

/** Every step's change hangs where the one before ended: who put the dimension where it is. */
function Waterfall({ history, names, step, onStep }: WaterfallProps) {
  const { values, changes, dimension } = history;
  const finite = values.filter(Number.isFinite);
  const low = Math.min(0, ...finite);
  const high = Math.max(0, ...finite);
  const y = (value: number) => height * (1 - (value - low) / (high - low || 1));
  return (
    <figure class="waterfall">
      <figcaption>{strings.stream.waterfall(dimension, numberText(values.at(-1) ?? 0))}</figcaption>
      <svg
        viewBox={`0 0 ${values.length} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={strings.stream.waterfall(dimension, numberText(values.at(-1) ?? 0))}
      >
        <line class="zero" x1={0} x2={values.length} y1={y(0)} y2={y(0)} />
        {values.map((value, index) => {
          const change = changes[index] ?? 0;
          const isNumber = Number.isFinite(value) && Number.isFinite(change);
          const top = isNumber ? Math.min(y(value), y(value - change)) : 0;
          const sign = change < 0 ? 'negative' : 'positive';
          return (
            // biome-ignore lint/a11y/noStaticElementInteractions: the list of steps is the keyboard's way
            <g key={index} onClick={() => onStep(index)}>
              <rect
                class={index === step ? 'histogram-room chosen' : 'histogram-room'}
                x={index}
                y={0}
                width={1}
                height={height}
              >
                <title>{`${names[index]}: ${numberText(change)} → ${numberText(value)}`}</title>
              </rect>
              <rect
                class={isNumber ? sign : 'not-finite'}
                x={index + 0.1}
                y={top}
                width={0.8}
                height={isNumber ? Math.max(1, Math.abs(y(value) - y(value - change))) : height}
              />
            </g>
          );
        })}
      </svg>
    </figure>
  );
}
