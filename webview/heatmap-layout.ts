import type { Matrix, MatrixAxis } from '../src/views/index.ts';

/** Where a heatmap's parts lie, in CSS pixels from the canvas' corner. */
export interface HeatmapLayout {
  readonly width: number;
  readonly height: number;
  /** The map itself. */
  readonly left: number;
  readonly top: number;
  readonly mapWidth: number;
  readonly mapHeight: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  /** Every how many rows, and columns, there is room for a label. */
  readonly rowEvery: number;
  readonly columnEvery: number;
  readonly columnLabels: 'upright' | 'turned';
}

/** `rows`: as wide as there is room, rows as high as a line of text where they fit. `square`: cells are square. */
export type HeatmapForm = 'rows' | 'square';

export const lineHeight = 13;
const gap = 6;
const tallest = { rows: 330, square: 640 };
const rowHeight = 18;
const largestSquare = 30;

/** Lays a matrix out in `width` CSS pixels; `measure` tells the width of a text in the labels' font. */
export function layoutHeatmap(
  matrix: Matrix,
  width: number,
  form: HeatmapForm,
  measure: (text: string) => number,
): HeatmapLayout {
  const { rows, columns } = matrix;
  const left = Math.ceil(Math.min(widest(rows, measure), width * 0.34, 150)) + gap;
  const room = Math.max(8, width - left - 1);
  const across = Math.max(1, columns.size);
  const down = Math.max(1, rows.size);
  const side = Math.min(room / across, largestSquare, Math.max(tallest.square / down, 1));
  const cellWidth = form === 'square' ? side : Math.min(room / across, 90);
  const cellHeight = form === 'square' ? side : Math.min(rowHeight, tallest.rows / down);
  // Names stand upright where every cell has room for its own; numbers may leave some out.
  const turned = columns.labels !== undefined && widest(columns, measure) + gap > cellWidth;
  const top = (turned ? Math.ceil(Math.min(widest(columns, measure), 84)) : lineHeight) + gap;
  const mapWidth = cellWidth * across;
  const mapHeight = Math.max(1, cellHeight * down);
  const between = columns.labels === undefined ? 2 * gap : gap;
  const columnRoom = turned ? lineHeight : widest(columns, measure) + between;
  return {
    width,
    height: Math.ceil(top + mapHeight + 1),
    left,
    top,
    mapWidth,
    mapHeight,
    cellWidth,
    cellHeight,
    rowEvery: readable(Math.ceil(lineHeight / cellHeight)),
    columnEvery: readable(Math.ceil(columnRoom / cellWidth)),
    columnLabels: turned ? 'turned' : 'upright',
  };
}

/** The cell at a point of the canvas; undefined beside the map. */
export function cellAt(
  layout: HeatmapLayout,
  x: number,
  y: number,
): { readonly row: number; readonly column: number } | undefined {
  const column = Math.floor((x - layout.left) / layout.cellWidth);
  const row = Math.floor((y - layout.top) / layout.cellHeight);
  const inside =
    x >= layout.left &&
    y >= layout.top &&
    x < layout.left + layout.mapWidth &&
    y < layout.top + layout.mapHeight;
  return inside ? { row, column } : undefined;
}

/** What a position of an axis is called: its label, else its index in the tensor. */
export function axisLabel(axis: MatrixAxis, index: number, stride: number, offset = 0): string {
  return axis.labels?.[index] ?? String(offset + index * stride);
}

function widest(axis: MatrixAxis, measure: (text: string) => number): number {
  const labels = axis.labels ?? [String(axis.size)];
  return labels.reduce((most, label) => Math.max(most, measure(label)), 0);
}

/** The next of 1, 2, 5, 10, 20, 50, …: steps that are read without counting. */
function readable(every: number): number {
  for (let unit = 1; ; unit *= 10) {
    for (const factor of [1, 2, 5]) if (factor * unit >= every) return factor * unit;
  }
}
