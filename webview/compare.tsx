import { useSignal } from '@preact/signals';
import type {
  ComparisonRow,
  ComparisonView,
  Matrix,
  OfRun,
  RunLabel,
  TensorView,
  TraceSummary,
} from '../src/views/index.ts';
import { axesText, numberText } from '../src/views/index.ts';
import { PagePair } from './compare-pages.tsx';
import { Dropdown } from './controls.tsx';
import { Heatmap } from './heatmap.tsx';
import { ListBox } from './list-box.tsx';
import { type RunPageName, runPages } from './run-page.tsx';
import { Segments } from './segments.tsx';
import type { Store } from './store.ts';
import { strings } from './strings.ts';
import { useView } from './use-view.ts';
import { ViewFrame } from './view-frame.tsx';

interface PageProps {
  readonly store: Store;
  readonly summary: TraceSummary;
}

/** Two runs: where they differ most, and one tensor of both side by side with what differs. */
export function ComparePage({ store, summary }: PageProps) {
  const chosen = useSignal<number | undefined>(undefined);
  const page = useSignal<RunPageName | 'tensors'>('tensors');
  const shown = useView(store, 'runs', () => store.ask('runs', {}));
  return (
    <ViewFrame shown={shown}>
      {(runs) => {
        const others = runs.filter(({ isCurrent }) => !isCurrent);
        const other = others.find(({ id }) => id === chosen.value) ?? likest(others, runs);
        if (other === undefined) return <p class="muted">{strings.compare.none}</p>;
        return (
          <>
            <div class="toolbar">
              <span>{strings.compare.this(summary.run || summary.model)}</span>
              <Dropdown
                label={strings.compare.with}
                options={others.map((run) => labelOf(run, summary))}
                chosen={others.indexOf(other)}
                onChoose={(index) => {
                  chosen.value = others[index]?.id;
                }}
              />
              <Segments
                label={strings.compare.page}
                options={(['tensors', ...runPages] as const).map((id) => ({
                  id,
                  title: id === 'tensors' ? strings.compare.tensors : strings.tabs[id],
                }))}
                chosen={page.value}
                onChoose={(id) => {
                  page.value = id;
                }}
              />
            </div>
            {page.value === 'tensors' ? (
              <Comparison store={store} run={other.id} name={labelOf(other, summary)} />
            ) : (
              <PagePair
                store={store}
                summary={summary}
                page={page.value}
                run={other.id}
                names={[summary.run || summary.model, labelOf(other, summary)]}
              />
            )}
          </>
        );
      }}
    </ViewFrame>
  );
}

/** The last other run of the same model of the same file; where there is none, the last other run. */
function likest(others: readonly RunLabel[], runs: readonly RunLabel[]): RunLabel | undefined {
  const current = runs.find(({ isCurrent }) => isCurrent);
  const isLike = ({ program, model }: RunLabel) =>
    program === current?.program && model === current.model;
  return others.find(isLike) ?? others[0];
}

/** An earlier run of the same name was before an edit; another one says its file where that differs. */
function labelOf(run: RunLabel, summary: TraceSummary): string {
  const name = run.run || run.model;
  if (run.program !== summary.program) return `${name} · ${run.program.split('/').at(-1)}`;
  return run.run === summary.run ? strings.compare.before(name) : name;
}

interface ComparisonProps {
  readonly store: Store;
  readonly run: number;
  /** What the other run is called. */
  readonly name: string;
}

function Comparison({ store, run, name }: ComparisonProps) {
  const of: OfRun = { run, as: 'difference' };
  const shown = useView(store, `comparison ${run}`, () => store.view('comparison', {}, of));
  return (
    <ViewFrame shown={shown}>
      {(view) => {
        const { path } = store.selection.value;
        const row =
          view.rows.find((each) => each.path === path && hasBoth(each)) ?? view.rows.find(hasBoth);
        return (
          <div class="split">
            <Rows store={store} view={view} chosen={row} />
            {row === undefined ? (
              <p class="muted">{strings.compare.nothingAlike}</p>
            ) : (
              <SideBySide {...{ store, view, row, run, name }} />
            )}
          </div>
        );
      }}
    </ViewFrame>
  );
}

function hasBoth({ kind }: ComparisonRow): boolean {
  return kind === 'different' || kind === 'same';
}

interface RowsProps {
  readonly store: Store;
  readonly view: ComparisonView;
  readonly chosen: ComparisonRow | undefined;
}

/** The tensors, those that differ most first. */
function Rows({ store, view, chosen }: RowsProps) {
  const most = view.rows.find(({ relative }) => Number.isFinite(relative))?.relative || 1;
  const index = chosen === undefined ? undefined : view.rows.indexOf(chosen);
  const differing = view.rows.filter(({ kind }) => kind !== 'same').length;
  return (
    <section class="tensors">
      <p class="muted">{strings.compare.count(differing, view.rows.length)}</p>
      <ListBox
        label={strings.compare.list}
        class="compare-list"
        items={view.rows}
        keyOf={(row) => row.path}
        chosen={index}
        onChoose={(row) => {
          store.select({ path: row.path });
          store.reveal(row.source);
        }}
        draw={(row) => (
          <>
            <span class="step-label" title={row.path}>
              {row.path}
            </span>
            {row.kind === 'different' ? (
              <span
                class="bar"
                title={strings.compare.measures(numberText(row.largest), numberText(row.cosine))}
              >
                <span class="bar-track">
                  <span
                    class="bar-fill write"
                    style={{ width: `${Math.min(100, (100 * (row.relative || 0)) / most)}%` }}
                  />
                </span>
                <span class="number">{numberText(row.relative)}</span>
              </span>
            ) : (
              <span class="muted">{strings.compare.kinds[row.kind]}</span>
            )}
          </>
        )}
      />
    </section>
  );
}

interface SideBySideProps {
  readonly store: Store;
  readonly view: ComparisonView;
  readonly row: ComparisonRow;
  readonly run: number;
  readonly name: string;
}

/** The same slice of both and their difference; the crosshair is in all three, the two have one range. */
function SideBySide({ store, view, row, run, name }: SideBySideProps) {
  const chosen = useSignal<{ readonly path: string; readonly slice: readonly number[] }>(row);
  const pointed = useSignal<{ readonly row: number; readonly column: number } | undefined>(
    undefined,
  );
  const { path, slice } = chosen.value.path === row.path ? chosen.value : row;
  const asked = { path, slice };
  const shown = useView(store, `${run} ${JSON.stringify(asked)}`, async () => ({
    here: await store.view('tensor', asked),
    there: await store.view('tensor', asked, { run, as: 'itself' }),
    difference: await store.view('tensor', asked, { run, as: 'difference' }),
  }));
  return (
    <ViewFrame shown={shown}>
      {({ here, there, difference }) => {
        const [mine, theirs] = inOneRange(here.matrix, there.matrix);
        const maps = [
          { title: view.here, matrix: mine },
          { title: name, matrix: theirs },
          { title: strings.compare.difference, matrix: difference.matrix },
        ];
        return (
          <section>
            <div class="tensor-head">
              <h2>{row.path}</h2>
              <code class="shape">{axesText(here.axes)}</code>
              <span class="muted">
                {strings.compare.measures(numberText(row.largest), numberText(row.cosine))}
              </span>
            </div>
            <Slices
              view={here}
              onChange={(next) => {
                chosen.value = { path, slice: next };
              }}
            />
            <div class="side-by-side">
              {maps.map(({ title, matrix }) => (
                <Heatmap
                  key={title}
                  title={title}
                  matrix={matrix}
                  form={here.axes.length > 2 ? 'square' : 'rows'}
                  cross={pointed.value ?? {}}
                  onCross={(cell) => {
                    pointed.value = cell;
                  }}
                />
              ))}
            </div>
          </section>
        );
      }}
    </ViewFrame>
  );
}

interface SlicesProps {
  readonly view: TensorView;
  readonly onChange: (slice: readonly number[]) => void;
}

function Slices({ view, onChange }: SlicesProps) {
  if (view.slice.length === 0) return null;
  return (
    <div class="toolbar">
      {view.slice.map((index, place) => (
        <Dropdown
          key={place}
          label={view.axes[place]?.name ?? ''}
          options={Array.from({ length: view.axes[place]?.size ?? 1 }, (_, i) => String(i))}
          chosen={index}
          onChoose={(next) => onChange(view.slice.with(place, next))}
        />
      ))}
    </div>
  );
}

function inOneRange(a: Matrix, b: Matrix): readonly [Matrix, Matrix] {
  const range = { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
  return [
    { ...a, ...range },
    { ...b, ...range },
  ];
}
