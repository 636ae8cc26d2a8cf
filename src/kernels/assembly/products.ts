/** The instructions around gemm: what each worker packs and multiplies. */
import { arrangePanels } from './arrange';
import { f32Stored } from './codes';
import { fillEmpty, multiplyPass, Product, productOf } from './gemm';
import { blockDepth, rightAt, rightBytes } from './layout';
import { shareEnd, shareStart } from './share';
import { panelColumns, tileRows } from './tile';

/** As many columns of b as a worker has room for in one pass. */
const rightColumns: i32 = (rightBytes / 4 / blockDepth / panelColumns) * panelColumns;

@unmanaged
class Pack {
  inner: i32;
  columns: i32;
  b: usize;
  bInner: usize;
  bColumn: usize;
  stored: i32;
  target: usize;
}

/** Passes over k one after the other, in each the panels; a worker takes the same panels of every pass. */
export function pack(at: usize, worker: i32, workers: i32): void {
  const p = changetype<Pack>(at);
  const panels = (p.columns + panelColumns - 1) / panelColumns;
  const start = shareStart(panels, worker, workers);
  const column = start * panelColumns;
  const width = min(shareEnd(panels, worker, workers) * panelColumns, p.columns) - column;
  for (let k = 0; k < p.inner; k += blockDepth) {
    const depth = min(blockDepth, p.inner - k);
    const b = p.b + <usize>k * p.bInner + <usize>column * p.bColumn;
    const target = p.target + panelOffset(panels, k, depth, start);
    arrangePanels(b, p.bInner, p.bColumn, p.stored, depth, width, target);
  }
}

function panelOffset(panels: i32, k: i32, depth: i32, panel: i32): usize {
  return (<usize>k * panels + <usize>panel * depth) * panelColumns * 4;
}

@unmanaged
class Gemm {
  rows: i32;
  inner: i32;
  columns: i32;
  a: usize;
  aRow: usize;
  aInner: usize;
  packed: usize;
  bias: usize;
  c: usize;
  cRow: usize;
}

export function gemm(at: usize, worker: i32, workers: i32, scratch: usize): void {
  const g = changetype<Gemm>(at);
  const p = productOf(scratch);
  p.a = g.a;
  p.aRow = g.aRow;
  p.aInner = g.aInner;
  p.rows = g.rows;
  p.inner = g.inner;
  p.columns = g.columns;
  p.bias = g.bias;
  p.c = g.c;
  p.cRow = g.cRow;
  p.scale = 1;
  p.masked = false;
  takeShare(p, g.rows, worker, workers);
  if (p.row >= p.rowEnd || p.column >= p.columnEnd) return;
  if (p.inner === 0) return fillEmpty(p);
  const panels = (g.columns + panelColumns - 1) / panelColumns;
  for (let k = 0; k < g.inner; k += blockDepth) {
    const depth = min(blockDepth, g.inner - k);
    const b = g.packed + panelOffset(panels, k, depth, p.column / panelColumns);
    const last = k + depth >= g.inner;
    const after = min(blockDepth, g.inner - k - depth);
    const next = panelOffset(panels, k + depth, after, p.column / panelColumns);
    multiplyPass(scratch, b, k, last ? b : g.packed + next);
  }
}

/** Columns, since then no number of b is read twice; rows where there are too few panels to share them evenly. */
function takeShare(p: Product, rows: i32, worker: i32, workers: i32): void {
  const panels = (p.columns + panelColumns - 1) / panelColumns;
  const tiles = (rows + tileRows - 1) / tileRows;
  const byRows = panels < fewPanels * workers && panels < tiles;
  p.row = byRows ? shareStart(tiles, worker, workers) * tileRows : 0;
  p.rowEnd = byRows ? min(rows, shareEnd(tiles, worker, workers) * tileRows) : rows;
  p.column = byRows ? 0 : shareStart(panels, worker, workers) * panelColumns;
  p.columnEnd = byRows
    ? p.columns
    : min(p.columns, shareEnd(panels, worker, workers) * panelColumns);
}

const fewPanels: i32 = 12;

@unmanaged
class BatchedGemm {
  batch0: i32;
  batch1: i32;
  batch2: i32;
  rows: i32;
  inner: i32;
  columns: i32;
  a: usize;
  a0: usize;
  a1: usize;
  a2: usize;
  aRow: usize;
  aInner: usize;
  b: usize;
  b0: usize;
  b1: usize;
  b2: usize;
  bInner: usize;
  bColumn: usize;
  c: usize;
  c0: usize;
  c1: usize;
  c2: usize;
  cRow: usize;
  scale: f32;
  masked: i32;
  causal: i32;
}

/** The tiles of all matrices one after the other are shared, so a worker has whole matrices and parts of two. */
export function batchedGemm(at: usize, worker: i32, workers: i32, scratch: usize): void {
  const g = changetype<BatchedGemm>(at);
  const tiles = (g.rows + tileRows - 1) / tileRows;
  const all = g.batch0 * g.batch1 * g.batch2 * tiles;
  let next = shareStart(all, worker, workers);
  const end = shareEnd(all, worker, workers);
  while (next < end) {
    const matrix = next / tiles;
    const start = next % tiles;
    const count = min(tiles - start, end - next);
    startMatrix(g, matrix, scratch);
    const p = productOf(scratch);
    p.row = start * tileRows;
    p.rowEnd = min(g.rows, (start + count) * tileRows);
    multiplyMatrix(g, matrix, scratch);
    next += count;
  }
}

function startMatrix(g: BatchedGemm, matrix: i32, scratch: usize): void {
  const p = productOf(scratch);
  p.a = g.a + offset(g, matrix, g.a0, g.a1, g.a2);
  p.aRow = g.aRow;
  p.aInner = g.aInner;
  p.rows = g.rows;
  p.inner = g.inner;
  p.columns = g.columns;
  p.bias = 0;
  p.c = g.c + offset(g, matrix, g.c0, g.c1, g.c2);
  p.cRow = g.cRow;
  p.scale = g.scale;
  p.masked = g.masked !== 0;
  p.causal = g.causal;
}

function offset(g: BatchedGemm, matrix: i32, step0: usize, step1: usize, step2: usize): usize {
  const outer = matrix / g.batch2;
  return (
    <usize>(outer / g.batch1) * step0 +
    <usize>(outer % g.batch1) * step1 +
    <usize>(matrix % g.batch2) * step2
  );
}

/** Arranges b a block at a time; columns that no row may see are left out. */
function multiplyMatrix(g: BatchedGemm, matrix: i32, scratch: usize): void {
  const p = productOf(scratch);
  const b = g.b + offset(g, matrix, g.b0, g.b1, g.b2);
  for (let column = 0; column < g.columns; column += rightColumns) {
    p.column = column;
    p.columnEnd = min(g.columns, column + rightColumns);
    if (g.inner === 0) fillEmpty(p);
    const seen = p.masked ? min(p.columnEnd, max(p.rowEnd + p.causal, column)) : p.columnEnd;
    for (let k = 0; k < g.inner; k += blockDepth) {
      const depth = min(blockDepth, g.inner - k);
      const from = b + <usize>k * g.bInner + <usize>column * g.bColumn;
      const to = scratch + rightAt;
      arrangePanels(from, g.bInner, g.bColumn, f32Stored, depth, seen - column, to);
      multiplyPass(scratch, scratch + rightAt, k, scratch + rightAt);
    }
  }
}
