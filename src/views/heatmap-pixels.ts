import {
  type CellMark,
  cellMarks,
  colourIndex,
  colourMap,
  type Ground,
  type Rgb,
} from './colour.ts';
import { type CellKind, cellKind, type Matrix } from './matrix.ts';
import { poolMatrix } from './pool.ts';

/** Row-major pixels, four bytes each. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array<ArrayBuffer>;
}

/** Below this size in pixels a cell has no room for the lines of its mark. */
const smallestMarked = 5;

/**
 * The matrix as a picture of exactly that size in pixels: every cell a rectangle, cells that are not a finite value
 * marked (see `cellMarks`). A matrix with more cells than pixels is pooled first. The hover's picture and the
 * inspector's maps are both drawn by this.
 */
export function heatmapPixels(
  matrix: Matrix,
  size: { readonly width: number; readonly height: number },
  ground: Ground,
): Pixels {
  const width = Math.max(1, Math.floor(size.width));
  const height = Math.max(1, Math.floor(size.height));
  const rgba = new Uint8Array(width * height * 4);
  const shown = poolMatrix(matrix, { rows: height, columns: width });
  if (shown.values.length === 0) return { width, height, rgba };
  const columns = edges(shown.columns.size, width);
  const rows = edges(shown.rows.size, height);
  const room = Math.min(width / shown.columns.size, height / shown.rows.size) >= smallestMarked;
  const paint = painter(shown, ground, room ? 'lines' : 'plain');
  for (let y = 0; y < height; y++) {
    const start = (rows[y] ?? 0) * shown.columns.size;
    for (let x = 0; x < width; x++) {
      const [red, green, blue] = paint(shown.values[start + (columns[x] ?? 0)] ?? 0, x, y);
      const at = (y * width + x) * 4;
      rgba[at] = red;
      rgba[at + 1] = green;
      rgba[at + 2] = blue;
      rgba[at + 3] = 255;
    }
  }
  return { width, height, rgba };
}

/** The kinds of cell that a matrix has beside finite values: what its legend must explain. */
export function marksIn(matrix: Matrix): readonly Exclude<CellKind, 'value'>[] {
  const found = new Set<Exclude<CellKind, 'value'>>();
  for (const value of matrix.values) {
    const kind = cellKind(value, matrix);
    if (kind !== 'value') found.add(kind);
  }
  return [...found].sort();
}

/** The colour of a mark at a pixel. */
export function markColour(mark: CellMark, x: number, y: number): Rgb {
  const rising = (x + y) % 6 === 0;
  const falling = (x - y + 6000) % 6 === 0;
  switch (mark.pattern) {
    case 'rising':
      return rising ? mark.lines : mark.fill;
    case 'falling':
      return falling ? mark.lines : mark.fill;
    case 'crossed':
      return rising || falling ? mark.lines : mark.fill;
  }
}

/** Which of `cells` each of `pixels` belongs to. */
function edges(cells: number, pixels: number): Uint32Array {
  return Uint32Array.from({ length: pixels }, (_, pixel) => Math.floor((pixel * cells) / pixels));
}

function painter(matrix: Matrix, ground: Ground, marking: 'lines' | 'plain') {
  const colours = colourMap(matrix.scale, ground);
  const marks = cellMarks[ground];
  return (value: number, x: number, y: number): Rgb => {
    const kind = cellKind(value, matrix);
    if (kind === 'value') {
      return colours[colourIndex(value, matrix.low, matrix.high)] ?? [0, 0, 0];
    }
    return marking === 'lines' ? markColour(marks[kind], x, y) : marks[kind].fill;
  };
}
