import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { TensorEntry, TensorView, TraceSummary } from '../src/views/index.ts';
import { axesText, numberText } from '../src/views/index.ts';
import { Button, Search } from './controls.tsx';
import { Heatmap } from './heatmap.tsx';
import { HistogramChart } from './histogram-chart.tsx';
import { Icon } from './icons.tsx';
import { ListBox } from './list-box.tsx';
import type { Store } from './store.ts';
import { strings } from './strings.ts';
import { useView } from './use-view.ts';
import { ViewFrame } from './view-frame.tsx';

interface PageProps {
  readonly store: Store;
  readonly summary: TraceSummary;
}

/** Any tensor of the run: found by its path, shown with statistics, a histogram and its last two axes. */
export function TensorPage({ store, summary }: PageProps) {
  const { path } = store.selection.value;
  const shown = path ?? summary.outputs[0] ?? summary.tensors[0]?.path;
  return (
    <div class="split">
      <TensorList store={store} tensors={summary.tensors} chosen={shown} />
      {shown === undefined ? (
        <p class="muted">{strings.tensor.choose}</p>
      ) : (
        <Tensor store={store} path={shown} />
      )}
    </div>
  );
}

interface TensorListProps {
  readonly store: Store;
  readonly tensors: readonly TensorEntry[];
  readonly chosen: string | undefined;
}

function TensorList({ store, tensors, chosen }: TensorListProps) {
  const wanted = useSignal('');
  const needle = wanted.value.trim().toLowerCase();
  const found = tensors.filter((each) => each.path.toLowerCase().includes(needle));
  const index = found.findIndex((each) => each.path === chosen);
  return (
    <section class="tensors">
      <div class="tensors-head">
        <Search
          label={strings.tensor.search}
          value={wanted.value}
          onInput={(value) => {
            wanted.value = value;
          }}
        />
        <span class="muted number">{strings.tensor.count(found.length, tensors.length)}</span>
      </div>
      {found.length === 0 && <p class="muted">{strings.tensor.none}</p>}
      <ListBox
        label={strings.tensor.list}
        class="tensors-list"
        items={found}
        keyOf={(each) => each.path}
        chosen={index < 0 ? undefined : index}
        onChoose={(each) => {
          store.select({ path: each.path });
          store.reveal(each.source);
        }}
        draw={(each) => (
          <>
            <span class="step-label" title={`${each.path}: ${strings.tensor.roles[each.role]}`}>
              {each.path}
            </span>
            <span class="muted number">{each.axes.map((axis) => axis.size).join('×')}</span>
          </>
        )}
      />
    </section>
  );
}

function Tensor({ store, path }: { readonly store: Store; readonly path: string }) {
  const slice = useSignal<readonly number[]>([]);
  // Another tensor starts at its first slice.
  useEffect(() => {
    slice.value = [];
  }, [path]);
  const asked = { path, slice: slice.value };
  const shown = useView(store, JSON.stringify(asked), () => store.view('tensor', asked));
  return (
    <ViewFrame shown={shown}>
      {(view) => (
        <div class="tensor">
          <div class="tensor-head">
            <h2>{view.path}</h2>
            <code class="shape">{axesText(view.axes)}</code>
            <span class="muted">{view.operator}</span>
            <Button
              look="icon"
              label={strings.tensor.reveal}
              onClick={() => store.reveal(view.source)}
            >
              <Icon name="source" />
            </Button>
          </div>
          <div class="tensor-numbers">
            <Statistics view={view} />
            <HistogramChart histogram={view.histogram} />
          </div>
          <Slices
            view={view}
            onChange={(next) => {
              slice.value = next;
            }}
          />
          <Heatmap
            title={strings.tensor.matrix(
              view.matrix.rows.name || '1',
              view.matrix.columns.name || '1',
            )}
            matrix={view.matrix}
            form={view.axes.length > 2 ? 'square' : 'rows'}
          />
        </div>
      )}
    </ViewFrame>
  );
}

function Statistics({ view }: { readonly view: TensorView }) {
  const { statistics } = view;
  const names = ['mean', 'std', 'min', 'max', 'norm', 'count', 'zeros', 'nan', 'infinite'] as const;
  return (
    <dl class="statistics">
      {names.map((name) => (
        <div key={name} class={alarming(name, statistics[name]) ? 'alarming' : ''}>
          <dt>{strings.tensor.statistics[name]}</dt>
          <dd class="number" title={String(statistics[name])}>
            {numberText(statistics[name])}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** A NaN or an infinity is what somebody looks for. */
function alarming(name: string, value: number): boolean {
  return (name === 'nan' || name === 'infinite') && value > 0;
}

interface SlicesProps {
  readonly view: TensorView;
  readonly onChange: (slice: readonly number[]) => void;
}

/** One number per leading axis. */
function Slices({ view, onChange }: SlicesProps) {
  if (view.slice.length === 0) return null;
  return (
    <div class="toolbar">
      {view.slice.map((index, place) => {
        const axis = view.axes[place];
        return (
          <label key={axis?.name} class="labelled">
            {strings.tensor.slice(axis?.name ?? '')}
            <input
              type="number"
              min={0}
              max={(axis?.size ?? 1) - 1}
              value={index}
              onInput={(event) => {
                const next = event.currentTarget.valueAsNumber;
                if (Number.isInteger(next)) onChange(view.slice.with(place, next));
              }}
            />
            <span class="muted number">/ {(axis?.size ?? 1) - 1}</span>
          </label>
        );
      })}
    </div>
  );
}
