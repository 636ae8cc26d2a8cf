import type { AttentionView, TraceSummary } from '../src/views/index.ts';
import { numberText } from '../src/views/index.ts';
import { Button, Dropdown } from './controls.tsx';
import { Heatmap } from './heatmap.tsx';
import { Icon } from './icons.tsx';
import { target } from './list-box.tsx';
import { Picture } from './picture.tsx';
import type { Store } from './store.ts';
import { strings } from './strings.ts';
import { useView } from './use-view.ts';
import { ViewFrame } from './view-frame.tsx';

interface PageProps {
  readonly store: Store;
  readonly summary: TraceSummary;
}

/** Attention: all heads of a layer small, one of them large. */
export function AttentionPage({ store, summary }: PageProps) {
  if (summary.patterns.length === 0) return <p class="muted">{strings.attention.none}</p>;
  return <Attention store={store} summary={summary} />;
}

function Attention({ store, summary }: PageProps) {
  const { selection } = store;
  const asked = { pattern: selection.value.pattern ?? 0, head: selection.value.head ?? 0 };
  const shown = useView(store, JSON.stringify(asked), () => store.ask('attention', asked));
  const options = summary.patterns.map(({ layer, scope, path }) =>
    layer === undefined ? scope || path : strings.attention.layer(layer, scope || path),
  );
  const choose = (pattern: number) => {
    const path = summary.patterns[pattern]?.path;
    store.select({ pattern, ...(path === undefined ? {} : { path }) });
  };
  return (
    <ViewFrame shown={shown}>
      {(view) => (
        <>
          <div class="toolbar">
            <Dropdown
              label={strings.attention.pattern}
              options={options}
              chosen={view.pattern}
              onChoose={choose}
            />
            <span class="path">{view.path}</span>
            <Button
              look="icon"
              label={strings.tensor.reveal}
              onClick={() => store.reveal(view.source)}
            >
              <Icon name="source" />
            </Button>
          </div>
          <div class="split heads-split">
            <Heads store={store} view={view} />
            <Heatmap
              title={strings.attention.large(view.head)}
              matrix={view.large}
              form="square"
              axes={[strings.attention.query, strings.attention.key]}
              onPick={(row) => {
                store.select({ token: row, path: view.path });
                store.reveal(view.source);
              }}
            />
          </div>
        </>
      )}
    </ViewFrame>
  );
}

interface HeadsProps {
  readonly store: Store;
  readonly view: AttentionView;
}

/** Small multiples; a radio group, so that the arrows go from head to head. */
function Heads({ store, view }: HeadsProps) {
  const move = (event: KeyboardEvent) => {
    const head = target(event.key, view.head, view.heads.length);
    if (head === undefined || !(event.currentTarget instanceof HTMLElement)) return;
    event.preventDefault();
    store.select({ head });
    const button = event.currentTarget.children[head];
    if (button instanceof HTMLElement) button.focus();
  };
  return (
    <div class="heads" role="radiogroup" aria-label={strings.attention.heads} onKeyDown={move}>
      {view.heads.map(({ head, map, entropy }) => (
        // biome-ignore lint/a11y/useSemanticElements: an input cannot hold a picture
        <button
          key={head}
          type="button"
          role="radio"
          class="head"
          aria-checked={head === view.head}
          tabIndex={head === view.head ? 0 : -1}
          onClick={() => store.select({ head, path: view.path })}
        >
          <Picture matrix={map} width={84} height={(84 * map.rows.size) / map.columns.size} />
          <span class="head-name">{strings.attention.head(head)}</span>
          <span class="muted number" title={strings.attention.entropyHelp}>
            {strings.attention.bits(numberText(entropy))}
          </span>
        </button>
      ))}
    </div>
  );
}
