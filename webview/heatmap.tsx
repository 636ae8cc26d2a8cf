import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import {
  cellKind,
  clipMatrix,
  hasOutliers,
  heatmapPixels,
  type Matrix,
  numberText,
} from '../src/views/index.ts';
import { drawHeatmap, type PicturePart, type Place, putPixels } from './heatmap-drawing.ts';
import {
  axisLabel,
  type HeatmapForm,
  type HeatmapLayout,
  layoutHeatmap,
} from './heatmap-layout.ts';
import { Legend } from './legend.tsx';
import { strings } from './strings.ts';
import { type Theme, useTheme } from './theme.tsx';
import { useMouse } from './use-mouse.ts';
import { useRoom } from './use-room.ts';
import { type ReadWindow, useZoom, type Zoom } from './zoom.ts';
import { ZoomButtons, zoomKey } from './zoom-buttons.tsx';

interface HeatmapProps {
  readonly title: string;
  readonly matrix: Matrix;
  readonly form: HeatmapForm;
  /** How the axes are called in the readout; the names of the dims where absent. */
  readonly axes?: readonly [string, string];
  /** The chosen row and column of the tensor. */
  readonly marked?: Partial<Place>;
  /** What is pointed at in another map of the same axes, and who wants to know what is pointed at here. */
  readonly cross?: Partial<Place> | undefined;
  readonly onCross?: (cell: Cell | undefined) => void;
  /** Reads exact values of a part, where the matrix is pooled. */
  readonly read?: ReadWindow;
  readonly onPick?: (row: number, column: number) => void;
}

/** A cell of the tensor. */
interface Cell {
  readonly row: number;
  readonly column: number;
}

/**
 * A matrix as colours, with labels, a crosshair by mouse and arrow keys, the value under it, and a legend. It zooms by
 * + and −, by the wheel with Ctrl and by buttons; the mouse drags what is enlarged.
 */
export function Heatmap(props: HeatmapProps) {
  const { title, form, axes, onPick, onCross } = props;
  const [isClipped, clip] = useState(false);
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  const room = useRoom(frame);
  const zoom = useZoom(props.matrix, props.read);
  const coloured = useColours(props.matrix, isClipped);
  const matrix = useColours(zoom.shown, isClipped, props.matrix.usual);
  const [pointed, point] = useState<Cell>();
  const cross = placeIn(matrix, pointed ?? props.cross);
  const marked = placeIn(matrix, props.marked);
  const layout = useMemo(
    () => layoutHeatmap(matrix, room.width, form, measuring(theme)),
    [matrix, room.width, form, theme],
  );
  const whole = zoom.isMoving ? coloured : undefined;
  usePicture(canvas, { matrix, whole, layout, theme, marked, cross, ratio: room.ratio });
  const setPointed = (cell: Cell | undefined) => {
    point(cell && cellOf(matrix, cell));
    onCross?.(cell && cellOf(matrix, cell));
  };
  const here = fullPlace(cross);
  const pick = (cell: Cell | undefined) => {
    const chosen = cell && cellOf(matrix, cell);
    if (chosen !== undefined) onPick?.(chosen.row, chosen.column);
  };
  const mouse = useMouse(canvas, { layout, zoom, onPoint: setPointed, onPick: pick });
  const press = pressing({ matrix, zoom, here, marked, onPick: pick, onPoint: setPointed });
  return (
    <figure class="heatmap">
      <Caption title={title} zoom={zoom}>
        {hasOutliers(props.matrix) && <Usual isOn={isClipped} onChange={clip} />}
      </Caption>
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
            class={zoom.window === undefined ? '' : 'enlarged'}
            {...placeData(layout)}
            {...mouse}
          />
        </div>
      </div>
      <output id={id} class={here === undefined ? 'readout idle' : 'readout'}>
        {here === undefined ? strings.heatmap.hint : <Readout {...{ matrix, cross: here, axes }} />}
      </output>
      <Legend matrix={zoom.window === undefined ? matrix : coloured} />
    </figure>
  );
}

interface CaptionProps {
  readonly title: string;
  readonly zoom: Zoom;
  readonly children: ComponentChildren;
}

function Caption({ title, zoom, children }: CaptionProps) {
  return (
    <figcaption>
      {title}
      <span class="map-tools">
        {children}
        <ZoomButtons zoom={zoom} />
      </span>
    </figcaption>
  );
}

interface UsualProps {
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

/** For maps whose few largest values would leave all others pale. */
function Usual({ isOn, onChange }: UsualProps) {
  return (
    <button
      type="button"
      class="small-button usual"
      aria-pressed={isOn}
      aria-label={strings.heatmap.usualHelp}
      title={strings.heatmap.usualHelp}
      onClick={() => onChange(!isOn)}
    >
      {strings.heatmap.usual}
    </button>
  );
}

/** The matrix in the colours that are wanted; the same object as long as nothing changes. */
function useColours(matrix: Matrix, isClipped: boolean, usual = matrix.usual): Matrix {
  return useMemo(
    () => (isClipped ? clipMatrix(matrix, usual) : matrix),
    [matrix, isClipped, usual],
  );
}

/** Where the cells lie, for those who test the page. */
function placeData({ left, top, cellWidth, cellHeight }: HeatmapLayout) {
  return {
    'data-left': left,
    'data-top': top,
    'data-cell-width': cellWidth,
    'data-cell-height': cellHeight,
  };
}

interface PressInput {
  readonly matrix: Matrix;
  readonly zoom: Zoom;
  readonly here: Cell | undefined;
  readonly marked: Place;
  readonly onPick: (cell: Cell | undefined) => void;
  readonly onPoint: (cell: Cell | undefined) => void;
}

/** Enter picks, plus and minus zoom, Escape leaves, and the arrows move the crosshair. */
function pressing({ matrix, zoom, here, marked, onPick, onPoint }: PressInput) {
  return (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === ' ') onPick(here);
    else if (zoomKey(event.key, zoom)) onPoint(undefined);
    else if (event.key === 'Escape' && here !== undefined) onPoint(undefined);
    else {
      const start = fullPlace({ row: 0, column: 0, ...defined(marked) });
      const next = moved(event, matrix, here, start);
      if (next === undefined) return;
      onPoint(next);
    }
    event.preventDefault();
  };
}

interface ReadoutProps {
  readonly matrix: Matrix;
  readonly cross: Cell;
  readonly axes: readonly [string, string] | undefined;
}

function Readout({ matrix, cross, axes }: ReadoutProps) {
  const { rows, columns, stride, offset = [0, 0] } = matrix;
  const value = matrix.values[cross.row * columns.size + cross.column] ?? Number.NaN;
  const shown = cellKind(value, matrix) === 'masked' ? strings.heatmap.masked : numberText(value);
  const many = stride[0] * stride[1];
  return (
    <>
      <span class="muted">{axes?.[0] ?? rows.name}</span>{' '}
      {positionText(matrix.rows, cross.row, stride[0], offset[0])}
      <span class="muted"> · {axes?.[1] ?? columns.name}</span>{' '}
      {positionText(matrix.columns, cross.column, stride[1], offset[1])}{' '}
      <b class="value" title={String(value)}>
        {shown}
      </b>
      {many > 1 && <span class="muted"> {strings.heatmap.largestOf(many)}</span>}
    </>
  );
}

/** The label and the index, where the label does not say it already. */
function positionText(axis: Matrix['rows'], index: number, stride: number, offset: number): string {
  const label = axisLabel(axis, index, stride, offset);
  const place = String(offset + index * stride);
  return label === place ? place : `${label} (${place})`;
}

interface PictureInput {
  readonly matrix: Matrix;
  /** While it moves: what the matrix is a part of. Its picture is made once and then only moved. */
  readonly whole: Matrix | undefined;
  readonly layout: HeatmapLayout;
  readonly theme: Theme;
  readonly marked: Place;
  readonly cross: Place;
  readonly ratio: number;
}

/** Draws after every change; the map's pixels are made again only when the map, its size or the theme changes. */
function usePicture(canvas: { readonly current: HTMLCanvasElement | null }, input: PictureInput) {
  const { matrix, whole, layout, theme, marked, cross, ratio } = input;
  const pixels = useMemo(() => {
    if (whole !== undefined) return partOf(pictureOf(whole, theme), whole, matrix);
    const width = Math.round(layout.mapWidth * ratio);
    const height = Math.round(layout.mapHeight * ratio);
    return heatmapPixels(matrix, { width, height }, theme.ground);
  }, [matrix, whole, layout, theme, ratio]);
  useLayoutEffect(() => {
    if (canvas.current === null || layout.width === 0) return;
    drawHeatmap(canvas.current, { matrix, layout, pixels, theme, marked, cross });
  }, [canvas, matrix, layout, pixels, theme, marked.row, marked.column, cross.row, cross.column]);
}

const pictures = new WeakMap<
  Matrix,
  { readonly theme: Theme; readonly picture: HTMLCanvasElement }
>();

/** A pixel for every cell; once for each matrix and theme. */
function pictureOf(matrix: Matrix, theme: Theme): HTMLCanvasElement {
  const known = pictures.get(matrix);
  if (known?.theme === theme) return known.picture;
  const picture = document.createElement('canvas');
  picture.width = matrix.columns.size;
  picture.height = matrix.rows.size;
  const context = picture.getContext('2d');
  if (context !== null) putPixels(context, heatmapPixels(matrix, picture, theme.ground), 0, 0);
  pictures.set(matrix, { theme, picture });
  return picture;
}

/** Where a part lies on the picture of the whole. */
function partOf(picture: HTMLCanvasElement, whole: Matrix, part: Matrix): PicturePart {
  const [down, across] = part.offset ?? [0, 0];
  const [fromDown, fromAcross] = whole.offset ?? [0, 0];
  return {
    picture,
    left: (across - fromAcross) / whole.stride[1],
    top: (down - fromDown) / whole.stride[0],
    width: (part.columns.size * part.stride[1]) / whole.stride[1],
    height: (part.rows.size * part.stride[0]) / whole.stride[0],
  };
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

/** Where a place of the tensor is on the map; nowhere, where the map does not show it. */
function placeIn(matrix: Matrix, place: Partial<Place> | undefined): Place {
  const { offset = [0, 0], stride } = matrix;
  const on = (index: number | undefined, side: 0 | 1, size: number) => {
    if (index === undefined) return undefined;
    const cell = Math.floor((index - offset[side]) / stride[side]);
    return cell >= 0 && cell < size ? cell : undefined;
  };
  return {
    row: on(place?.row, 0, matrix.rows.size),
    column: on(place?.column, 1, matrix.columns.size),
  };
}

/** The first cell of the tensor that a cell of the map stands for. */
function cellOf({ offset = [0, 0], stride }: Matrix, { row, column }: Cell): Cell {
  return { row: offset[0] + row * stride[0], column: offset[1] + column * stride[1] };
}

function fullPlace({ row, column }: Place): Cell | undefined {
  return row === undefined || column === undefined ? undefined : { row, column };
}

function defined({ row, column }: Place): Partial<Cell> {
  return { ...(row === undefined ? {} : { row }), ...(column === undefined ? {} : { column }) };
}

const measures = new WeakMap<Theme, (text: string) => number>();

/** Once for each theme. */
function measuring(theme: Theme): (text: string) => number {
  const known = measures.get(theme) ?? measureIn(theme);
  measures.set(theme, known);
  return known;
}

function measureIn(theme: Theme): (text: string) => number {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) return (text) => text.length * 7;
  context.font = theme.font;
  return (text) => context.measureText(text).width;
}
