import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type {
  MatrixWindow,
  Plane,
  SliceRequest,
  TensorEntry,
  TensorView,
  TraceSummary,
} from '../src/views/index.ts';
import { axesText, numberText } from '../src/views/index.ts';
import { Button, Dropdown, Search } from './controls.tsx';
import { Facets } from './facets.tsx';
import { Heatmap } from './heatmap.tsx';
import { HistogramChart } from './histogram-chart.tsx';
import { Icon } from './icons.tsx';
import { ListBox } from './list-box.tsx';
import { NumberGrid } from './number-grid.tsx';
import { Segments } from './segments.tsx';
import type { Store } from './store.ts';
import { strings } from './strings.ts';
import { TensorActions } from './tensor-actions.tsx';
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

const faces = ['map', 'numbers', 'facets'] as const;

function Tensor({ store, path }: { readonly store: Store; readonly path: string }) {
  const slice = useSignal<readonly number[]>([]);
  const plane = useSignal<Plane | undefined>(undefined);
  // Another tensor starts at its first slice, the right way round.
  useEffect(() => {
    slice.value = [];
    plane.value = undefined;
  }, [path]);
  const asked = {
    path,
    slice: slice.value,
    ...(plane.value === undefined ? {} : { plane: plane.value }),
  };
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
          <Values
            store={store}
            view={view}
            asked={asked}
            onSlice={(next) => {
              slice.value = next;
            }}
            onPlane={(next) => {
              plane.value = next;
              slice.value = [];
            }}
          />
        </div>
      )}
    </ViewFrame>
  );
}

interface ValuesProps {
  readonly store: Store;
  readonly view: TensorView;
  readonly asked: SliceRequest;
  readonly onSlice: (slice: readonly number[]) => void;
  readonly onPlane: (plane: Plane) => void;
}

/** The values of the slice: as a map, as numbers, and the maps of its neighbours. */
function Values({ store, view, asked, onSlice, onPlane }: ValuesProps) {
  const face = useSignal<(typeof faces)[number]>('map');
  const { matrix, axes } = view;
  const possible = view.slice.length > 0 ? faces : (['map', 'numbers'] as const);
  const current = possible.find((each) => each === face.value) ?? 'map';
  const title = strings.tensor.matrix(matrix.rows.name || '1', matrix.columns.name || '1');
  const read = (window: MatrixWindow) => store.view('tensorWindow', { ...asked, window });
  return (
    <>
      <div class="toolbar">
        <Segments
          label={strings.tensor.face}
          options={possible.map((id) => ({ id, title: strings.tensor.faces[id] }))}
          chosen={current}
          onChoose={(next) => {
            face.value = next;
          }}
        />
        {axes.length > 1 && <PlaneChoice view={view} onPlane={onPlane} />}
        <Slices view={view} onChange={onSlice} />
      </div>
      {current === 'map' && (
        <Heatmap
          title={title}
          matrix={matrix}
          form={axes.length > 2 ? 'square' : 'rows'}
          read={read}
        />
      )}
      {current === 'numbers' && <NumberGrid title={title} matrix={matrix} read={read} />}
      {current === 'facets' && <Facets store={store} view={view} asked={asked} onSlice={onSlice} />}
      <TensorActions store={store} asked={asked} matrix={matrix} />
    </>
  );
}

/** Which axis lies down and which across; choosing one that is taken swaps the two. */
function PlaneChoice({ view, onPlane }: Pick<ValuesProps, 'view' | 'onPlane'>) {
  const { plane, axes } = view;
  const options = axes.map(({ name, size }) =>
    name === String(size) ? name : `${name} = ${size}`,
  );
  const choose = (side: 0 | 1) => (axis: number) => {
    const swapped = plane[1 - side] === axis ? plane[side] : plane[1 - side];
    const other = swapped ?? 0;
    onPlane(side === 0 ? [axis, other] : [other, axis]);
  };
  return (
    <>
      <Dropdown
        label={strings.tensor.down}
        options={options}
        chosen={plane[0]}
        onChoose={choose(0)}
      />
      <Dropdown
        label={strings.tensor.across}
        options={options}
        chosen={plane[1]}
        onChoose={choose(1)}
      />
    </>
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

/** One number per axis beside the plane. */
function Slices({ view, onChange }: SlicesProps) {
  const others = view.axes.filter((_, axis) => !view.plane.includes(axis));
  return (
    <>
      {others.map((axis, place) => (
        <label key={`${place}${axis.name}`} class="labelled">
          {strings.tensor.slice(axis.name)}
          <input
            type="number"
            min={0}
            max={axis.size - 1}
            value={view.slice[place] ?? 0}
            onInput={(event) => {
              const next = event.currentTarget.valueAsNumber;
              if (Number.isInteger(next)) onChange(view.slice.with(place, next));
            }}
          />
          <span class="muted number">/ {axis.size - 1}</span>
        </label>
      ))}
    </>
  );
}
