import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { LogitsView, TraceSummary } from '../src/views/index.ts';
import { numberText } from '../src/views/index.ts';
import { Attribution } from './attribution.tsx';
import { Button, Search } from './controls.tsx';
import { DepthChart } from './depth-chart.tsx';
import { Icon } from './icons.tsx';
import { Lens } from './lens.tsx';
import { scrollInto } from './list-box.tsx';
import { percent } from './percent.ts';
import type { Store } from './store.ts';
import { strings } from './strings.ts';
import { useView } from './use-view.ts';
import { ViewFrame } from './view-frame.tsx';

interface PageProps {
  readonly store: Store;
  readonly summary: TraceSummary;
}

/** Without a choice the last position is read, which predicts what comes next; indices are made to fit. */
const lastPosition = 1e9;

/** What the run predicts, how sure it grew of it with depth, and which writes made it so. */
export function LogitsPage({ store }: PageProps) {
  const { token = lastPosition, id } = store.selection.value;
  const asked = { position: token, ...(id === undefined ? {} : { id }) };
  const shown = useView(store, JSON.stringify(asked), () => store.view('logits', asked));
  return (
    <ViewFrame shown={shown}>
      {(view) => (
        <div class="logits">
          <Chosen store={store} view={view} />
          <div class="split logits-split">
            <Predictions store={store} view={view} />
            <div class="maps">
              <section>
                <h2>{strings.logits.over(view.text)}</h2>
                <DepthChart
                  title={strings.logits.at(view.tokens[view.position] ?? '', view.position)}
                  names={view.tokens}
                  values={[...view.probabilities]}
                  chosen={view.position}
                  onChoose={(position) => store.select({ token: position })}
                />
              </section>
              <Lens store={store} view={view} />
              <Attribution store={store} view={view} />
            </div>
          </div>
        </div>
      )}
    </ViewFrame>
  );
}

interface ViewProps {
  readonly store: Store;
  readonly view: LogitsView;
}

/** The token that is followed, by id. */
function Chosen({ store, view }: ViewProps) {
  const wanted = useSignal('');
  return (
    <div class="toolbar">
      <span class="path">{view.path}</span>
      <Button look="icon" label={strings.tensor.reveal} onClick={() => store.reveal(view.source)}>
        <Icon name="source" />
      </Button>
      <Search
        label={strings.logits.find(view.vocabulary - 1)}
        value={wanted.value}
        onInput={(value) => {
          wanted.value = value;
          const id = Number(value);
          const isToken = value.trim() !== '' && Number.isInteger(id) && id >= 0;
          if (isToken && id < view.vocabulary) store.select({ id });
        }}
      />
      <span>
        {strings.logits.followed} <b class="token-text">{view.text}</b>{' '}
        <span class="muted number">
          {strings.logits.rank((view.ranks[view.position] ?? 0) + 1, view.vocabulary)}
        </span>
      </span>
    </div>
  );
}

/** The most likely tokens of each position; the followed one is marked. */
function Predictions({ store, view }: ViewProps) {
  const list = useRef<HTMLElement>(null);
  useEffect(() => {
    if (list.current !== null) scrollInto(list.current);
  }, [view.position]);
  return (
    <section ref={list} class="predictions scroll">
      <table class="numbers">
        <thead>
          <tr>
            <th class="heading" scope="col">
              {strings.logits.position}
            </th>
            <th class="heading start" scope="colgroup" colSpan={view.top[0]?.length ?? 1}>
              {strings.logits.top}
            </th>
          </tr>
        </thead>
        <tbody>
          {view.top.map((predictions, position) => (
            <tr key={position} aria-current={position === view.position ? 'true' : undefined}>
              <th scope="row">
                <button
                  type="button"
                  class="link token-text"
                  onClick={() => store.select({ token: position })}
                >
                  {view.tokens[position]}
                </button>
              </th>
              {predictions.map(({ id, text, logit, probability }) => (
                <td key={id}>
                  <button
                    type="button"
                    class="prediction"
                    aria-pressed={id === view.id}
                    title={strings.logits.prediction(id, numberText(logit), percent(probability))}
                    onClick={() => store.select({ id, token: position })}
                  >
                    <span
                      class="prediction-bar"
                      style={{ width: `${100 * (probability || 0)}%` }}
                    />
                    <span class="token-text">{text}</span>{' '}
                    <span class="muted">{percent(probability)}</span>
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
