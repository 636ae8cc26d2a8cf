import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import {
  type AttentionHeadsView,
  type AttentionLayerView,
  type HeadScores,
  headScoreNames,
  heatmapPixels,
  type Matrix,
  matrixOf,
  thumbnailValue,
} from '../src/views/index.ts';
import { scoreText } from './head-table.tsx';
import { putPixels } from './heatmap-drawing.ts';
import { strings } from './strings.ts';
import { type Theme, useTheme } from './theme.tsx';
import { useRoom } from './use-room.ts';

export interface ChosenHead {
  readonly pattern: number;
  readonly head: number;
}

interface HeadGridProps {
  readonly view: AttentionHeadsView;
  readonly chosen: ChosenHead;
  readonly onChoose: (chosen: ChosenHead) => void;
}

const layerWidth = 26;
const gap = 3;
const largest = 92;

/**
 * All heads of all layers as small multiples: layers down, heads across. The maps are one canvas; over it lies a radio
 * group, so that the arrows go from head to head and each has a name.
 */
export function HeadGrid({ view, chosen, onChoose }: HeadGridProps) {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  const room = useRoom(frame);
  const columns = Math.max(1, ...view.layers.map(({ heads }) => heads.length));
  const across = Math.floor((room.width - layerWidth) / columns);
  const pitch = Math.max(12, Math.min(largest, across));
  const maps = useMemo(() => view.layers.map(mapsOf), [view]);
  useLayoutEffect(() => {
    if (canvas.current !== null && room.width > 0) {
      drawMaps(canvas.current, maps, { pitch, columns, theme, ratio: room.ratio });
    }
  }, [maps, pitch, columns, theme, room]);
  const move = (event: KeyboardEvent) => {
    const next = neighbour(view, chosen, event.key);
    if (next === undefined) return;
    event.preventDefault();
    onChoose(next);
    frame.current
      ?.querySelector<HTMLElement>(`[data-head="${next.pattern}.${next.head}"]`)
      ?.focus();
  };
  return (
    <div ref={frame} class="head-grid">
      <canvas ref={canvas} class="head-maps" />
      <div role="radiogroup" aria-label={strings.attention.heads} onKeyDown={move}>
        {view.layers.map((layer) => (
          <div key={layer.pattern} class="head-row" style={{ height: `${pitch}px` }}>
            <span class="head-layer muted number" title={layer.path} aria-hidden="true">
              {layer.layer ?? layer.pattern}
            </span>
            {layer.heads.map((scores, head) => (
              <HeadButton
                key={head}
                layer={layer}
                head={head}
                scores={scores}
                pitch={pitch}
                isChosen={layer.pattern === chosen.pattern && head === chosen.head}
                onChoose={onChoose}
              />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

interface HeadButtonProps {
  readonly layer: AttentionLayerView;
  readonly head: number;
  readonly scores: HeadScores;
  readonly pitch: number;
  readonly isChosen: boolean;
  readonly onChoose: (chosen: ChosenHead) => void;
}

function HeadButton({ layer, head, scores, pitch, isChosen, onChoose }: HeadButtonProps) {
  const name = strings.attention.headOf(layer.layer ?? layer.pattern, head);
  const lines = headScoreNames.map(
    (score) => `${strings.attention.scores[score]} ${scoreText(score, scores[score])}`,
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: an input cannot lie over a picture
    <button
      type="button"
      role="radio"
      class="head"
      data-head={`${layer.pattern}.${head}`}
      style={{ width: `${pitch}px` }}
      aria-checked={isChosen}
      aria-label={name}
      title={[name, ...lines].join('\n')}
      tabIndex={isChosen ? 0 : -1}
      onClick={() => onChoose({ pattern: layer.pattern, head })}
    />
  );
}

/** The thumbnails of a layer as matrices. */
function mapsOf(layer: AttentionLayerView): readonly Matrix[] {
  const [rows, columns] = layer.size;
  return layer.heads.map((_, head) => {
    const bytes = layer.thumbnails.subarray(head * rows * columns, (head + 1) * rows * columns);
    return matrixOf({
      rows: { name: '', size: rows, labels: undefined },
      columns: { name: '', size: columns, labels: undefined },
      values: Float32Array.from(bytes, thumbnailValue),
      scale: 'sequential',
      low: 0,
      high: 1,
      masked: 'zeros',
    });
  });
}

interface Placing {
  readonly pitch: number;
  readonly columns: number;
  readonly theme: Theme;
  readonly ratio: number;
}

function drawMaps(
  canvas: HTMLCanvasElement,
  layers: readonly (readonly Matrix[])[],
  { pitch, columns, theme, ratio }: Placing,
): void {
  const [width, height] = [layerWidth + columns * pitch, layers.length * pitch];
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext('2d');
  if (context === null) return;
  const side = Math.round((pitch - gap) * ratio);
  for (const [row, maps] of layers.entries()) {
    for (const [column, map] of maps.entries()) {
      const left = Math.round((layerWidth + column * pitch) * ratio);
      const top = Math.round(row * pitch * ratio);
      putPixels(
        context,
        heatmapPixels(map, { width: side, height: side }, theme.ground),
        left,
        top,
      );
    }
  }
}

/** Left and right along the layer, up and down between layers, Home and End to the first and last head. */
function neighbour(
  view: AttentionHeadsView,
  { pattern, head }: ChosenHead,
  key: string,
): ChosenHead | undefined {
  const row = view.layers.findIndex((layer) => layer.pattern === pattern);
  const down = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
  const across = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
  const layer = view.layers[row + down];
  if (layer === undefined) return undefined;
  const last = layer.heads.length - 1;
  if (key === 'Home') return { pattern, head: 0 };
  if (key === 'End') return { pattern, head: last };
  if (down === 0 && across === 0) return undefined;
  const next = Math.max(0, Math.min(last, head + across));
  return { pattern: layer.pattern, head: next };
}
