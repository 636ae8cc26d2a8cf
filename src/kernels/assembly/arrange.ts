/** Arranges matrices as the tiles of gemm read them. */
import { bf16Stored, f16Stored, f32Stored } from './codes';
import { panelColumns } from './tile';

/** How numbers are stored; each a class as in `unary.ts`. */
interface Stored {
  one(from: usize): f32;
  four(from: usize): v128;
  bytes(): usize;
}

@unmanaged
class Singles {
  @inline one(from: usize): f32 {
    return load<f32>(from);
  }
  @inline four(from: usize): v128 {
    return v128.load(from);
  }
  @inline bytes(): usize {
    return 4;
  }
}

/** The upper half of a float32. */
@unmanaged
class Brains {
  @inline one(from: usize): f32 {
    return reinterpret<f32>((<u32>load<u16>(from)) << 16);
  }
  @inline four(from: usize): v128 {
    return i32x4.shl(v128.load_ext<u16>(from), 16);
  }
  @inline bytes(): usize {
    return 2;
  }
}

/** float16: shifted into float32 its exponent is 112 too low, which a multiplication repairs. */
@unmanaged
class Halves {
  @inline one(from: usize): f32 {
    return f32x4.extract_lane(this.widened(i32x4.splat(<i32>load<u16>(from))), 0);
  }
  @inline four(from: usize): v128 {
    return this.widened(v128.load_ext<u16>(from));
  }
  @inline bytes(): usize {
    return 2;
  }
  @inline widened(bits: v128): v128 {
    const sign = i32x4.shl(v128.and(bits, i32x4.splat(0x8000)), 16);
    const size = v128.and(bits, i32x4.splat(0x7fff));
    const shifted = i32x4.shl(size, 13);
    const usual = f32x4.mul(shifted, i32x4.splat((112 + 127) << 23));
    const special = v128.or(shifted, i32x4.splat(0x7f800000));
    const isUsual = i32x4.lt_s(size, i32x4.splat(0x7c00));
    return v128.or(sign, v128.bitselect(usual, special, isUsual));
  }
}

/**
 * a [height, depth] → [depth, height], times `scale`. Strides in bytes. Up to 12 bytes behind the target are overwritten.
 */
export function arrangeRows(
  a: usize,
  aRow: usize,
  aInner: usize,
  height: i32,
  depth: i32,
  scale: f32,
  target: usize,
): void {
  const step = <usize>height * 4;
  if (aInner === 4) {
    const factor = f32x4.splat(scale);
    // What the last rows, fewer than four, write into the next column is overwritten by the others.
    const whole = height & ~3;
    for (let row = whole; row >= 0; row -= 4) {
      const from = a + <usize>row * aRow;
      const rows = min(4, height - row);
      if (rows > 0)
        turnRows<Singles>(from, aRow, rows, depth, factor, target + <usize>row * 4, step);
    }
    return;
  }
  for (let row = 0; row < height; row++) {
    let from = a + <usize>row * aRow;
    const end = target + <usize>depth * step;
    for (let to = target + <usize>row * 4; to < end; to += step) {
      store<f32>(to, load<f32>(from) * scale);
      from += aInner;
    }
  }
}

/** Up to four rows at once, as blocks of 4 × 4; of fewer rows the last counts for those that are missing. */
function turnRows<S extends Stored>(
  a: usize,
  aRow: usize,
  rows: i32,
  depth: i32,
  factor: v128,
  target: usize,
  step: usize,
): void {
  const stored = changetype<S>(0);
  const a1 = rows > 1 ? a + aRow : a;
  const a2 = rows > 2 ? a1 + aRow : a1;
  const a3 = rows > 3 ? a2 + aRow : a2;
  const size = stored.bytes();
  let k: usize = 0;
  for (; k < <usize>(depth & ~3) * size; k += 4 * size) {
    const x0 = stored.four(a + k);
    const x1 = stored.four(a1 + k);
    const x2 = stored.four(a2 + k);
    const x3 = stored.four(a3 + k);
    const low01 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5);
    const low23 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7);
    const high23 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
    v128.store(target, f32x4.mul(v128.shuffle<f32>(low01, low23, 0, 1, 4, 5), factor));
    target += step;
    v128.store(target, f32x4.mul(v128.shuffle<f32>(low01, low23, 2, 3, 6, 7), factor));
    target += step;
    v128.store(target, f32x4.mul(v128.shuffle<f32>(high01, high23, 0, 1, 4, 5), factor));
    target += step;
    v128.store(target, f32x4.mul(v128.shuffle<f32>(high01, high23, 2, 3, 6, 7), factor));
    target += step;
  }
  const scale = f32x4.extract_lane(factor, 0);
  for (; k < <usize>depth * size; k += size) {
    store<f32>(target, stored.one(a + k) * scale);
    if (rows > 1) store<f32>(target, stored.one(a1 + k) * scale, 4);
    if (rows > 2) store<f32>(target, stored.one(a2 + k) * scale, 8);
    if (rows > 3) store<f32>(target, stored.one(a3 + k) * scale, 12);
    target += step;
  }
}

/**
 * `count` panels of b [depth, width] one after the other → [depth, panelColumns] each, the missing columns of the last 0.
 * Strides in bytes.
 */
export function arrangePanels(
  b: usize,
  bInner: usize,
  bColumn: usize,
  stored: i32,
  depth: i32,
  width: i32,
  target: usize,
): void {
  switch (stored) {
    case f16Stored:
      return panels<Halves>(b, bInner, bColumn, depth, width, target);
    case bf16Stored:
      return panels<Brains>(b, bInner, bColumn, depth, width, target);
    case f32Stored:
      return panels<Singles>(b, bInner, bColumn, depth, width, target);
  }
}

function panels<S extends Stored>(
  b: usize,
  bInner: usize,
  bColumn: usize,
  depth: i32,
  width: i32,
  target: usize,
): void {
  const size = changetype<S>(0).bytes();
  const panelBytes = <usize>depth * panelColumns * 4;
  const whole = width / panelColumns;
  if (bColumn === size) copyPanels<S>(b, bInner, depth, whole, target);
  for (let panel = bColumn === size ? whole : 0; panel * panelColumns < width; panel++) {
    const from = b + <usize>(panel * panelColumns) * bColumn;
    const to = target + <usize>panel * panelBytes;
    if (panel < whole && bInner === size) turnPanel<S>(from, bColumn, depth, to);
    else copyNumbers<S>(from, bInner, bColumn, depth, width - panel * panelColumns, to);
  }
}

/** As many panels as this at once: a row of b is read a piece at a time, and every panel written in order. */
const together: i32 = 8;

function copyPanels<S extends Stored>(
  b: usize,
  bInner: usize,
  depth: i32,
  count: i32,
  target: usize,
): void {
  const stored = changetype<S>(0);
  const size = stored.bytes();
  const panelBytes = <usize>depth * panelColumns * 4;
  for (let first = 0; first < count; first += together) {
    let from = b + <usize>(first * panelColumns) * size;
    let to = target + <usize>first * panelBytes;
    const columns = <usize>(min(together, count - first) * panelColumns) * size;
    for (let k = 0; k < depth; k++) {
      let panel = to;
      for (let j: usize = 0; j < columns; j += <usize>panelColumns * size) {
        for (let i: usize = 0; i < <usize>panelColumns; i += 4) {
          v128.store(panel + i * 4, stored.four(from + j + i * size));
        }
        panel += panelBytes;
      }
      from += bInner;
      to += <usize>panelColumns * 4;
    }
  }
}

/** A panel whose columns lie along k: blocks of 4 × 4 turned, as `turnRows` does with rows. */
function turnPanel<S extends Stored>(b: usize, bColumn: usize, depth: i32, target: usize): void {
  const one = f32x4.splat(1);
  for (let j = 0; j < panelColumns; j += 4) {
    const from = b + <usize>j * bColumn;
    turnRows<S>(from, bColumn, 4, depth, one, target + <usize>j * 4, <usize>panelColumns * 4);
  }
}

function copyNumbers<S extends Stored>(
  b: usize,
  bInner: usize,
  bColumn: usize,
  depth: i32,
  width: i32,
  target: usize,
): void {
  const stored = changetype<S>(0);
  for (let k = 0; k < depth; k++) {
    let from = b + <usize>k * bInner;
    for (let j = 0; j < panelColumns; j++) {
      store<f32>(target, j < width ? stored.one(from) : 0);
      from += bColumn;
      target += 4;
    }
  }
}
