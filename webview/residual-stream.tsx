import { useSignal } from '@preact/signals';
import type {
  Matrix,
  MatrixWindow,
  ResidualStreamView,
  StreamStepView,
  TraceSummary,
} from '../src/views/index.ts';
import { numberText } from '../src/views/index.ts';
import { Dropdown } from './controls.tsx';
import { Heatmap } from './heatmap.tsx';
import { ListBox } from './list-box.tsx';
import type { Store } from './store.ts';
import { StreamDetails } from './stream-details.tsx';
import { strings } from './strings.ts';
import { useView } from './use-view.ts';
import { ViewFrame } from './view-frame.tsx';

interface PageProps {
  readonly store: Store;
  readonly summary: TraceSummary;
}

/** The residual stream: its steps with their norms, one token through all steps, all tokens at one step. */
export function ResidualStreamPage({ store, summary }: PageProps) {
  if (summary.streams.length === 0) return <p class="muted">{strings.stream.none}</p>;
  return <ResidualStream store={store} summary={summary} />;
}

/** Without a choice the last token is followed; indices are made to fit. */
const lastToken = 1e9;

function ResidualStream({ store, summary }: PageProps) {
  const { selection } = store;
  const stream = Math.min(selection.value.stream ?? 0, summary.streams.length - 1);
  const last = (summary.streams[stream]?.steps ?? 1) - 1;
  const { step = last, token = lastToken, dimension } = selection.value;
  const asked = { stream, step, token, ...(dimension === undefined ? {} : { dimension }) };
  const shown = useView(store, JSON.stringify(asked), () => store.view('residualStream', asked));
  const scopes = summary.streams.map(({ scope }) => scope || strings.stream.model);
  const choose = (chosen: number) =>
    store.select({ stream: chosen, step: (summary.streams[chosen]?.steps ?? 1) - 1 });
  return (
    <ViewFrame shown={shown}>
      {(view) => (
        <>
          <div class="toolbar">
            {scopes.length > 1 && (
              <Dropdown
                label={strings.stream.scope}
                options={scopes}
                chosen={stream}
                onChoose={choose}
              />
            )}
            <Dropdown
              label={strings.stream.token}
              options={view.tokens.map((token, index) => tokenText(token, index))}
              chosen={view.token}
              onChoose={(token) => store.select({ token })}
            />
          </div>
          <div class="split">
            <Steps store={store} view={view} />
            <Maps store={store} view={view} />
          </div>
        </>
      )}
    </ViewFrame>
  );
}

interface ViewProps {
  readonly store: Store;
  readonly view: ResidualStreamView;
}

/** The steps down the side: a bar for the norm of the stream, one for the norm of what was written. */
function Steps({ store, view }: ViewProps) {
  const largest = view.steps.reduce(
    (most, { norm, writeNorm }) => Math.max(most, norm || 0, writeNorm ?? 0),
    0,
  );
  const choose = (step: StreamStepView, index: number) => {
    store.select({ step: index, path: step.path });
    store.reveal(step.source);
  };
  return (
    <section class="steps">
      <div class="steps-head" aria-hidden="true">
        <span title={strings.stream.layer}>{strings.stream.layerColumn}</span>
        <span>{strings.stream.step}</span>
        <span title={strings.stream.normHelp}>{strings.stream.norm}</span>
        <span title={strings.stream.writeHelp}>{strings.stream.write}</span>
      </div>
      <ListBox
        label={strings.stream.steps}
        class="steps-list"
        items={view.steps}
        keyOf={(step) => step.path}
        chosen={view.step}
        onChoose={choose}
        draw={(step, index) => (
          <>
            <span class="layer number">
              {step.layer === view.steps[index - 1]?.layer ? '' : step.layer}
            </span>
            <span class="step-label" title={`${step.path}: ${strings.stream.kinds[step.kind]}`}>
              {step.label}
            </span>
            <Bar value={step.norm} largest={largest} kind="norm" label={strings.stream.norm} />
            <Bar
              value={step.writeNorm}
              largest={largest}
              kind="write"
              label={strings.stream.write}
            />
          </>
        )}
      />
    </section>
  );
}

interface BarProps {
  readonly value: number | undefined;
  readonly largest: number;
  readonly kind: 'norm' | 'write';
  readonly label: string;
}

function Bar({ value, largest, kind, label }: BarProps) {
  if (value === undefined) return <span class="bar" />;
  const share = largest > 0 && Number.isFinite(value) ? (100 * value) / largest : 0;
  return (
    <span class="bar">
      <span class="bar-track">
        <span class={`bar-fill ${kind}`} style={{ width: `${share}%` }} />
      </span>
      <span class="visually-hidden">{label}</span>
      <span class="number">{numberText(value)}</span>
    </span>
  );
}

function Maps({ store, view }: ViewProps) {
  const { token, step, steps, tokens } = view;
  const chosen = steps[step];
  // The two maps of the same width are read along the same dimension.
  const pointed = useSignal<number | undefined>(undefined);
  const follow = (cell: { readonly column: number } | undefined) => {
    pointed.value = cell?.column;
  };
  const layer = chosen?.layer === undefined ? '' : `${strings.stream.layer} ${chosen.layer} `;
  /** The exact values of a part of the step, where there are more tokens than are sent. */
  const read = async (window: MatrixWindow): Promise<Matrix> => {
    const part = await store.view('tensorWindow', { path: chosen?.path ?? '', slice: [], window });
    const labels = tokens.slice(window.top, window.top + part.rows.size);
    return part.stride[0] > 1 ? part : { ...part, rows: { ...part.rows, labels } };
  };
  const chooseStep = (index: number) => {
    const path = steps[index]?.path;
    store.select({ step: index, ...(path === undefined ? {} : { path }) });
  };
  return (
    <div class="maps">
      <Heatmap
        title={strings.stream.byToken(tokenText(tokens[token] ?? '', token))}
        matrix={view.byToken}
        form="rows"
        marked={{ row: step, column: view.chosen.dimension.dimension }}
        cross={{ column: pointed.value }}
        onCross={follow}
        onPick={(row, dimension) => {
          chooseStep(row);
          store.select({ dimension });
        }}
      />
      <Heatmap
        title={strings.stream.byStep(`${layer}${chosen?.label ?? ''}`)}
        matrix={view.byStep}
        form="rows"
        read={read}
        axes={[strings.stream.token.toLowerCase(), view.byStep.columns.name]}
        marked={{ row: token, column: view.chosen.dimension.dimension }}
        cross={{ column: pointed.value }}
        onCross={follow}
        onPick={(row, dimension) => store.select({ token: row, dimension })}
      />
      <Heatmap
        title={strings.stream.norms}
        matrix={view.norms}
        form="rows"
        axes={[strings.stream.step, strings.stream.token.toLowerCase()]}
        marked={{ row: step, column: token }}
        onPick={(row, column) => {
          chooseStep(row);
          store.select({ token: column });
        }}
      />
      <StreamDetails
        view={view}
        onStep={chooseStep}
        onDimension={(dimension) => store.select({ dimension })}
      />
    </div>
  );
}

/** `3 sat`, or only the index where the token's text is not known. */
function tokenText(token: string, index: number): string {
  return token === String(index) ? token : `${index} ${token}`;
}
