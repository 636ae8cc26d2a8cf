import { useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { cellKind, heatmapPixels, type Matrix, numberText } from '../src/views/index.ts';
import { drawHeatmap, type Place } from './heatmap-drawing.ts';
import {
  axisLabel,
  cellAt,
  type HeatmapForm,
  type HeatmapLayout,
  layoutHeatmap,
} from './heatmap-layout.ts';
import { Legend } from './legend.tsx';
import { strings } from './strings.ts';
import { type Theme, useTheme } from './theme.tsx';
import { useRoom } from './use-room.ts';

interface HeatmapProps {
  readonly title: string;
  readonly matrix: Matrix;
  readonly form: HeatmapForm;
  /** How the axes are called in the readout; the names of the dims where absent. */
  readonly axes?: readonly [string, string];
  /** The chosen row and column. */
  readonly marked?: Partial<Place>;
  readonly onPick?: (row: number, column: number) => void;
}

interface Cell {
  readonly row: number;
  readonly column: number;
}

/** A matrix as colours, with labels, a crosshair by mouse and arrow keys, the value under it, and a legend. */
export function Heatmap({ title, matrix, form, axes, marked, onPick }: HeatmapProps) {
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  const room = useRoom(frame);
  const [pointed, setPointed] = useState<Cell>();
  const cross = inside(matrix, pointed);
  const layout = useMemo(
    () => layoutHeatmap(matrix, room.width, form, measuring(theme)),
    [matrix, room.width, form, theme],
  );
  usePicture(canvas, { matrix, layout, theme, marked, cross, ratio: room.ratio });
  const move = (event: PointerEvent) => setPointed(cellAt(layout, event.offsetX, event.offsetY));
  const pick = (cell: Cell | undefined) => cell && onPick?.(cell.row, cell.column);
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === ' ') pick(cross);
    else if (event.key === 'Escape' && cross !== undefined) setPointed(undefined);
    else {
      const start = { row: marked?.row ?? 0, column: marked?.column ?? 0 };
      const next = moved(event, matrix, cross, inside(matrix, start));
      if (next === undefined) return;
      setPointed(next);
    }
    event.preventDefault();
  };
  return (
    <figure class="heatmap">
      <figcaption>{title}</figcaption>
      <div ref={frame} class="heatmap-frame">
        <div
          class="heatmap-map"
          role="application"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the keys itself
          tabIndex={0}
          aria-roledescription={strings.heatmap.roleDescription}
          aria-label={`${title}. ${strings.heatmap.keys}`}
          aria-describedby={id}
          style={{ width: `${layout.width}px`, height: `${layout.height}px` }}
          onKeyDown={press}
        >
          <canvas
            ref={canvas}
            data-left={layout.left}
            data-top={layout.top}
            data-cell-width={layout.cellWidth}
            data-cell-height={layout.cellHeight}
            onPointerMove={move}
            onPointerLeave={() => setPointed(undefined)}
            onClick={(event) => pick(cellAt(layout, event.offsetX, event.offsetY))}
          />
        </div>
      </div>
      <output id={id} class={cross === undefined ? 'readout idle' : 'readout'}>
        {cross === undefined ? strings.heatmap.hint : <Readout {...{ matrix, cross, axes }} />}
      </output>
      <Legend matrix={matrix} />
    </figure>
  );
}

interface ReadoutProps {
  readonly matrix: Matrix;
  readonly cross: Cell;
  readonly axes: readonly [string, string] | undefined;
}

function Readout({ matrix, cross, axes }: ReadoutProps) {
  const { rows, columns, stride } = matrix;
  const value = matrix.values[cross.row * columns.size + cross.column] ?? Number.NaN;
  const shown = cellKind(value, matrix) === 'masked' ? strings.heatmap.masked : numberText(value);
  const many = stride[0] * stride[1];
  return (
    <>
      <span class="muted">{axes?.[0] ?? rows.name}</span>{' '}
      {positionText(matrix.rows, cross.row, stride[0])}
      <span class="muted"> · {axes?.[1] ?? columns.name}</span>{' '}
      {positionText(matrix.columns, cross.column, stride[1])}{' '}
      <b class="value" title={String(value)}>
        {shown}
      </b>
      {many > 1 && <span class="muted"> {strings.heatmap.largestOf(many)}</span>}
    </>
  );
}

/** The label and the index, where the label does not say it already. */
function positionText(axis: Matrix['rows'], index: number, stride: number): string {
  const label = axisLabel(axis, index, stride);
  const place = String(index * stride);
  return label === place ? place : `${label} (${place})`;
}

interface PictureInput {
  readonly matrix: Matrix;
  readonly layout: HeatmapLayout;
  readonly theme: Theme;
  readonly marked: Partial<Place> | undefined;
  readonly cross: Cell | undefined;
  readonly ratio: number;
}

/** Draws after every change; the map's pixels are made again only when the map, its size or the theme changes. */
function usePicture(canvas: { readonly current: HTMLCanvasElement | null }, input: PictureInput) {
  const { matrix, layout, theme, marked, cross, ratio } = input;
  const pixels = useMemo(() => {
    const width = Math.round(layout.mapWidth * ratio);
    const height = Math.round(layout.mapHeight * ratio);
    return heatmapPixels(matrix, { width, height }, theme.ground);
  }, [matrix, layout, theme, ratio]);
  const { row, column } = marked ?? {};
  useLayoutEffect(() => {
    if (canvas.current === null || layout.width === 0) return;
    drawHeatmap(canvas.current, {
      matrix,
      layout,
      pixels,
      theme,
      marked: { row, column },
      cross: cross ?? { row: undefined, column: undefined },
    });
  }, [canvas, matrix, layout, pixels, theme, row, column, cross]);
}

/** The cell where a key leads: from the crosshair, or where there is none to the chosen cell. */
function moved(
  event: KeyboardEvent,
  matrix: Matrix,
  from: Cell | undefined,
  start: Cell | undefined,
): Cell | undefined {
  const by = event.ctrlKey || event.metaKey ? 10 : 1;
  const last = { row: matrix.rows.size - 1, column: matrix.columns.size - 1 };
  const cell = from ?? start ?? { row: 0, column: 0 };
  const steps: Readonly<Record<string, Cell>> = {
    ArrowUp: { row: cell.row - by, column: cell.column },
    ArrowDown: { row: cell.row + by, column: cell.column },
    ArrowLeft: { row: cell.row, column: cell.column - by },
    ArrowRight: { row: cell.row, column: cell.column + by },
    PageUp: { row: cell.row - 10, column: cell.column },
    PageDown: { row: cell.row + 10, column: cell.column },
    Home: { row: cell.row, column: 0 },
    End: { row: cell.row, column: last.column },
  };
  const to = steps[event.key];
  if (to === undefined) return undefined;
  if (from === undefined) return cell;
  return {
    row: Math.max(0, Math.min(last.row, to.row)),
    column: Math.max(0, Math.min(last.column, to.column)),
  };
}

/** The cell where the matrix has one: a new matrix may be smaller than the last. */
function inside(matrix: Matrix, cell: Cell | undefined): Cell | undefined {
  if (cell === undefined) return undefined;
  return cell.row < matrix.rows.size && cell.column < matrix.columns.size ? cell : undefined;
}

function measuring(theme: Theme): (text: string) => number {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) return (text) => text.length * 7;
  context.font = theme.font;
  return (text) => context.measureText(text).width;
}
