import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import {
  equationHeight,
  type FlowBox,
  type FlowEdge,
  type FlowLayout,
  type FlowView,
  flowLayout,
  flowSizes,
  numberText,
  type TraceSummary,
} from '../src/views/index.ts';
import { Dropdown } from './controls.tsx';
import type { Store } from './store.ts';
import { strings } from './strings.ts';
import { SvgButton } from './svg-button.tsx';
import { useRoom } from './use-room.ts';
import { useView } from './use-view.ts';
import { ViewFrame } from './view-frame.tsx';

interface PageProps {
  readonly store: Store;
  readonly summary: TraceSummary;
}

/** The block as the textbook draws it: the stream goes up, every sublayer reads it and writes into it. */
export function FlowPage({ store, summary }: PageProps) {
  if (summary.streams.length === 0) return <p class="muted">{strings.stream.none}</p>;
  return <Flow store={store} summary={summary} />;
}

function Flow({ store, summary }: PageProps) {
  const { stream: wanted = 0, layer } = store.selection.value;
  const stream = Math.min(wanted, summary.streams.length - 1);
  const all = useSignal(false);
  const asked = { stream, ...(all.value ? {} : { layer: layer ?? 0 }) };
  const shown = useView(store, JSON.stringify(asked), () => store.view('flow', asked));
  return (
    <ViewFrame shown={shown}>
      {(view) => (
        <>
          <div class="toolbar">
            {summary.streams.length > 1 && (
              <Dropdown
                label={strings.stream.scope}
                options={summary.streams.map(({ scope }) => scope || strings.stream.model)}
                chosen={stream}
                onChoose={(next) => store.select({ stream: next })}
              />
            )}
            {view.layers.length > 0 && (
              <Dropdown
                label={strings.flow.layer}
                options={[...view.layers.map(String), strings.flow.all]}
                chosen={
                  view.layer === undefined ? view.layers.length : view.layers.indexOf(view.layer)
                }
                onChoose={(index) => {
                  const next = view.layers[index];
                  all.value = next === undefined;
                  if (next !== undefined) store.select({ layer: next });
                }}
              />
            )}
            <span class="muted">{strings.flow.hint}</span>
          </div>
          <Drawing store={store} view={view} />
        </>
      )}
    </ViewFrame>
  );
}

function Drawing({ store, view }: { readonly store: Store; readonly view: FlowView }) {
  const open = useSignal<ReadonlySet<string>>(new Set());
  const frame = useRef<HTMLDivElement>(null);
  const { width } = useRoom(frame);
  const layout = useMemo(
    () => flowLayout(view, open.value, width || undefined),
    [view, open.value, width],
  );
  const { path } = store.selection.value;
  const choose = (box: FlowBox) => {
    store.select({ path: box.path });
    const source = sourceOf(view, box);
    if (source !== undefined) store.reveal(source);
    if (box.branch !== undefined) open.value = toggled(open.value, box.path);
  };
  return (
    <div ref={frame} class="flow">
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing with buttons in it is a group */}
      <svg
        width={layout.width}
        viewBox={`0 0 ${layout.width} ${layout.height}`}
        role="group"
        aria-label={strings.flow.drawing(view.scope || strings.stream.model)}
      >
        {layout.edges.map((edge, index) => (
          <Edge key={index} edge={edge} />
        ))}
        <Sums store={store} layout={layout} path={path} />
        {layout.boxes.map((box) => (
          <Box key={box.id} box={box} isChosen={box.path === path} onChoose={choose}>
            <Equations store={store} box={box} path={path} />
          </Box>
        ))}
      </svg>
    </div>
  );
}

function Edge({ edge }: { readonly edge: FlowEdge }) {
  const { kind, points, shape, norm, thickness, at } = edge;
  const [x, y] = at;
  const end = kind === 'trunk' ? 'end' : 'start';
  return (
    <g class={`flow-edge ${kind}`}>
      <polyline
        points={points.map((point) => point.join(',')).join(' ')}
        stroke-width={thickness}
      />
      {kind !== 'trunk' && <Arrow points={points} />}
      {shape !== '' && kind !== 'trunk' && (
        <text x={x} y={y} text-anchor={end}>
          {shape}
          {norm !== undefined && (
            <tspan class="flow-norm"> {strings.flow.norm(numberText(norm))}</tspan>
          )}
        </text>
      )}
      {kind === 'trunk' && norm !== undefined && (
        <text class="flow-norm" x={x} y={y} text-anchor="end">
          <title>{shape}</title>
          {numberText(norm)}
        </text>
      )}
    </g>
  );
}

/** A small head at the end of a line, pointing the way of its last piece. */
function Arrow({ points }: Pick<FlowEdge, 'points'>) {
  const [x, y] = points.at(-1) ?? [0, 0];
  const [fromX, fromY] = points.at(-2) ?? [0, 0];
  const turn = Math.atan2(y - fromY, x - fromX) * (180 / Math.PI);
  return <path class="arrow" d="M0 0-7-4v8z" transform={`translate(${x} ${y}) rotate(${turn})`} />;
}

interface SumsProps {
  readonly store: Store;
  readonly layout: FlowLayout;
  readonly path: string | undefined;
}

/** Where a write is added to the stream: a button for the state after it. */
function Sums({ store, layout, path }: SumsProps) {
  return (
    <>
      {layout.sums.map(({ x, y, state }) => (
        <SvgButton
          key={state.path}
          class={state.path === path ? 'flow-sum chosen' : 'flow-sum'}
          label={strings.flow.sum(state.label, numberText(state.norm))}
          onPress={() => {
            store.select({ path: state.path, step: state.step });
            store.reveal(state.source);
          }}
        >
          <circle cx={x} cy={y} r={10} />
          <path d={`M${x - 5} ${y}h10M${x} ${y - 5}v10`} />
          <title>{`${state.path}: ${numberText(state.norm)}`}</title>
        </SvgButton>
      ))}
    </>
  );
}

interface BoxProps {
  readonly box: FlowBox;
  readonly isChosen: boolean;
  readonly onChoose: (box: FlowBox) => void;
  readonly children: ComponentChildren;
}

function Box({ box, isChosen, onChoose, children }: BoxProps) {
  const { kind, x, y, width, height, title, path, branch, isOpen } = box;
  const place = isOpen
    ? { x: x + 10, y: y + 22 }
    : { x: x + width / 2, y: y + height / 2 + 4, 'text-anchor': 'middle' as const };
  const heads = branch?.heads ?? 1;
  const what = `${strings.flow.kinds[kind]}${heads > 1 ? ` · ${strings.flow.heads(heads)}` : ''}`;
  const hasRoom = title.length + what.length < width / letter;
  return (
    <g class={isChosen ? `flow-box ${kind} chosen` : `flow-box ${kind}`}>
      <SvgButton
        label={`${strings.flow.kinds[kind]} ${title}`}
        isOpen={branch === undefined ? undefined : isOpen}
        onPress={() => onChoose(box)}
      >
        <rect class="flow-frame" x={x} y={y} width={width} height={height} rx={5} />
        <text {...place}>
          {short(title, (width - 8) / letter)}
          {branch !== undefined && hasRoom && <tspan class="flow-kind">{` ${what}`}</tspan>}
        </text>
        <title>{branch === undefined ? path : `${path}: ${what}`}</title>
      </SvgButton>
      {children}
    </g>
  );
}

interface EquationsProps {
  readonly store: Store;
  readonly box: FlowBox;
  readonly path: string | undefined;
}

/** The statements of an open sublayer, with their shapes; each leads to its line and its tensor. */
function Equations({ store, box, path }: EquationsProps) {
  if (!box.isOpen || box.branch === undefined) return null;
  const height = equationHeight(box);
  const isSplit = height > flowSizes.line;
  const most = (box.width - 24) / monoLetter;
  return (
    <>
      {box.branch.equations.map((equation, index) => {
        const top = box.y + flowSizes.box + index * height;
        const y = top + 12;
        const choose = () => {
          if (equation.path !== undefined) store.select({ path: equation.path });
          store.reveal(equation.source);
        };
        return (
          <SvgButton
            key={index}
            class={equation.path === path ? 'flow-equation chosen' : 'flow-equation'}
            label={`${equation.text} ${equation.shape}`}
            onPress={choose}
          >
            <rect x={box.x + 4} y={top - 2} width={box.width - 8} height={height} rx={3} />
            <text x={box.x + 12} y={y}>
              {short(equation.text, isSplit ? most : most - equation.shape.length - 1)}
              <title>{equation.text}</title>
            </text>
            <text
              class="flow-kind"
              x={box.x + box.width - 12}
              y={isSplit ? y + 14 : y}
              text-anchor="end"
            >
              {short(equation.shape, most)}
            </text>
          </SvgButton>
        );
      })}
    </>
  );
}

/** About how wide a letter of the drawing is, in the text's font and in that of equations. */
const letter = 6.2;
const monoLetter = 6.7;

function short(text: string, most: number): string {
  const [line = ''] = text.split('\n');
  return line.length > most ? `${line.slice(0, Math.max(1, most - 1))}…` : line;
}

function toggled(open: ReadonlySet<string>, path: string): ReadonlySet<string> {
  const next = new Set(open);
  if (!next.delete(path)) next.add(path);
  return next;
}

function sourceOf(view: FlowView, box: FlowBox) {
  if (box.branch !== undefined) return box.branch.source;
  const states = [view.start, ...view.parts.map(({ state }) => state)];
  return states.find(({ path }) => path === box.path)?.source;
}
