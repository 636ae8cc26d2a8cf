/** Arranges matrices as the tiles of gemm read them: one number after the other. */
import { f16Stored, f32Stored } from './codes';
import { panelColumns } from './tile';

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
      if (rows > 0) turnRows(from, aRow, rows, depth, factor, target + <usize>row * 4, step);
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
function turnRows(
  a: usize,
  aRow: usize,
  rows: i32,
  depth: i32,
  factor: v128,
  target: usize,
  step: usize,
): void {
  const a1 = rows > 1 ? a + aRow : a;
  const a2 = rows > 2 ? a1 + aRow : a1;
  const a3 = rows > 3 ? a2 + aRow : a2;
  let k: usize = 0;
  for (; k < <usize>(depth & ~3) * 4; k += 16) {
    const x0 = v128.load(a + k);
    const x1 = v128.load(a1 + k);
    const x2 = v128.load(a2 + k);
    const x3 = v128.load(a3 + k);
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
  for (; k < <usize>depth * 4; k += 4) {
    store<f32>(target, load<f32>(a + k) * scale);
    if (rows > 1) store<f32>(target, load<f32>(a1 + k) * scale, 4);
    if (rows > 2) store<f32>(target, load<f32>(a2 + k) * scale, 8);
    if (rows > 3) store<f32>(target, load<f32>(a3 + k) * scale, 12);
    target += step;
  }
}

/** b [depth, width] → a panel [depth, panelColumns] whose missing columns are 0. Strides in bytes. */
export function arrangePanel(
  b: usize,
  bInner: usize,
  bColumn: usize,
  stored: i32,
  depth: i32,
  width: i32,
  target: usize,
): void {
  if (stored === f32Stored && width === panelColumns) {
    if (bColumn === 4) return copyPanel(b, bInner, depth, target);
    if (bInner === 4) return turnPanel(b, bColumn, depth, target);
  }
  for (let k = 0; k < depth; k++) {
    let from = b + <usize>k * bInner;
    for (let j = 0; j < panelColumns; j++) {
      store<f32>(target, j < width ? read(from, stored) : 0);
      from += bColumn;
      target += 4;
    }
  }
}

function copyPanel(b: usize, bInner: usize, depth: i32, target: usize): void {
  for (let k = 0; k < depth; k++) {
    for (let j: usize = 0; j < <usize>panelColumns * 4; j += 16) {
      v128.store(target + j, v128.load(b + j));
    }
    b += bInner;
    target += <usize>panelColumns * 4;
  }
}

/** A panel whose columns lie along k: blocks of 4 × 4 turned, as `turnRows` does with rows. */
function turnPanel(b: usize, bColumn: usize, depth: i32, target: usize): void {
  const one = f32x4.splat(1);
  for (let j = 0; j < panelColumns; j += 4) {
    const from = b + <usize>j * bColumn;
    turnRows(from, bColumn, 4, depth, one, target + <usize>j * 4, <usize>panelColumns * 4);
  }
}

function read(from: usize, stored: i32): f32 {
  if (stored === f32Stored) return load<f32>(from);
  const bits = <u32>load<u16>(from);
  return stored === f16Stored ? ofHalf(bits) : reinterpret<f32>(bits << 16);
}

/** The value of float16 bits: shifted into float32 its exponent is 112 too low, which a multiplication repairs. */
function ofHalf(bits: u32): f32 {
  const sign = (bits & 0x8000) << 16;
  const size = bits & 0x7fff;
  if (size >= 0x7c00) return reinterpret<f32>(sign | 0x7f800000 | ((size & 0x3ff) << 13));
  const scaled = reinterpret<f32>(size << 13) * reinterpret<f32>((112 + 127) << 23);
  return reinterpret<f32>(sign | reinterpret<u32>(scaled));
}
