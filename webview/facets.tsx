import type { FacetsView, SliceRequest, TensorView } from '../src/views/index.ts';
import { Legend } from './legend.tsx';
import { Picture } from './picture.tsx';
import type { Store } from './store.ts';
import { strings } from './strings.ts';
import { useView } from './use-view.ts';
import { ViewFrame } from './view-frame.tsx';

interface FacetsProps {
  readonly store: Store;
  readonly view: TensorView;
  readonly asked: SliceRequest;
  readonly onSlice: (slice: readonly number[]) => void;
}

const side = 64;

/** The plane once for every index of one or two further axes, named; a click goes to that slice. */
export function Facets({ store, view, asked, onSlice }: FacetsProps) {
  const shown = useView(store, `facets ${JSON.stringify(asked)}`, () =>
    store.view('facets', asked),
  );
  return (
    <ViewFrame shown={shown}>
      {(facets) => (
        <section class="facets">
          <h2>{strings.tensor.facets(facets.down?.name, facets.across.name)}</h2>
          <div class="scroll">
            <div
              class="facet-grid"
              style={{ gridTemplateColumns: `auto repeat(${facets.columns}, ${side}px)` }}
            >
              {Array.from({ length: facets.rows }, (_, row) => (
                <Row key={row} {...{ facets, row, view, onSlice }} />
              ))}
            </div>
          </div>
          {facets.maps[0] !== undefined && <Legend matrix={facets.maps[0]} />}
        </section>
      )}
    </ViewFrame>
  );
}

interface RowProps {
  readonly facets: FacetsView;
  readonly row: number;
  readonly view: TensorView;
  readonly onSlice: FacetsProps['onSlice'];
}

function Row({ facets, row, view, onSlice }: RowProps) {
  const { down, across, columns, maps } = facets;
  return (
    <>
      <span class="muted number">{down === undefined ? '' : `${down.name} ${row}`}</span>
      {Array.from({ length: columns }, (_, column) => {
        const map = maps[row * columns + column];
        if (map === undefined) return null;
        const own = down === undefined ? [column] : [row, column];
        const slice = [...view.slice.slice(0, view.slice.length - own.length), ...own];
        const name = own.map(
          (index, i) => `${(down === undefined ? [across] : [down, across])[i]?.name} ${index}`,
        );
        return (
          <button
            key={column}
            type="button"
            class="facet"
            aria-label={name.join(', ')}
            aria-pressed={slice.join() === view.slice.join()}
            title={name.join(', ')}
            onClick={() => onSlice(slice)}
          >
            <Picture matrix={map} width={side - 6} height={side - 6} />
          </button>
        );
      })}
    </>
  );
}
