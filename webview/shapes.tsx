import { useSignal } from '@preact/signals';
import type { DimRow, Verdict } from '../src/trace/index.ts';
import { type CostedStatement, countText, type ShapesView } from '../src/views/index.ts';
import { Checkbox } from './controls.tsx';
import { Icon, verdictIcons } from './icons.tsx';
import type { Store } from './store.ts';
import { strings } from './strings.ts';
import { useView } from './use-view.ts';
import { ViewFrame } from './view-frame.tsx';

/** Shapes: every statement with its symbolic shape, its numeric one and the checker's verdict; then the dims. */
export function ShapesPage({ store }: { readonly store: Store }) {
  const shown = useView(store, 'shapes', () => store.view('shapes', {}));
  return (
    <ViewFrame shown={shown}>
      {(view) => (
        <div class="split shapes-split">
          <Statements store={store} view={view} />
          <div class="dims">
            <Dims dims={view.dims} />
            <Totals totals={view.totals} />
          </div>
        </div>
      )}
    </ViewFrame>
  );
}

const severity: Readonly<Record<Verdict, number>> = {
  error: 0,
  undecided: 1,
  coincidence: 2,
  equal: 3,
};

function Statements({ store, view }: { readonly store: Store; readonly view: ShapesView }) {
  // Whoever has a problem came for it.
  const hasErrors = view.statements.some(({ verdict }) => verdict === 'error');
  const chosen = useSignal<boolean | undefined>(undefined);
  const errorsFirst = chosen.value ?? hasErrors;
  const rows = errorsFirst
    ? view.statements.toSorted((a, b) => severity[a.verdict] - severity[b.verdict])
    : view.statements;
  return (
    <section class="statements">
      <div class="toolbar">
        <Counts statements={view.statements} />
        <Checkbox
          checked={errorsFirst}
          onChange={(checked) => {
            chosen.value = checked;
          }}
        >
          {strings.shapes.errorsFirst}
        </Checkbox>
      </div>
      {rows.length === 0 && <p class="muted">{strings.shapes.none}</p>}
      <ul class="rows">
        {rows.map((row, index) => (
          <li key={`${row.source.uri}:${row.source.start}`}>
            {(errorsFirst ? index === 0 : row.owner !== rows[index - 1]?.owner) && (
              <div class="statement-head" aria-hidden="true">
                <span>{errorsFirst ? strings.shapes.statement : row.owner}</span>
                <span>{strings.shapes.symbolic}</span>
                <span>{strings.shapes.numeric}</span>
                <span />
              </div>
            )}
            <Statement store={store} row={row} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** How many statements have each verdict. */
function Counts({ statements }: { readonly statements: readonly CostedStatement[] }) {
  const verdicts: readonly Verdict[] = ['error', 'undecided', 'coincidence', 'equal'];
  return (
    <span class="counts">
      {verdicts.map((verdict) => {
        const count = statements.filter((row) => row.verdict === verdict).length;
        return (
          count > 0 && (
            <span key={verdict} class={`verdict ${verdict}`}>
              <Icon name={verdictIcons[verdict]} />
              {count} {strings.shapes.verdicts[verdict]}
            </span>
          )
        );
      })}
    </span>
  );
}

function Statement({ store, row }: { readonly store: Store; readonly row: CostedStatement }) {
  const { path } = store.selection.value;
  const chosen = path !== undefined && row.paths.includes(path);
  const choose = () => {
    const first = row.paths[0];
    if (first !== undefined && !chosen) store.select({ path: first });
    store.reveal(row.source);
  };
  return (
    <button
      type="button"
      class="statement"
      aria-current={chosen ? 'true' : undefined}
      onClick={choose}
    >
      <code class="statement-text" style={{ paddingInlineStart: `${row.depth * 14}px` }}>
        {row.text}
      </code>
      <code class="shape">{row.symbolic}</code>
      <code class="shape muted">
        {row.numeric === undefined ? strings.shapes.unknown : `[${row.numeric.join(', ')}]`}
      </code>
      <span class={`verdict ${row.verdict}`}>
        <Icon name={verdictIcons[row.verdict]} />
        {strings.shapes.verdicts[row.verdict]}
      </span>
      <Cost row={row} />
      {row.message !== undefined && <span class="statement-message">{row.message}</span>}
    </button>
  );
}

/** What the statement costs, where that is known and anything. */
function Cost({ row }: { readonly row: CostedStatement }) {
  const { parameters, flops, bytes } = row;
  const parts = [
    parameters ? strings.shapes.parameters(countText(parameters)) : '',
    flops ? strings.shapes.flops(countText(flops)) : '',
    bytes ? strings.shapes.bytes(countText(bytes)) : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? null : (
    <span class="statement-cost muted number">{parts.join(' · ')}</span>
  );
}

/** The costs of every block and model. */
function Totals({ totals }: Pick<ShapesView, 'totals'>) {
  if (totals.length === 0) return null;
  return (
    <section>
      <h2>{strings.shapes.totals}</h2>
      <table>
        <thead>
          <tr>
            {strings.shapes.totalColumns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {totals.map(({ owner, parameters, flops, bytes }) => (
            <tr key={owner}>
              <th scope="row">
                <code>{owner}</code>
              </th>
              <td class="number">{countText(parameters)}</td>
              <td class="number">{countText(flops)}</td>
              <td class="number">{countText(bytes)}B</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Dims({ dims }: { readonly dims: readonly DimRow[] }) {
  return (
    <section>
      <h2>{strings.shapes.dims}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{strings.shapes.dim}</th>
            <th scope="col" class="number">
              {strings.shapes.value}
            </th>
            <th scope="col">{strings.shapes.definition}</th>
            <th scope="col">{strings.shapes.origin}</th>
          </tr>
        </thead>
        <tbody>
          {dims.map((dim) => (
            <tr key={dim.name}>
              <th scope="row">
                <code>{dim.name}</code>
              </th>
              <td class="number">{dim.value ?? strings.shapes.unknown}</td>
              <td>
                <code>{dim.definition}</code>
              </td>
              <td class="muted">{strings.shapes.origins[dim.origin] ?? dim.origin}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
