import { type Signal, useSignal } from '@preact/signals';
import type { AttentionHeadsView, AttentionView, TraceSummary } from '../src/views/index.ts';
import { AttentionLines } from './attention-lines.tsx';
import { Button, Checkbox } from './controls.tsx';
import { type ChosenHead, HeadGrid } from './head-grid.tsx';
import { HeadTable } from './head-table.tsx';
import { Heatmap } from './heatmap.tsx';
import { Icon } from './icons.tsx';
import { Segments } from './segments.tsx';
import type { Store } from './store.ts';
import { strings } from './strings.ts';
import { TokenReading } from './token-reading.tsx';
import { useView } from './use-view.ts';
import { ViewFrame } from './view-frame.tsx';
import { WhyScore } from './why-score.tsx';

interface PageProps {
  readonly store: Store;
  readonly summary: TraceSummary;
}

/** Attention: all heads of all layers small, one map large, and what it says of a token and of a pair. */
export function AttentionPage({ store, summary }: PageProps) {
  if (summary.patterns.length === 0) return <p class="muted">{strings.attention.none}</p>;
  return (
    <div class="split heads-split">
      <Heads store={store} />
      <Large store={store} />
    </div>
  );
}

const faces = ['maps', 'scores'] as const;

function Heads({ store }: { readonly store: Store }) {
  const face = useSignal<(typeof faces)[number]>('maps');
  const shown = useView(store, 'attentionHeads', () => store.view('attentionHeads', {}));
  const { pattern = 0, head = 0 } = store.selection.value;
  const choose = (view: AttentionHeadsView) => (chosen: ChosenHead) => {
    const path = view.layers.find((layer) => layer.pattern === chosen.pattern)?.path;
    store.select({ ...chosen, ...(path === undefined ? {} : { path }) });
  };
  return (
    <ViewFrame shown={shown}>
      {(view) => (
        <section class="heads">
          <div class="toolbar">
            <Segments
              label={strings.attention.heads}
              options={faces.map((id) => ({ id, title: strings.attention.faces[id] }))}
              chosen={face.value}
              onChoose={(next) => {
                face.value = next;
              }}
            />
            {face.value === 'maps' && <span class="muted">{strings.attention.grid}</span>}
          </div>
          {face.value === 'maps' ? (
            <HeadGrid view={view} chosen={{ pattern, head }} onChoose={choose(view)} />
          ) : (
            <HeadTable view={view} chosen={{ pattern, head }} onChoose={choose(view)} />
          )}
        </section>
      )}
    </ViewFrame>
  );
}

/** Without a choice the last token is read, which has seen most; indices are made to fit. */
const lastToken = 1e9;

const kinds = ['head', 'layer', 'rollout', 'model'] as const;
const forms = ['map', 'lines'] as const;

function Large({ store }: { readonly store: Store }) {
  const kind = useSignal<(typeof kinds)[number]>('head');
  const form = useSignal<(typeof forms)[number]>('map');
  const weighted = useSignal(false);
  const ownRange = useSignal(false);
  const { pattern = 0, head = 0, token = lastToken } = store.selection.value;
  const asked = {
    kind: kind.value,
    pattern,
    head,
    token,
    weighted: weighted.value && kind.value === 'head',
  };
  const shown = useView(store, JSON.stringify(asked), () => store.view('attention', asked));
  return (
    <section class="large">
      <div class="toolbar">
        <Segments
          label={strings.attention.what}
          options={kinds.map((id) => ({ id, title: strings.attention.kinds[id] }))}
          chosen={kind.value}
          onChoose={(next) => {
            kind.value = next;
          }}
        />
        <Segments
          label={strings.attention.form}
          options={forms.map((id) => ({ id, title: strings.attention.forms[id] }))}
          chosen={form.value}
          onChoose={(next) => {
            form.value = next;
          }}
        />
        {kind.value === 'head' && <Choice is={weighted}>{strings.attention.weighted}</Choice>}
        <Choice is={ownRange}>{strings.attention.ownRange}</Choice>
      </div>
      <ViewFrame shown={shown}>
        {(view) => (
          <LargeMap
            store={store}
            view={ownRange.value ? inOwnRange(view) : view}
            asked={asked}
            form={form.value}
          />
        )}
      </ViewFrame>
    </section>
  );
}

function Choice({ is, children }: { readonly is: Signal<boolean>; readonly children: string }) {
  return (
    <Checkbox
      checked={is.value}
      onChange={(checked) => {
        is.value = checked;
      }}
    >
      {children}
    </Checkbox>
  );
}

/** Colours up to the map's own largest weight: a long text has small weights everywhere. */
function inOwnRange(view: AttentionView): AttentionView {
  const high = view.map.values.reduce((most, each) => (each > most ? each : most), 0) || 1;
  return { ...view, map: { ...view.map, high } };
}

interface MapProps {
  readonly store: Store;
  readonly view: AttentionView;
  readonly asked: Parameters<Store['view']>[1] & {
    readonly kind: (typeof kinds)[number];
    readonly pattern: number;
    readonly head: number;
    readonly weighted: boolean;
  };
  readonly form: (typeof forms)[number];
}

function LargeMap({ store, view, asked, form }: MapProps) {
  const { key } = store.selection.value;
  const onToken = (token: number) => store.select({ token });
  return (
    <>
      <div class="view-path">
        <span class="path">{view.path}</span>
        <Button look="icon" label={strings.tensor.reveal} onClick={() => store.reveal(view.source)}>
          <Icon name="source" />
        </Button>
      </div>
      {form === 'lines' ? (
        <AttentionLines view={view} onToken={onToken} />
      ) : (
        <Heatmap
          title={strings.attention.titles[asked.kind](view.head)}
          matrix={view.map}
          form="square"
          axes={[strings.attention.query, strings.attention.key]}
          marked={{ row: view.token, ...(key === undefined ? {} : { column: key }) }}
          read={(window) => store.view('attentionWindow', { ...asked, window })}
          onPick={(row, column) => {
            store.select({ token: row, key: column, path: view.path });
            store.reveal(view.source);
          }}
        />
      )}
      <TokenReading view={view} onToken={onToken} onKey={(next) => store.select({ key: next })} />
      {asked.kind === 'head' && <Why store={store} view={view} />}
    </>
  );
}

/** For the chosen pair; without one, for the key that the token attends to most. */
function Why({ store, view }: Pick<MapProps, 'store' | 'view'>) {
  const { key = view.fromToken.indexOf(Math.max(...view.fromToken)), dimension } =
    store.selection.value;
  const { pattern, head, token: query } = view;
  const asked = { pattern, head, query, key };
  const shown = useView(store, JSON.stringify(asked), () => store.view('whyScore', asked));
  return (
    <ViewFrame shown={shown}>
      {(why) => (
        <WhyScore
          view={why}
          tokens={view.tokens}
          dimension={dimension}
          onDimension={(next) => store.select({ dimension: next })}
        />
      )}
    </ViewFrame>
  );
}
