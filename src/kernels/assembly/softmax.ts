/** exp(x - m) / Σ exp(x - m) with the largest number m, and its logarithm: nothing overflows, and -inf gives 0. */
import * as code from './codes';
import { Lanes } from './lanes';
import { lineLength, linesAt } from './layout';
import { binaryLine } from './lines';
import { addLanes, fill, largestOf } from './reduce';
import { shareEnd, shareStart } from './share';

@unmanaged
class Softmax {
  log: i32;
  outer: i32;
  length: i32;
  inner: i32;
  x: usize;
  y: usize;
}

export function softmax(at: usize, worker: i32, workers: i32, scratch: usize): void {
  const s = changetype<Softmax>(at);
  const end = shareEnd(s.outer, worker, workers);
  const size = <usize>s.length * s.inner * 4;
  for (let outer = shareStart(s.outer, worker, workers); outer < end; outer++) {
    const x = s.x + <usize>outer * size;
    const y = s.y + <usize>outer * size;
    if (s.inner === 1) {
      softmaxLine(s.log !== 0, x, y, s.length);
      continue;
    }
    for (let i = 0; i < s.inner; i += lineLength) {
      const offset = <usize>i * 4;
      const count = min(lineLength, s.inner - i);
      softmaxAcross(s, x + offset, y + offset, count, scratch + linesAt);
    }
  }
}

function softmaxLine(log: bool, x: usize, y: usize, count: i32): void {
  const top = largestOf(x, count);
  const part = min(count, stretch);
  let sum: f64 = 0;
  for (let i = 0; i < count; i += part) {
    const offset = <usize>i * 4;
    sum += exponentials(x + offset, log ? 0 : y + offset, min(part, count - i), top);
  }
  if (log) subtractTwice(x, y, count, top, <f32>Math.log(sum));
  else multiply(y, count, <f32>(1 / sum));
}

/** As in `reduce.ts`: in float32 over short stretches only. */
const stretch: i32 = 1024;

/** Σ exp(x - top); the exponentials stay at y, if that is not 0. */
function exponentials(x: usize, y: usize, count: i32, top: f32): f32 {
  const largest = f32x4.splat(top);
  const zero = f32x4.splat(0);
  let sum = zero;
  const end = x + <usize>(count & ~3) * 4;
  for (; x < end; x += 16) {
    const e = Lanes.expBelowZero(f32x4.sub(v128.load(x), largest), zero);
    sum = f32x4.add(sum, e);
    if (y === 0) continue;
    v128.store(y, e);
    y += 16;
  }
  const rest = count & 3;
  let total = addLanes(sum);
  if (rest === 0) return total;
  const e = Lanes.expBelowZero(f32x4.sub(Lanes.loadPart(x, rest), largest), zero);
  if (y !== 0) Lanes.storePart(y, e, rest);
  total += f32x4.extract_lane(e, 0);
  if (rest > 1) total += f32x4.extract_lane(e, 1);
  if (rest > 2) total += f32x4.extract_lane(e, 2);
  return total;
}

function multiply(y: usize, count: i32, factor: f32): void {
  const factors = f32x4.splat(factor);
  const end = y + <usize>(count & ~3) * 4;
  for (; y < end; y += 16) v128.store(y, f32x4.mul(v128.load(y), factors));
  for (let rest = count & 3; rest > 0; rest--) {
    store<f32>(y, load<f32>(y) * factor);
    y += 4;
  }
}

/** y = x - top - logarithm, in this order, which loses nothing where top is large. */
function subtractTwice(x: usize, y: usize, count: i32, top: f32, logarithm: f32): void {
  for (let i: usize = 0; i < <usize>count * 4; i += 4) {
    store<f32>(y + i, load<f32>(x + i) - top - logarithm);
  }
}

/** Of `count` neighbouring columns at once, with a line for the largest numbers and one for the sums. */
function softmaxAcross(s: Softmax, x: usize, y: usize, count: i32, top: usize): void {
  const row = <usize>s.inner * 4;
  const sum = top + <usize>lineLength * 4;
  fill(top, -Infinity, count);
  fill(sum, 0, count);
  for (let i = 0; i < s.length; i++) {
    binaryLine(code.max, top, 16, x + <usize>i * row, 16, top, count);
  }
  for (let i = 0; i < s.length; i++) {
    const to = y + <usize>i * row;
    if (s.log !== 0) binaryLine(code.subtract, x + <usize>i * row, 16, top, 16, to, count);
    else addExponentials(x + <usize>i * row, top, to, sum, count);
  }
  if (s.log !== 0) {
    for (let i = 0; i < s.length; i++) addExponentials(y + <usize>i * row, 0, 0, sum, count);
    for (let j: usize = 0; j < <usize>count * 4; j += 4) {
      store<f32>(sum + j, <f32>Math.log(load<f32>(sum + j)));
    }
  }
  const last = s.log !== 0 ? code.subtract : code.divide;
  for (let i = 0; i < s.length; i++) {
    binaryLine(last, y + <usize>i * row, 16, sum, 16, y + <usize>i * row, count);
  }
}

/** sum += y = exp(x - top), where top may be 0 for none, and y 0 for nowhere. */
function addExponentials(x: usize, top: usize, y: usize, sum: usize, count: i32): void {
  for (let done = 0; done < count; done += 4) {
    const offset = <usize>done * 4;
    const rest = min(4, count - done);
    let power = loadUpTo(x + offset, rest);
    if (top !== 0) power = f32x4.sub(power, loadUpTo(top + offset, rest));
    const e = Lanes.expBelowZero(power, f32x4.splat(0));
    storeUpTo(sum + offset, f32x4.add(loadUpTo(sum + offset, rest), e), rest);
    if (y !== 0) storeUpTo(y + offset, e, rest);
  }
}

function loadUpTo(from: usize, count: i32): v128 {
  return count === 4 ? v128.load(from) : Lanes.loadPart(from, count);
}

function storeUpTo(to: usize, x: v128, count: i32): void {
  if (count === 4) v128.store(to, x);
  else Lanes.storePart(to, x, count);
}
