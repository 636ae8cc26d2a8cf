import { useEffect, useRef, useState } from 'preact/hooks';
import type { LensCell, LensStep, LogitsView } from '../src/views/index.ts';
import { cellStyle, weightColour } from './colours.ts';
import { Checkbox } from './controls.tsx';
import { percent } from './percent.ts';
import type { Store } from './store.ts';
import { strings } from './strings.ts';
import { useTheme } from './theme.tsx';
import { useRoom } from './use-room.ts';

interface LensProps {
  readonly store: Store;
  readonly view: LogitsView;
}

/** Products of this many numbers take about a tenth of a second: more are asked for in several questions. */
const affordable = 2e9;
/** Pixels that the steps' names take, and that a cell needs. */
const namesWidth = 104;
const cellWidth = 46;
/** However narrow or wide the room is. */
const columnLimits = { least: 3, most: 24 };

interface Columns {
  readonly steps: readonly LensStep[];
  readonly byPosition: ReadonlyMap<number, Column>;
}

interface Column {
  /** The token that was followed when it was read. */
  readonly id: number;
  /** Over the steps. */
  readonly cells: readonly LensCell[];
}

/** The logit lens: what the model would say if it ended after each step, the last step on top. */
export function Lens({ store, view }: LensProps) {
  const [probability, setProbability] = useState<'top' | 'chosen'>('top');
  const frame = useRef<HTMLElement>(null);
  const { width } = useRoom(frame);
  const positions = positionsAround(view.position, view.tokens.length, columnsIn(width));
  const { columns, failure } = useLens(store, view, positions);
  const read = positions.filter((each) => columns.byPosition.get(each)?.id === view.id).length;
  return (
    <section ref={frame}>
      <h2>{strings.logits.lens}</h2>
      <div class="toolbar">
        <Checkbox
          checked={probability === 'chosen'}
          onChange={(checked) => setProbability(checked ? 'chosen' : 'top')}
        >
          {strings.logits.lensOf(view.text)}
        </Checkbox>
        {read < positions.length && failure === undefined && (
          <span class="muted" role="status">
            {strings.logits.reading(read, positions.length)}
          </span>
        )}
      </div>
      {failure !== undefined && <p class="muted">{failure}</p>}
      <table class="lens">
        <thead>
          <tr>
            <td class="lens-corner" />
            {positions.map((position) => (
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
              {...{ store, view, columns, positions, probability, step }}
              index={columns.steps.length - 1 - reversed}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface RowProps extends LensProps {
  readonly columns: Columns;
  readonly positions: readonly number[];
  readonly probability: 'top' | 'chosen';
  readonly step: LensStep;
  readonly index: number;
}

/** One step: what it would say at each position, or how likely the followed token is there. */
function Row({ store, view, columns, positions, probability, step, index }: RowProps) {
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
      {positions.map((position) => {
        const column = columns.byPosition.get(position);
        const cell = column?.cells[index];
        // What another token was read for still says what is most likely.
        const isKnown = probability === 'top' || column?.id === view.id;
        if (cell === undefined || !isKnown) return <td key={position} />;
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
  // What was read of this run stays in sight until it is read anew for another token.
  const known = useRef<{ readonly run: string; readonly columns: Columns }>(undefined);
  const run = `${revision} ${view.path}`;
  const key = `${run} ${view.id} ${positions.join()}`;
  useEffect(() => {
    let current = true;
    const read = async () => {
      const atOnce = Math.max(1, Math.floor(affordable / view.lensCost));
      const before = known.current?.run === run ? known.current.columns.byPosition : [];
      const found = new Map<number, Column>(before);
      const order = [view.position, ...positions.filter((each) => each !== view.position)];
      const wanted = order.filter((each) => found.get(each)?.id !== view.id);
      for (let start = 0; start < wanted.length && current; start += atOnce) {
        const part = wanted.slice(start, start + atOnce);
        const lens = await store.view('lens', { positions: part, id: view.id });
        if (!current) return;
        for (const [i, position] of part.entries()) {
          const at = (step: number) => lens.cells[step * part.length + i] ?? [];
          found.set(position, {
            id: view.id,
            cells: lens.steps.flatMap((_, step) => at(step)),
          });
        }
        const next = { steps: lens.steps, byPosition: new Map(found) };
        known.current = { run, columns: next };
        setColumns(next);
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
function positionsAround(chosen: number, count: number, most: number): readonly number[] {
  const last = Math.max(0, count - most);
  const start = Math.min(last, Math.max(0, Math.floor(chosen / most) * most));
  return Array.from({ length: Math.min(most, count) }, (_, i) => start + i);
}

function columnsIn(width: number): number {
  const { least, most } = columnLimits;
  return Math.max(least, Math.min(most, Math.floor((width - namesWidth) / cellWidth)));
}
