/** Walks over the rows of strided tensors: all axes but the last, the last of them turning fastest. */
import { lineLength, linesAt, walkAt } from './layout';

/**
 * On the tape: how many outer axes, their lengths, and per operand its address, the stride of its last axis and those
 * of the outer axes; strides in bytes. Here: the place of each axis and the row of each operand.
 */
@unmanaged
export class Walk {
  outer: i32;
  operands: i32;
  /** Of the lengths on the tape, and of the first operand; the bytes of an operand there. */
  shape: usize;
  operand: usize;
  size: usize;
  row0: usize;
  row1: usize;
  row2: usize;

  /** The stride of an operand's last axis. */
  step(operand: i32): usize {
    return load<usize>(this.operand + <usize>operand * this.size, 4);
  }

  advance(): void {
    for (let axis = this.outer - 1; axis >= 0; axis--) {
      const place = this.placeOf(axis);
      const next = load<i32>(place) + 1;
      const length = load<i32>(this.shape + <usize>axis * 4);
      store<i32>(place, next < length ? next : 0);
      this.move(axis, next < length ? 1 : 1 - length);
      if (next < length) return;
    }
  }

  placeOf(axis: i32): usize {
    return changetype<usize>(this) + offsetof<Walk>() + <usize>axis * 4;
  }

  /** Moves every operand by so many steps along an outer axis. */
  move(axis: i32, steps: i32): void {
    const strides = this.operand + 8 + <usize>axis * 4;
    this.row0 += steps * load<i32>(strides);
    if (this.operands > 1) this.row1 += steps * load<i32>(strides + this.size);
    if (this.operands > 2) this.row2 += steps * load<i32>(strides + this.size * 2);
  }
}

/** Begins at a row. */
export function startWalk(at: usize, operands: i32, row: i32, scratch: usize): Walk {
  const walk = changetype<Walk>(scratch + walkAt);
  walk.outer = load<i32>(at);
  walk.operands = operands;
  walk.shape = at + 4;
  walk.size = <usize>(2 + walk.outer) * 4;
  walk.operand = at + 4 + <usize>walk.outer * 4;
  walk.row0 = load<usize>(walk.operand);
  walk.row1 = operands > 1 ? load<usize>(walk.operand + walk.size) : 0;
  walk.row2 = operands > 2 ? load<usize>(walk.operand + walk.size * 2) : 0;
  let rest = row;
  for (let axis = walk.outer - 1; axis >= 0; axis--) {
    const length = load<i32>(walk.shape + <usize>axis * 4);
    store<i32>(walk.placeOf(axis), rest % length);
    walk.move(axis, rest % length);
    rest /= length;
  }
  return walk;
}

/** How far to go per four numbers of a line that `lineOf` gave: 0 repeats the same four. */
export function stepOf(stride: usize): usize {
  return stride === 0 ? 0 : 16;
}

/** An address at which up to `lineLength` numbers lie side by side, or four times the same; copied there if they do not. */
export function lineOf(x: usize, stride: usize, count: i32, scratch: usize, which: i32): usize {
  if (stride === 4) return x;
  const line = scratch + linesAt + <usize>which * lineLength * 4;
  if (stride === 0) {
    v128.store(line, v128.load32_splat(x));
    return line;
  }
  const end = line + <usize>count * 4;
  for (let to = line; to < end; to += 4) {
    store<f32>(to, load<f32>(x));
    x += stride;
  }
  return line;
}
