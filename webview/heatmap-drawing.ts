import type { Matrix, Pixels } from '../src/views/index.ts';
import { axisLabel, type HeatmapLayout, lineHeight } from './heatmap-layout.ts';
import type { Theme } from './theme.tsx';

/** A row, a column, or the cell where they meet. */
export interface Place {
  readonly row: number | undefined;
  readonly column: number | undefined;
}

/** Everything of one picture. `marked` is what is chosen, `cross` what is pointed at. */
export interface HeatmapPicture {
  readonly matrix: Matrix;
  readonly layout: HeatmapLayout;
  readonly pixels: Pixels | PicturePart;
  readonly theme: Theme;
  readonly marked: Place;
  readonly cross: Place;
}

/** A part of a picture that has a pixel for every cell, to be enlarged. */
export interface PicturePart {
  readonly picture: HTMLCanvasElement;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Draws a heatmap: labels in the margins, the map in device pixels, the chosen row and column, the crosshair. */
export function drawHeatmap(canvas: HTMLCanvasElement, picture: HeatmapPicture): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { layout, pixels, theme, marked, cross } = picture;
  const ratio = window.devicePixelRatio;
  const width = Math.round(layout.width * ratio);
  const height = Math.round(layout.height * ratio);
  // A canvas of another size is a new one; one of the same size need only be wiped.
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  const at = [Math.round(layout.left * ratio), Math.round(layout.top * ratio)] as const;
  if ('rgba' in pixels) putPixels(context, pixels, ...at);
  else {
    const { picture, left, top, width: across, height: down } = pixels;
    const size = [
      Math.round(layout.mapWidth * ratio),
      Math.round(layout.mapHeight * ratio),
    ] as const;
    context.imageSmoothingEnabled = false;
    context.drawImage(picture, left, top, across, down, ...at, ...size);
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.font = theme.font;
  drawRowLabels(context, picture);
  drawColumnLabels(context, picture);
  frame(context, theme, bounds(layout, { row: marked.row, column: undefined }), marked.row);
  frame(context, theme, bounds(layout, { row: undefined, column: marked.column }), marked.column);
  drawCross(context, layout, theme, cross);
}

/** Pixels as they are, one to one, at a point in device pixels. */
export function putPixels(
  context: CanvasRenderingContext2D,
  pixels: Pixels,
  left: number,
  top: number,
): void {
  const bytes = new Uint8ClampedArray(pixels.rgba.buffer);
  context.putImageData(new ImageData(bytes, pixels.width, pixels.height), left, top);
}

function drawRowLabels(context: CanvasRenderingContext2D, picture: HeatmapPicture): void {
  const { matrix, layout, theme, marked, cross } = picture;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  const strong = [marked.row, cross.row];
  for (const row of labelled(
    matrix.rows.size,
    layout.rowEvery,
    strong,
    lineHeight / layout.cellHeight,
  )) {
    context.fillStyle = strong.includes(row) ? theme.foreground : theme.muted;
    const label = axisLabel(matrix.rows, row, matrix.stride[0], matrix.offset?.[0]);
    const y = layout.top + (row + 0.5) * layout.cellHeight;
    context.fillText(clip(context, label, layout.left - 6), layout.left - 6, y);
  }
}

function drawColumnLabels(context: CanvasRenderingContext2D, picture: HeatmapPicture): void {
  const { matrix, layout, theme, marked, cross } = picture;
  const strong = [marked.column, cross.column];
  const turned = layout.columnLabels === 'turned';
  const span = (turned ? lineHeight : 34) / layout.cellWidth;
  context.textAlign = turned ? 'left' : 'center';
  for (const column of labelled(matrix.columns.size, layout.columnEvery, strong, span)) {
    context.fillStyle = strong.includes(column) ? theme.foreground : theme.muted;
    const label = axisLabel(matrix.columns, column, matrix.stride[1], matrix.offset?.[1]);
    const half = turned ? 0 : context.measureText(label).width / 2;
    const middle = layout.left + (column + 0.5) * layout.cellWidth;
    const x = Math.min(middle, layout.width - half);
    context.save();
    context.translate(x, turned ? layout.top - 5 : layout.top - lineHeight / 2 - 2);
    if (turned) context.rotate(-Math.PI / 2);
    context.fillText(turned ? clip(context, label, layout.top - 6) : label, 0, 0);
    context.restore();
  }
}

/** The positions that get a label: the chosen ones always, the others where they leave room for those. */
function labelled(
  size: number,
  every: number,
  strong: readonly (number | undefined)[],
  span: number,
): readonly number[] {
  const chosen = [...new Set(strong)].filter((each) => each !== undefined && each < size);
  const firm = chosen.filter((each): each is number => each !== undefined);
  const regular = Array.from({ length: Math.ceil(size / every) }, (_, index) => index * every);
  return [
    ...regular.filter((each) => firm.every((other) => Math.abs(other - each) >= span)),
    ...firm,
  ];
}

function clip(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  let shown = text;
  while (shown.length > 1 && context.measureText(`${shown}…`).width > room) {
    shown = shown.slice(0, -1);
  }
  return `${shown}…`;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The row, the column, or the one cell. */
function bounds(layout: HeatmapLayout, place: Place): Box {
  const { row, column } = place;
  return {
    x: layout.left + (column ?? 0) * layout.cellWidth,
    y: layout.top + (row ?? 0) * layout.cellHeight,
    width: column === undefined ? layout.mapWidth : layout.cellWidth,
    height: row === undefined ? layout.mapHeight : layout.cellHeight,
  };
}

/** A line that shows on every colour: the ground's colour around the theme's focus colour. */
function frame(
  context: CanvasRenderingContext2D,
  theme: Theme,
  box: Box,
  index: number | undefined,
): void {
  if (index === undefined) return;
  context.strokeStyle = theme.background;
  context.lineWidth = 3;
  context.strokeRect(box.x, box.y, box.width, box.height);
  context.strokeStyle = theme.focus;
  context.lineWidth = 1.5;
  context.strokeRect(box.x, box.y, box.width, box.height);
}

function drawCross(
  context: CanvasRenderingContext2D,
  layout: HeatmapLayout,
  theme: Theme,
  cross: Place,
): void {
  if (cross.row === undefined || cross.column === undefined) return;
  const cell = bounds(layout, cross);
  const x = cell.x + cell.width / 2;
  const y = cell.y + cell.height / 2;
  context.strokeStyle = theme.foreground;
  context.lineWidth = 1;
  context.globalAlpha = 0.55;
  context.beginPath();
  context.moveTo(layout.left, y);
  context.lineTo(cell.x, y);
  context.moveTo(x, layout.top);
  context.lineTo(x, cell.y);
  context.stroke();
  context.globalAlpha = 1;
  context.strokeStyle = theme.background;
  context.lineWidth = 4;
  context.strokeRect(cell.x, cell.y, cell.width, cell.height);
  context.strokeStyle = theme.foreground;
  context.lineWidth = 2;
  context.strokeRect(cell.x, cell.y, cell.width, cell.height);
}
