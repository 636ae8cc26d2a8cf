/** The instructions over strided tensors: row after row, each row a line at a time. */
import { lineLength } from './layout';
import { binaryLine, whereLine } from './lines';
import { shareEnd, shareStart } from './share';
import { lineOf, startWalk, stepOf } from './walk';

@unmanaged
class Elementwise {
  fn: i32;
  rows: i32;
  columns: i32;
  /** Whether the rows of every operand follow each other without a gap, so that a share is one long row. */
  flat: i32;
  y: usize;
}

/** Shared by all three: the rows of a worker as rows of `columns`. */
function columnsOf(e: Elementwise, row: i32, end: i32): i32 {
  return e.flat !== 0 ? (end - row) * e.columns : e.columns;
}

export function binary(at: usize, worker: i32, workers: i32, scratch: usize): void {
  const e = changetype<Elementwise>(at);
  const row = shareStart(e.rows, worker, workers);
  const end = shareEnd(e.rows, worker, workers);
  if (row === end) return;
  const columns = columnsOf(e, row, end);
  const walk = startWalk(at + offsetof<Elementwise>(), 2, row, scratch);
  const aStride = walk.step(0);
  const bStride = walk.step(1);
  let y = e.y + <usize>row * e.columns * 4;
  for (let i = row; i < end; i += e.flat !== 0 ? end - row : 1) {
    for (let done = 0; done < columns; done += lineLength) {
      const count = min(lineLength, columns - done);
      const a = lineOf(walk.row0 + <usize>done * aStride, aStride, count, scratch, 0);
      const b = lineOf(walk.row1 + <usize>done * bStride, bStride, count, scratch, 1);
      binaryLine(e.fn, a, stepOf(aStride), b, stepOf(bStride), y, count);
      y += <usize>count * 4;
    }
    walk.advance();
  }
}

export function where(at: usize, worker: i32, workers: i32, scratch: usize): void {
  const e = changetype<Elementwise>(at);
  const row = shareStart(e.rows, worker, workers);
  const end = shareEnd(e.rows, worker, workers);
  if (row === end) return;
  const columns = columnsOf(e, row, end);
  const walk = startWalk(at + offsetof<Elementwise>(), 3, row, scratch);
  const conditionStride = walk.step(0);
  const aStride = walk.step(1);
  const bStride = walk.step(2);
  let y = e.y + <usize>row * e.columns * 4;
  for (let i = row; i < end; i += e.flat !== 0 ? end - row : 1) {
    for (let done = 0; done < columns; done += lineLength) {
      const count = min(lineLength, columns - done);
      const condition = lineOf(
        walk.row0 + <usize>done * conditionStride,
        conditionStride,
        count,
        scratch,
        0,
      );
      const a = lineOf(walk.row1 + <usize>done * aStride, aStride, count, scratch, 1);
      const b = lineOf(walk.row2 + <usize>done * bStride, bStride, count, scratch, 2);
      whereLine(
        condition,
        stepOf(conditionStride),
        a,
        stepOf(aStride),
        b,
        stepOf(bStride),
        y,
        count,
      );
      y += <usize>count * 4;
    }
    walk.advance();
  }
}

export function copy(at: usize, worker: i32, workers: i32, scratch: usize): void {
  const c = changetype<Elementwise>(at);
  const row = shareStart(c.rows, worker, workers);
  const end = shareEnd(c.rows, worker, workers);
  if (row === end) return;
  const columns = columnsOf(c, row, end);
  const walk = startWalk(at + offsetof<Elementwise>(), 2, row, scratch);
  const xStride = walk.step(0);
  const yStride = walk.step(1);
  for (let i = row; i < end; i += c.flat !== 0 ? end - row : 1) {
    copyLine(walk.row0, xStride, walk.row1, yStride, columns);
    walk.advance();
  }
}

/** y = x for `count` numbers, strides in bytes. */
export function copyLine(x: usize, xStride: usize, y: usize, yStride: usize, count: i32): void {
  let rest = count;
  if (xStride === 4 && yStride === 4) {
    for (; rest >= 4; rest -= 4) {
      v128.store(y, v128.load(x));
      x += 16;
      y += 16;
    }
  }
  for (; rest > 0; rest--) {
    store<f32>(y, load<f32>(x));
    x += xStride;
    y += yStride;
  }
}
