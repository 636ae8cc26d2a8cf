/**
 * Products of matrices. The inner axis is covered in passes of `blockDepth`; in each pass the rows of a are arranged a
 * few tiles at a time, and every panel of b passes by all of them. A number of c is always the same sum in the same
 * order, so the result depends neither on how many workers share the product nor on who computes which tile.
 */

import { arrangeRows } from './arrange';
import { biasAt, blockDepth, blockRows, edgeAt, leftAt, productAt, zeroAt } from './layout';
import { farBytes, farTile, nearTile, row as onlyRow, panelColumns, tileRows } from './tile';

const blockTiles: i32 = blockRows / tileRows;

/** The product a worker computes, its share included; strides in bytes. */
@unmanaged
export class Product {
  a: usize;
  aRow: usize;
  aInner: usize;
  rows: i32;
  inner: i32;
  columns: i32;
  bias: usize;
  c: usize;
  cRow: usize;
  scale: f32;
  /** -inf where a column is beyond the row's number plus `causal`. */
  masked: bool;
  causal: i32;
  /** What is computed of it: rows and columns; the first column begins a panel. */
  row: i32;
  rowEnd: i32;
  column: i32;
  columnEnd: i32;
  /** What is read meanwhile so that it is in a cache when its turn comes: see `tile.mjs`. */
  far: bool;
  ahead: usize;
  spot: usize;
  step: usize;
}

export function productOf(scratch: usize): Product {
  return changetype<Product>(scratch + productAt);
}

/**
 * One pass over k from `first` on, with the panels of b from `p.column` on at `b`; `next` is read after the last of them.
 */
export function multiplyPass(scratch: usize, b: usize, first: i32, next: usize): void {
  const p = productOf(scratch);
  const rows = p.rowEnd - p.row;
  const tiles = (rows + tileRows - 1) / tileRows;
  const depth = min(blockDepth, p.inner - first);
  for (let t = 0; t < tiles; t += blockTiles) {
    const end = min(t + blockTiles, tiles);
    for (let i = t; i < end; i++) {
      const row = p.row + tileStart(rows, tiles, i);
      const height = p.row + tileStart(rows, tiles, i + 1) - row;
      const a = p.a + <usize>row * p.aRow + <usize>first * p.aInner;
      arrangeRows(a, p.aRow, p.aInner, height, depth, p.scale, leftOf(scratch, i - t));
    }
    let panel = b;
    for (let column = p.column; column < p.columnEnd; column += panelColumns) {
      const after = panel + <usize>depth * panelColumns * 4;
      const isLast = column + panelColumns >= p.columnEnd;
      lookAhead(p, isLast ? (end < tiles ? b : next) : after, end - t, depth);
      for (let i = t; i < end; i++) {
        const row = p.row + tileStart(rows, tiles, i);
        const height = p.row + tileStart(rows, tiles, i + 1) - row;
        multiplyTile(scratch, leftOf(scratch, i - t), panel, first, row, height, column);
      }
      panel = after;
    }
  }
}

const fewTiles: i32 = 6;
const fewestTiles: i32 = 3;

/** So many tiles shall read the panel at `ahead` while they pass over another. */
function lookAhead(p: Product, ahead: usize, tiles: i32, depth: i32): void {
  p.far = tiles <= fewTiles;
  p.spot = 0;
  const bytes = p.far ? farBytes : depth * panelColumns * 4;
  // From one of the places to the next, and on from there.
  const place = p.far ? farBytes / (tiles <= fewestTiles ? 8 : 4) : 0;
  const steps = tiles * depth;
  p.step = <usize>(place + ((p.far ? place : bytes) + steps - 1) / steps);
  // The memory may end behind the last panel.
  p.ahead = min(ahead, ((<usize>memory.size()) << 16) - <usize>bytes);
  beginPages(p.ahead, <usize>bytes);
}

const pageBytes: usize = 4096;
const lineBytes: usize = 64;

/**
 * Reads where the pages begin, so that all are waited for at once: a processor that fetches ahead by itself stops at the
 * end of a page.
 */
function beginPages(at: usize, bytes: usize): void {
  const end = at + bytes - 2 * lineBytes;
  for (let page = (at + pageBytes - 1) & ~(pageBytes - 1); page < end; page += pageBytes) {
    load<u8>(page);
    // It takes two lines in a row to see that a page is read in order.
    load<u8>(page, lineBytes);
  }
}

/** The rows split as evenly as they go: no tile is much lower than the others. */
function tileStart(rows: i32, tiles: i32, i: i32): i32 {
  return i * (rows / tiles) + min(i, rows % tiles);
}

function leftOf(scratch: usize, tile: i32): usize {
  return scratch + leftAt + <usize>tile * tileRows * blockDepth * 4;
}

function multiplyTile(
  scratch: usize,
  a: usize,
  b: usize,
  first: i32,
  row: i32,
  height: i32,
  column: i32,
): void {
  const p = productOf(scratch);
  const c = p.c + <usize>row * p.cRow + <usize>column * 4;
  const width = min(panelColumns, p.columns - column);
  const last = first + blockDepth >= p.inner;
  const visible = row + p.causal - column + 1;
  if (p.masked && visible + height <= 1) {
    if (last) hide(c, p.cRow, height, width, visible);
    return;
  }
  const depth = min(blockDepth, p.inner - first);
  const whole = width === panelColumns;
  let from = c;
  let fromRow = p.cRow;
  if (first === 0) {
    from = p.bias === 0 ? scratch + zeroAt : whole ? p.bias + <usize>column * 4 : scratch + biasAt;
    fromRow = 0;
    if (!whole && p.bias !== 0) copyRows(p.bias + <usize>column * 4, 0, from, 0, 1, width);
  }
  let to = c;
  let toRow = p.cRow;
  if (!whole) {
    to = scratch + edgeAt;
    toRow = <usize>panelColumns * 4;
    if (first !== 0) {
      copyRows(c, p.cRow, to, toRow, height, width);
      from = to;
      fromRow = toRow;
    }
  }
  if (p.rows === 1) onlyRow(a, b, depth, from, to);
  else computeTile(p, height, a, b, depth, from, fromRow, to, toRow);
  if (!whole) copyRows(to, toRow, c, p.cRow, height, width);
  if (p.masked && last && visible < width) hide(c, p.cRow, height, width, visible);
}

function computeTile(
  p: Product,
  height: i32,
  a: usize,
  b: usize,
  depth: i32,
  from: usize,
  fromRow: usize,
  c: usize,
  cRow: usize,
): void {
  const bytes = <usize>depth * p.step;
  if (p.far) {
    farTile(height, a, b, depth, from, fromRow, c, cRow, p.ahead, p.spot, p.step);
    p.spot = (p.spot + bytes) & (farBytes - 1);
  } else {
    const spot = min(p.spot, <usize>(depth * panelColumns * 4) - bytes);
    nearTile(height, a, b, depth, from, fromRow, c, cRow, p.ahead, spot, p.step);
    p.spot += bytes;
  }
}

/** -inf from the column `visible` on, one column later in every next row. */
function hide(c: usize, cRow: usize, height: i32, width: i32, visible: i32): void {
  for (let i = 0; i < height; i++) {
    for (let j = max(visible + i, 0); j < width; j++) {
      store<f32>(c + <usize>i * cRow + <usize>j * 4, -Infinity);
    }
  }
}

function copyRows(x: usize, xRow: usize, y: usize, yRow: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++) {
    for (let j: usize = 0; j < <usize>columns * 4; j += 4) store<f32>(y + j, load<f32>(x + j));
    x += xRow;
    y += yRow;
  }
}

/** c = bias, or 0: what a product over no numbers is. */
export function fillEmpty(p: Product): void {
  for (let i = p.row; i < p.rowEnd; i++) {
    for (let j = p.column; j < p.columnEnd; j++) {
      const hidden = p.masked && j > i + p.causal;
      const bias: f32 = p.bias === 0 ? 0 : load<f32>(p.bias + <usize>j * 4);
      store<f32>(p.c + <usize>i * p.cRow + <usize>j * 4, hidden ? -Infinity : bias);
    }
  }
}
