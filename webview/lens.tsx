import { useEffect, useState } from 'preact/hooks';
import type { LensCell, LensStep, LogitsView } from '../src/views/index.ts';
import { cellStyle, weightColour } from './colours.ts';
import { Checkbox } from './controls.tsx';
import { percent } from './percent.ts';
import type { Store } from './store.ts';
import { strings } from './strings.ts';
import { useTheme } from './theme.tsx';

interface LensProps {
  readonly store: Store;
  readonly view: LogitsView;
}

/** Products of this many numbers take about a tenth of a second: more are asked for in several questions. */
const affordable = 2e9;
/** As many positions as a screen shows. */
const mostColumns = 12;

interface Columns {
  readonly steps: readonly LensStep[];
  /** Cells over the steps, by position. */
  readonly byPosition: ReadonlyMap<number, readonly LensCell[]>;
}

/** The logit lens: what the model would say if it ended after each step, the last step on top. */
export function Lens({ store, view }: LensProps) {
  const [probability, setProbability] = useState<'top' | 'chosen'>('top');
  const positions = positionsAround(view.position, view.tokens.length);
  const { columns, failure } = useLens(store, view, positions);
  const shown = positions.filter((position) => columns.byPosition.has(position));
  return (
    <section>
      <h2>{strings.logits.lens}</h2>
      <div class="toolbar">
        <Checkbox
          checked={probability === 'chosen'}
          onChange={(checked) => setProbability(checked ? 'chosen' : 'top')}
        >
          {strings.logits.lensOf(view.text)}
        </Checkbox>
        {shown.length < positions.length && failure === undefined && (
          <span class="muted" role="status">
            {strings.logits.reading(shown.length, positions.length)}
          </span>
        )}
      </div>
      {failure !== undefined && <p class="muted">{failure}</p>}
      <div class="scroll">
        <table class="lens">
          <thead>
            <tr>
              <td class="lens-corner" />
              {shown.map((position) => (
                <th
                  key={position}
                  scope="col"
                  aria-current={position === view.position ? 'true' : undefined}
                >
                  {view.tokens[position]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {columns.steps.toReversed().map((step, reversed) => (
              <Row
                key={step.path}
                {...{ store, view, columns, shown, probability, step }}
                index={columns.steps.length - 1 - reversed}
              />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface RowProps extends LensProps {
  readonly columns: Columns;
  readonly shown: readonly number[];
  readonly probability: 'top' | 'chosen';
  readonly step: LensStep;
  readonly index: number;
}

/** One step: what it would say at each position, or how likely the followed token is there. */
function Row({ store, view, columns, shown, probability, step, index }: RowProps) {
  const { ground } = useTheme();
  const choose = (position: number, { id }: LensCell) =>
    store.select({
      ...(id === undefined ? {} : { id }),
      token: position,
      step: index,
      path: step.path,
    });
  return (
    <tr>
      <th scope="row" title={step.path}>
        <span class="muted">{step.layer}</span> {step.label}
      </th>
      {shown.map((position) => {
        const cell = columns.byPosition.get(position)?.[index];
        if (cell === undefined) return <td key={position} />;
        const value = probability === 'top' ? cell.probability : cell.chosen;
        return (
          <td key={position}>
            <button
              type="button"
              class="lens-cell"
              style={cellStyle(weightColour(ground, value))}
              title={strings.logits.lensCell(
                cell.text,
                percent(cell.probability),
                view.text,
                percent(cell.chosen),
                cell.rank + 1,
              )}
              onClick={() => choose(position, cell)}
            >
              {probability === 'top' ? cell.text : percent(cell.chosen)}
            </button>
          </td>
        );
      })}
    </tr>
  );
}

/** Reads the chosen position first, then its neighbours, as many at a time as are quick. */
function useLens(store: Store, view: LogitsView, positions: readonly number[]) {
  const revision = store.revision.value;
  const [columns, setColumns] = useState<Columns>({ steps: [], byPosition: new Map() });
  const [failure, setFailure] = useState<string>();
  const key = `${revision} ${view.id} ${positions.join()}`;
  useEffect(() => {
    let current = true;
    const read = async () => {
      const atOnce = Math.max(1, Math.floor(affordable / view.lensCost));
      const wanted = [view.position, ...positions.filter((each) => each !== view.position)];
      const found = new Map<number, readonly LensCell[]>();
      for (let start = 0; start < wanted.length && current; start += atOnce) {
        const part = wanted.slice(start, start + atOnce);
        const lens = await store.view('lens', { positions: part, id: view.id });
        if (!current) return;
        for (const [i, position] of part.entries()) {
          found.set(
            position,
            lens.steps.flatMap((_, step) => lens.cells[step * part.length + i] ?? []),
          );
        }
        setColumns({ steps: lens.steps, byPosition: new Map(found) });
      }
    };
    setFailure(undefined);
    read().catch((error: unknown) => {
      if (current) setFailure(error instanceof Error ? error.message : String(error));
    });
    return () => {
      current = false;
    };
  }, [key]);
  return { columns, failure };
}

/** A window of positions that holds the chosen one; it moves by whole windows, so that clicks do not shift it. */
function positionsAround(chosen: number, count: number): readonly number[] {
  const last = Math.max(0, count - mostColumns);
  const start = Math.min(last, Math.max(0, Math.floor(chosen / mostColumns) * mostColumns));
  return Array.from({ length: Math.min(mostColumns, count) }, (_, i) => start + i);
}
