/**
 * Reductions. The parts of a sum are added in an order that only its length decides, never the number of workers.
 */
import * as code from './codes';
import { lineLength, linesAt } from './layout';
import { binaryLine } from './lines';
import { shareEnd, shareStart } from './share';
import { madd } from './tile';

@unmanaged
class Reduce {
  fn: i32;
  outer: i32;
  length: i32;
  inner: i32;
  x: usize;
  y: usize;
}

export function reduce(at: usize, worker: i32, workers: i32, scratch: usize): void {
  const r = changetype<Reduce>(at);
  const end = shareEnd(r.outer, worker, workers);
  for (let outer = shareStart(r.outer, worker, workers); outer < end; outer++) {
    const x = r.x + <usize>outer * r.length * r.inner * 4;
    const y = r.y + <usize>outer * r.inner * 4;
    if (r.inner === 1) {
      store<f32>(y, reduceLine(r.fn, x, r.length));
      continue;
    }
    for (let i = 0; i < r.inner; i += lineLength) {
      const offset = <usize>i * 4;
      reduceAcross(r, x + offset, y + offset, min(lineLength, r.inner - i), scratch + linesAt);
    }
  }
}

/** Of numbers side by side. */
function reduceLine(fn: i32, x: usize, count: i32): f32 {
  switch (fn) {
    case code.argmax:
      return <f32>argmaxOf(x, count);
    case code.maximum:
      return maximumOf(x, count);
    case code.minimum:
      return minimumOf(x, count);
    case code.norm:
      return <f32>sqrt<f64>(squaresOf(x, count, 0));
    case code.sum:
      return <f32>sumOf(x, count);
    case code.mean:
      return <f32>(sumOf(x, count) / count);
  }
  const mean = <f32>(sumOf(x, count) / count);
  const variance = squaresOf(x, count, mean) / count;
  return <f32>(fn === code.std ? sqrt<f64>(variance) : variance);
}

/** In float32 only over short stretches, in float64 over the whole. */
const stretch: i32 = 1024;

export function sumOf(x: usize, count: i32): f64 {
  let total: f64 = 0;
  for (let i = 0; i < count; i += stretch) {
    total += sumOfStretch(x + <usize>i * 4, min(stretch, count - i));
  }
  return total;
}

function sumOfStretch(x: usize, count: i32): f32 {
  let sum0 = f32x4.splat(0);
  let sum1 = sum0;
  const end = x + <usize>(count & ~7) * 4;
  for (; x < end; x += 32) {
    sum0 = f32x4.add(sum0, v128.load(x));
    sum1 = f32x4.add(sum1, v128.load(x, 16));
  }
  let sum = addLanes(f32x4.add(sum0, sum1));
  for (let rest = count & 7; rest > 0; rest--) {
    sum += load<f32>(x);
    x += 4;
  }
  return sum;
}

export function addLanes(x: v128): f32 {
  const low = f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1);
  return low + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

/** Σ (x - center)². */
function squaresOf(x: usize, count: i32, center: f32): f64 {
  let total: f64 = 0;
  for (let i = 0; i < count; i += stretch) {
    total += squaresOfStretch(x + <usize>i * 4, min(stretch, count - i), center);
  }
  return total;
}

function squaresOfStretch(x: usize, count: i32, center: f32): f32 {
  const middle = f32x4.splat(center);
  let sum0 = f32x4.splat(0);
  let sum1 = sum0;
  const end = x + <usize>(count & ~7) * 4;
  for (; x < end; x += 32) {
    const difference0 = f32x4.sub(v128.load(x), middle);
    const difference1 = f32x4.sub(v128.load(x, 16), middle);
    sum0 = madd(difference0, difference0, sum0);
    sum1 = madd(difference1, difference1, sum1);
  }
  let sum = addLanes(f32x4.add(sum0, sum1));
  for (let rest = count & 7; rest > 0; rest--) {
    const difference = load<f32>(x) - center;
    sum += difference * difference;
    x += 4;
  }
  return sum;
}

/** NaN wins. */
function maximumOf(x: usize, count: i32): f32 {
  let best = f32x4.splat(-Infinity);
  const end = x + <usize>(count & ~3) * 4;
  for (; x < end; x += 16) best = f32x4.max(best, v128.load(x));
  let result = max(
    max(f32x4.extract_lane(best, 0), f32x4.extract_lane(best, 1)),
    max(f32x4.extract_lane(best, 2), f32x4.extract_lane(best, 3)),
  );
  for (let rest = count & 3; rest > 0; rest--) {
    result = max(result, load<f32>(x));
    x += 4;
  }
  return result;
}

function minimumOf(x: usize, count: i32): f32 {
  let best = f32x4.splat(Infinity);
  const end = x + <usize>(count & ~3) * 4;
  for (; x < end; x += 16) best = f32x4.min(best, v128.load(x));
  let result = min(
    min(f32x4.extract_lane(best, 0), f32x4.extract_lane(best, 1)),
    min(f32x4.extract_lane(best, 2), f32x4.extract_lane(best, 3)),
  );
  for (let rest = count & 3; rest > 0; rest--) {
    result = min(result, load<f32>(x));
    x += 4;
  }
  return result;
}

/** The first place of the largest: NaN is larger than nothing, and nothing than a NaN that comes first. */
function argmaxOf(x: usize, count: i32): i32 {
  const first = load<f32>(x);
  if (count === 0 || first !== first) return 0;
  const largest = f32x4.splat(largestOf(x, count));
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const found = i32x4.bitmask(f32x4.eq(v128.load(x + <usize>i * 4), largest));
    if (found !== 0) return i + ctz(found);
  }
  while (load<f32>(x + <usize>i * 4) !== f32x4.extract_lane(largest, 0)) i++;
  return i;
}

/** NaN is passed over. */
export function largestOf(x: usize, count: i32): f32 {
  let best0 = f32x4.splat(-Infinity);
  let best1 = best0;
  const end = x + <usize>(count & ~7) * 4;
  for (; x < end; x += 32) {
    best0 = f32x4.pmax(best0, v128.load(x));
    best1 = f32x4.pmax(best1, v128.load(x, 16));
  }
  const best = f32x4.pmax(best0, best1);
  let result = max(
    max(f32x4.extract_lane(best, 0), f32x4.extract_lane(best, 1)),
    max(f32x4.extract_lane(best, 2), f32x4.extract_lane(best, 3)),
  );
  for (let rest = count & 7; rest > 0; rest--) {
    const value = load<f32>(x);
    if (value > result) result = value;
    x += 4;
  }
  return result;
}

/** Of `count` neighbouring columns at once: every row of them is added to a line. */
function reduceAcross(r: Reduce, x: usize, y: usize, count: i32, line: usize): void {
  const row = <usize>r.inner * 4;
  switch (r.fn) {
    case code.argmax:
      return argmaxAcross(x, row, r.length, y, count, line);
    case code.maximum:
      fill(y, -Infinity, count);
      return gatherRows(code.max, x, row, r.length, y, count);
    case code.minimum:
      fill(y, Infinity, count);
      return gatherRows(code.min, x, row, r.length, y, count);
    case code.norm:
      fill(line, 0, count);
      squaresAcross(x, row, r.length, line, y, count);
      return rootLine(y, count);
  }
  fill(y, 0, count);
  gatherRows(code.add, x, row, r.length, y, count);
  if (r.fn === code.sum) return;
  divideLine(y, <f32>r.length, count);
  if (r.fn === code.mean) return;
  copyNumbers(y, line, count);
  squaresAcross(x, row, r.length, line, y, count);
  divideLine(y, <f32>r.length, count);
  if (r.fn === code.std) rootLine(y, count);
}

function gatherRows(fn: i32, x: usize, row: usize, rows: i32, y: usize, count: i32): void {
  for (let i = 0; i < rows; i++) {
    binaryLine(fn, y, 16, x, 16, y, count);
    x += row;
  }
}

/** y = Σ (x - center)², column by column. */
function squaresAcross(x: usize, row: usize, rows: i32, center: usize, y: usize, count: i32): void {
  fill(y, 0, count);
  for (let i = 0; i < rows; i++) {
    let j: usize = 0;
    for (; j < <usize>(count & ~3) * 4; j += 16) {
      const difference = f32x4.sub(v128.load(x + j), v128.load(center + j));
      v128.store(y + j, madd(difference, difference, v128.load(y + j)));
    }
    for (; j < <usize>count * 4; j += 4) {
      const difference = load<f32>(x + j) - load<f32>(center + j);
      store<f32>(y + j, load<f32>(y + j) + difference * difference);
    }
    x += row;
  }
}

function argmaxAcross(x: usize, row: usize, rows: i32, y: usize, count: i32, best: usize): void {
  copyNumbers(x, best, count);
  fill(y, 0, count);
  for (let i = 1; i < rows; i++) {
    x += row;
    for (let j: usize = 0; j < <usize>count * 4; j += 4) {
      const value = load<f32>(x + j);
      if (value > load<f32>(best + j)) {
        store<f32>(best + j, value);
        store<f32>(y + j, <f32>i);
      }
    }
  }
}

function copyNumbers(x: usize, y: usize, count: i32): void {
  memory.copy(y, x, <usize>count * 4);
}

export function fill(y: usize, value: f32, count: i32): void {
  const end = y + <usize>count * 4;
  for (; y < end; y += 4) store<f32>(y, value);
}

function divideLine(y: usize, divisor: f32, count: i32): void {
  const end = y + <usize>count * 4;
  for (; y < end; y += 4) store<f32>(y, load<f32>(y) / divisor);
}

function rootLine(y: usize, count: i32): void {
  const end = y + <usize>count * 4;
  for (; y < end; y += 4) store<f32>(y, sqrt<f32>(load<f32>(y)));
}

@unmanaged
class CumulativeSum {
  outer: i32;
  length: i32;
  inner: i32;
  x: usize;
  y: usize;
}

export function cumulativeSum(at: usize, worker: i32, workers: i32): void {
  const c = changetype<CumulativeSum>(at);
  const end = shareEnd(c.outer, worker, workers);
  const size = <usize>c.length * c.inner * 4;
  for (let outer = shareStart(c.outer, worker, workers); outer < end; outer++) {
    const offset = <usize>outer * size;
    if (c.inner === 1) cumulateLine(c.x + offset, c.y + offset, c.length);
    else cumulateAcross(c.x + offset, c.y + offset, c.length, c.inner);
  }
}

function cumulateLine(x: usize, y: usize, count: i32): void {
  let sum: f64 = 0;
  for (let i: usize = 0; i < <usize>count * 4; i += 4) {
    sum += load<f32>(x + i);
    store<f32>(y + i, <f32>sum);
  }
}

function cumulateAcross(x: usize, y: usize, rows: i32, count: i32): void {
  if (rows > 0) copyNumbers(x, y, count);
  const row = <usize>count * 4;
  for (let i = 1; i < rows; i++) {
    x += row;
    binaryLine(code.add, y, 16, x, 16, y + row, count);
    y += row;
  }
}
