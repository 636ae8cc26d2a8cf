import { useSignal } from '@preact/signals';
import {
  numberText,
  type SweepPlace,
  type SweepView,
  type TraceSummary,
} from '../src/views/index.ts';
import { Dropdown } from './controls.tsx';
import { Heatmap } from './heatmap.tsx';
import type { Store } from './store.ts';
import { strings } from './strings.ts';
import { useView } from './use-view.ts';
import { ViewFrame } from './view-frame.tsx';

interface PageProps {
  readonly store: Store;
  readonly sweep: NonNullable<TraceSummary['sweep']>;
}

/** Sweep: a metric of a family of runs over its variables, as a heatmap of the last two. */
export function SweepPage({ store, sweep }: PageProps) {
  const metric = useSignal(0);
  const slice = useSignal<readonly number[]>([]);
  const asked = { metric: metric.value, slice: slice.value };
  const shown = useView(store, JSON.stringify(asked), () => store.view('sweep', asked));
  return (
    <ViewFrame shown={shown}>
      {(view) => (
        <>
          <div class="toolbar">
            <Dropdown
              label={strings.sweep.metric}
              options={sweep.metrics}
              chosen={view.metric}
              onChoose={(chosen) => {
                metric.value = chosen;
              }}
            />
            {view.slice.map((index, axis) => (
              <Dropdown
                key={view.axes[axis]?.name}
                label={view.axes[axis]?.name ?? ''}
                options={(view.axes[axis]?.values ?? []).map(String)}
                chosen={index}
                onChoose={(chosen) => {
                  slice.value = view.slice.with(axis, chosen);
                }}
              />
            ))}
            {view.extremes !== undefined && <Extremes view={view} extremes={view.extremes} />}
          </div>
          <Heatmap
            title={titleOf(view, sweep.metrics[view.metric] ?? '')}
            matrix={view.matrix}
            form="square"
          />
        </>
      )}
    </ViewFrame>
  );
}

function titleOf({ axes }: SweepView, metric: string): string {
  const [down, across] = [axes.at(-2), axes.at(-1)];
  if (across === undefined) return metric;
  return strings.sweep.title(metric, down?.name, across.name);
}

interface ExtremesProps {
  readonly view: SweepView;
  readonly extremes: NonNullable<SweepView['extremes']>;
}

/** Where the metric is least and greatest, over all variables. */
function Extremes({ view, extremes }: ExtremesProps) {
  const place = ({ at, value }: SweepPlace) => {
    const where = view.axes.map(({ name }, i) => `${name} = ${at[i]}`).join(', ');
    return (
      <>
        <b class="number">{numberText(value)}</b> {where !== '' && strings.sweep.where(where)}
      </>
    );
  };
  return (
    <span class="sweep-extremes">
      <span class="muted">{strings.sweep.least}</span> {place(extremes.least)}
      <span class="muted"> · {strings.sweep.greatest}</span> {place(extremes.greatest)}
    </span>
  );
}
