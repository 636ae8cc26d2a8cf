/** The instructions that move rows or parts of them: mask, rope and gather. */
import { copyLine } from './elementwise';
import { fill } from './reduce';
import { shareEnd, shareStart } from './share';

@unmanaged
class Mask {
  matrices: i32;
  rows: i32;
  columns: i32;
  lowest: i32;
  highest: i32;
  x: usize;
  y: usize;
}

export function mask(at: usize, worker: i32, workers: i32): void {
  const m = changetype<Mask>(at);
  const all = m.matrices * m.rows;
  const end = shareEnd(all, worker, workers);
  for (let row = shareStart(all, worker, workers); row < end; row++) {
    const i = <i64>(row % m.rows);
    const from = within(i + m.lowest, m.columns);
    const to = max(from, within(i + m.highest + 1, m.columns));
    const offset = <usize>row * m.columns * 4;
    const y = m.y + offset;
    const seen = <usize>from * 4;
    fill(y, -Infinity, from);
    copyLine(m.x + offset + seen, 4, y + seen, 4, to - from);
    fill(y + <usize>to * 4, -Infinity, m.columns - to);
  }
}

function within(column: i64, columns: i32): i32 {
  return <i32>min<i64>(max<i64>(column, 0), columns);
}

@unmanaged
class Rope {
  sequences: i32;
  positions: i32;
  width: i32;
  rotated: i32;
  half: i32;
  cosines: usize;
  sines: usize;
  x: usize;
  y: usize;
}

export function rope(at: usize, worker: i32, workers: i32): void {
  const r = changetype<Rope>(at);
  const all = r.sequences * r.positions;
  const end = shareEnd(all, worker, workers);
  const pairs = r.rotated / 2;
  const turned = <usize>(pairs * 2) * 4;
  for (let row = shareStart(all, worker, workers); row < end; row++) {
    const x = r.x + <usize>row * r.width * 4;
    const y = r.y + <usize>row * r.width * 4;
    const angle = <usize>(row % r.positions) * pairs * 4;
    if (r.half !== 0) turnHalves(x, y, pairs, r.cosines + angle, r.sines + angle);
    else turnNeighbours(x, y, pairs, r.cosines + angle, r.sines + angle);
    copyLine(x + turned, 4, y + turned, 4, r.width - pairs * 2);
  }
}

function turnHalves(x: usize, y: usize, pairs: i32, cosines: usize, sines: usize): void {
  const other = <usize>pairs * 4;
  let i: usize = 0;
  for (; i < <usize>(pairs & ~3) * 4; i += 16) {
    const a = v128.load(x + i);
    const b = v128.load(x + i + other);
    const c = v128.load(cosines + i);
    const s = v128.load(sines + i);
    v128.store(y + i, f32x4.sub(f32x4.mul(a, c), f32x4.mul(b, s)));
    v128.store(y + i + other, f32x4.add(f32x4.mul(b, c), f32x4.mul(a, s)));
  }
  for (; i < other; i += 4)
    turnPair(x + i, y + i, other, load<f32>(cosines + i), load<f32>(sines + i));
}

function turnNeighbours(x: usize, y: usize, pairs: i32, cosines: usize, sines: usize): void {
  for (let i: usize = 0; i < <usize>pairs * 4; i += 4) {
    turnPair(x + i * 2, y + i * 2, 4, load<f32>(cosines + i), load<f32>(sines + i));
  }
}

/** Turns the pair of numbers that lie `other` bytes apart. */
function turnPair(x: usize, y: usize, other: usize, c: f32, s: f32): void {
  const a = load<f32>(x);
  const b = load<f32>(x + other);
  store<f32>(y, a * c - b * s);
  store<f32>(y + other, b * c + a * s);
}

@unmanaged
class Gather {
  rows: i32;
  width: i32;
  indices: usize;
  table: usize;
  y: usize;
}

export function gather(at: usize, worker: i32, workers: i32): void {
  const g = changetype<Gather>(at);
  const bytes = <usize>g.width * 4;
  const end = shareEnd(g.rows, worker, workers);
  for (let row = shareStart(g.rows, worker, workers); row < end; row++) {
    const index = <usize>load<f32>(g.indices + <usize>row * 4);
    copyLine(g.table + index * bytes, 4, g.y + <usize>row * bytes, 4, g.width);
  }
}
