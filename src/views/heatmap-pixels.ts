import {
  type CellMark,
  cellMarks,
  colourCount,
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
  const colours = cellColours(shown, ground);
  const words = new Uint32Array(rgba.buffer);
  for (let y = 0; y < height; y++) {
    const start = (rows[y] ?? 0) * shown.columns.size;
    // A row of pixels is often the same as the one above it.
    if (y > 0 && rows[y] === rows[y - 1]) words.copyWithin(y * width, (y - 1) * width, y * width);
    else
      for (let x = 0; x < width; x++)
        words[y * width + x] = colours[start + (columns[x] ?? 0)] ?? 0;
  }
  const room = Math.min(width / shown.columns.size, height / shown.rows.size) >= smallestMarked;
  if (room && marksIn(shown).length > 0) drawMarks(words, shown, { rows, columns, ground });
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

/** One colour per cell, as a word of the picture. */
function cellColours(matrix: Matrix, ground: Ground): Uint32Array {
  const colours = Uint32Array.from(colourMap(matrix.scale, ground), wordOf);
  const marks = cellMarks[ground];
  const { values, low, high, masked } = matrix;
  const words = new Uint32Array(values.length);
  // Written out, since it runs for every cell with every movement of a map.
  const scale = high > low ? (colourCount - 1) / (high - low) : 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    const place = Math.round((value - low) * scale);
    const isPlain = value >= low && value <= high && (value !== 0 || masked === undefined);
    if (isPlain) words[i] = colours[place] ?? 0;
    else {
      const kind = cellKind(value, matrix);
      const colour = colours[colourIndex(value, low, high)] ?? 0;
      words[i] = kind === 'value' ? colour : wordOf(marks[kind].fill);
    }
  }
  return words;
}

interface Grid {
  readonly rows: Uint32Array;
  readonly columns: Uint32Array;
  readonly ground: Ground;
}

/** The lines of the marks over the cells that have one. */
function drawMarks(words: Uint32Array, matrix: Matrix, { rows, columns, ground }: Grid): void {
  const marks = cellMarks[ground];
  for (const [y, row] of rows.entries()) {
    for (const [x, column] of columns.entries()) {
      const kind = cellKind(matrix.values[row * matrix.columns.size + column] ?? 0, matrix);
      if (kind === 'value') continue;
      words[y * columns.length + x] = wordOf(markColour(marks[kind], x, y));
    }
  }
}

const littleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** Opaque; in the order in which the machine stores a word's bytes. */
function wordOf([red, green, blue]: Rgb): number {
  return littleEndian
    ? (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0
    : ((red << 24) | (green << 16) | (blue << 8) | 0xff) >>> 0;
}
