/** What each instruction means, one number at a time in float64. */
import type {
  Address,
  BatchedGemm,
  Binary,
  BinaryFunction,
  Copy,
  CumulativeSum,
  Gather,
  Gemm,
  Instruction,
  Mask,
  Pack,
  Reduce,
  Rope,
  Softmax,
  Strided,
  Unary,
  UnaryFunction,
  Where,
} from '../../src/kernels/index.ts';

/** The heap: numbers from an address on. */
export interface Image {
  readonly values: Float32Array;
  readonly start: Address;
}

/** The depth of a pass over k, by which packed matrices are cut. */
const passDepth = 768;

export function interpret(instruction: Instruction, image: Image, panel: number): void {
  const at = (address: Address, index = 0) => (address - image.start) / 4 + index;
  const get = (address: Address, index: number) => image.values[at(address, index)] as number;
  const set = (address: Address, index: number, value: number) => {
    image.values[at(address, index)] = value;
  };
  const heap: Heap = { get, set, image };
  switch (instruction.kind) {
    case 'pack':
      pack(instruction, heap, panel);
      break;
    case 'gemm':
      gemm(instruction, heap, panel);
      break;
    case 'batched gemm':
      batchedGemm(instruction, heap);
      break;
    case 'unary':
      pointwise(instruction, heap);
      break;
    case 'binary':
      elementwise(instruction, heap);
      break;
    case 'where':
      choose(instruction, heap);
      break;
    case 'copy':
      copy(instruction, heap);
      break;
    case 'reduce':
      reduce(instruction, heap);
      break;
    case 'softmax':
      softmax(instruction, heap);
      break;
    case 'mask':
      mask(instruction, heap);
      break;
    case 'rope':
      rope(instruction, heap);
      break;
    case 'gather':
      gather(instruction, heap);
      break;
    case 'cumulative sum':
      cumulate(instruction, heap);
  }
}

interface Heap {
  get(address: Address, index: number): number;
  set(address: Address, index: number, value: number): void;
  readonly image: Image;
}

const place = ({ strides }: Strided, indices: readonly number[]) =>
  strides.reduce((sum, stride, axis) => sum + stride * (indices[axis] as number), 0);

/** All index tuples of a shape, in row-major order. */
function* indicesOf(shape: readonly number[]): Generator<number[]> {
  const count = shape.reduce((a, b) => a * b, 1);
  for (let i = 0; i < count; i++) {
    let rest = i;
    const indices = shape.map(() => 0);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      indices[axis] = rest % (shape[axis] as number);
      rest = Math.floor(rest / (shape[axis] as number));
    }
    yield indices;
  }
}

function packedPlace(inner: number, columns: number, panel: number, k: number, j: number): number {
  const pass = Math.floor(k / passDepth) * passDepth;
  const depth = Math.min(passDepth, inner - pass);
  const panels = Math.ceil(columns / panel);
  const start = pass * panels * panel + Math.floor(j / panel) * depth * panel;
  return start + (k - pass) * panel + (j % panel);
}

function pack(it: Pack, { set, get, image }: Heap, panel: number): void {
  const { inner, columns, b, stored, target } = it;
  const halves = new Uint16Array(image.values.buffer);
  for (let k = 0; k < inner; k++) {
    for (let j = 0; j < Math.ceil(columns / panel) * panel; j++) {
      const index = place(b, [k, j]);
      const bits = halves[(b.address - image.start) / 2 + index] as number;
      const value = stored === 'f32' ? get(b.address, index) : ofBits(bits, stored);
      set(target, packedPlace(inner, columns, panel, k, j), j < columns ? value : 0);
    }
  }
}

function ofBits(bits: number, stored: 'f16' | 'bf16'): number {
  const [exponentBits, fractionBits] = stored === 'f16' ? [5, 10] : [8, 7];
  const sign = bits & 0x8000 ? -1 : 1;
  const fraction = (bits & ((1 << fractionBits) - 1)) / (1 << fractionBits);
  const exponent = (bits & 0x7fff) >> fractionBits;
  const bias = (1 << (exponentBits - 1)) - 1;
  if (exponent === (1 << exponentBits) - 1) return fraction === 0 ? sign * Infinity : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** (1 - bias);
  return sign * (1 + fraction) * 2 ** (exponent - bias);
}

function gemm(it: Gemm, { get, set }: Heap, panel: number): void {
  for (const [i, j] of indicesOf([it.rows, it.columns]) as Generator<[number, number]>) {
    let sum = it.bias === undefined ? 0 : get(it.bias, j);
    for (let k = 0; k < it.inner; k++) {
      const b = get(it.packed, packedPlace(it.inner, it.columns, panel, k, j));
      sum += get(it.a.address, place(it.a, [i, k])) * b;
    }
    set(it.c, i * it.cRow + j, sum);
  }
}

function batchedGemm(it: BatchedGemm, { get, set }: Heap): void {
  for (const indices of indicesOf([...it.batch, it.rows, it.columns])) {
    const batch = indices.slice(0, -2);
    const [i, j] = indices.slice(-2) as [number, number];
    let sum = 0;
    for (let k = 0; k < it.inner; k++) {
      const a = get(it.a.address, place(it.a, [...batch, i, k]));
      sum += a * get(it.b.address, place(it.b, [...batch, k, j]));
    }
    const hidden = it.causal !== undefined && j > i + it.causal;
    set(it.c.address, place(it.c, indices), hidden ? -Infinity : it.scale * sum);
  }
}

const truth = (value: boolean) => (value ? 1 : 0);

const unary: Readonly<Record<UnaryFunction, (x: number) => number>> = {
  abs: Math.abs,
  cos: Math.cos,
  exp: Math.exp,
  floor: Math.floor,
  gelu: (x) => x * normalCdf(x),
  // 0.5 (1 + tanh u) = 1 / (1 + exp(-2u)), which loses nothing far below 0.
  gelu_tanh: (x) => x / (1 + Math.exp(-2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  log: Math.log,
  negate: (x) => -x,
  not: (x) => truth(x === 0),
  relu: (x) => Math.max(x, 0),
  rsqrt: (x) => 1 / Math.sqrt(x),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  silu: (x) => x / (1 + Math.exp(-x)),
  sin: Math.sin,
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  sqrt: Math.sqrt,
  square: (x) => x * x,
  tanh: Math.tanh,
};

/** By a series of positive terms, which loses no digits, and far below by the asymptotic continued fraction. */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return x;
  if (Math.abs(x) > 5) {
    let fraction = 0;
    for (let n = 60; n > 0; n--) fraction = n / (Math.abs(x) + fraction);
    const tail = Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI) / (Math.abs(x) + fraction);
    return x < 0 ? tail : 1 - tail;
  }
  let [term, sum] = [x, x];
  for (let n = 3; Math.abs(term) > 1e-18 * Math.abs(sum); n += 2) {
    term *= (x * x) / n;
    sum += term;
  }
  return 0.5 + (sum * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
}

const binary: Readonly<Record<BinaryFunction, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  and: (a, b) => truth(a !== 0 && b !== 0),
  divide: (a, b) => a / b,
  equal: (a, b) => truth(a === b),
  greater: (a, b) => truth(a > b),
  greater_equal: (a, b) => truth(a >= b),
  less: (a, b) => truth(a < b),
  less_equal: (a, b) => truth(a <= b),
  max: Math.max,
  min: Math.min,
  multiply: (a, b) => a * b,
  not_equal: (a, b) => truth(a !== b),
  or: (a, b) => truth(a !== 0 || b !== 0),
  pow: (a, b) => a ** b,
  remainder: (a, b) => {
    const rest = a % b;
    return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
  },
  subtract: (a, b) => a - b,
};

export const unaryFunctions = Object.keys(unary) as UnaryFunction[];
export const binaryFunctions = Object.keys(binary) as BinaryFunction[];

function pointwise({ fn, rows, columns, x, y }: Unary, { get, set }: Heap): void {
  for (let i = 0; i < rows * columns; i++) set(y, i, unary[fn](get(x, i)));
}

function elementwise({ fn, shape, a, b, y }: Binary, { get, set }: Heap): void {
  let next = 0;
  for (const indices of indicesOf(shape)) {
    const left = get(a.address, place(a, indices));
    set(y, next++, binary[fn](left, get(b.address, place(b, indices))));
  }
}

function choose({ shape, condition, a, b, y }: Where, { get, set }: Heap): void {
  let next = 0;
  for (const indices of indicesOf(shape)) {
    const chosen = get(condition.address, place(condition, indices)) !== 0 ? a : b;
    set(y, next++, get(chosen.address, place(chosen, indices)));
  }
}

function copy({ shape, x, y }: Copy, { get, set }: Heap): void {
  for (const indices of indicesOf(shape)) {
    set(y.address, place(y, indices), get(x.address, place(x, indices)));
  }
}

/** Calls back with every line of x[outer, length, inner] and where in it numbers lie. */
function eachLine(
  { outer, length, inner, x }: Pick<Reduce, 'outer' | 'length' | 'inner' | 'x'>,
  { get }: Heap,
  visit: (line: number[], place: (l: number) => number, index: number) => void,
): void {
  for (const [o, i] of indicesOf([outer, inner]) as Generator<[number, number]>) {
    const at = (l: number) => (o * length + l) * inner + i;
    const line = Array.from({ length }, (_, l) => get(x, at(l)));
    visit(line, at, o * inner + i);
  }
}

function reduce(it: Reduce, heap: Heap): void {
  const sum = (line: readonly number[]) => line.reduce((a, b) => a + b, 0);
  const mean = (line: readonly number[]) => sum(line) / line.length;
  const variance = (line: readonly number[]) => {
    const middle = mean(line);
    return mean(line.map((value) => (value - middle) ** 2));
  };
  const functions: Readonly<Record<Reduce['fn'], (line: readonly number[]) => number>> = {
    argmax: (line) =>
      line.reduce((best, value, at) => (value > (line[best] as number) ? at : best), 0),
    max: (line) => Math.max(...line),
    mean,
    min: (line) => Math.min(...line),
    norm: (line) => Math.sqrt(sum(line.map((value) => value * value))),
    std: (line) => Math.sqrt(variance(line)),
    sum,
    var: variance,
  };
  eachLine(it, heap, (line, _, index) => heap.set(it.y, index, functions[it.fn](line)));
}

function softmax(it: Softmax, heap: Heap): void {
  eachLine(it, heap, (line, at) => {
    const top = line.reduce((a, b) => Math.max(a, b), -Infinity);
    const sum = line.reduce((total, value) => total + Math.exp(value - top), 0);
    for (const [l, value] of line.entries()) {
      const probability = Math.exp(value - top) / sum;
      heap.set(it.y, at(l), it.log ? value - top - Math.log(sum) : probability);
    }
  });
}

function mask(it: Mask, { get, set }: Heap): void {
  let next = 0;
  for (const [, i, j] of indicesOf([it.matrices, it.rows, it.columns]) as Generator<
    [number, number, number]
  >) {
    const seen = j - i >= it.lowest && j - i <= it.highest;
    set(it.y, next, seen ? get(it.x, next) : -Infinity);
    next += 1;
  }
}

function rope(it: Rope, { get, set }: Heap): void {
  const pairs = it.rotated / 2;
  for (let row = 0; row < it.sequences * it.positions; row++) {
    const start = row * it.width;
    for (let i = it.rotated; i < it.width; i++) set(it.y, start + i, get(it.x, start + i));
    for (let p = 0; p < pairs; p++) {
      const angle = (row % it.positions) * pairs + p;
      const [c, s] = [get(it.cosines, angle), get(it.sines, angle)];
      const first = start + (it.half ? p : 2 * p);
      const second = it.half ? first + pairs : first + 1;
      const [a, b] = [get(it.x, first), get(it.x, second)];
      set(it.y, first, a * c - b * s);
      set(it.y, second, b * c + a * s);
    }
  }
}

function gather(it: Gather, { get, set }: Heap): void {
  for (const [row, i] of indicesOf([it.rows, it.width]) as Generator<[number, number]>) {
    const value = get(it.table, get(it.indices, row) * it.width + i);
    set(it.y, row * it.width + i, value);
  }
}

function cumulate(it: CumulativeSum, heap: Heap): void {
  eachLine(it, heap, (line, at) => {
    let sum = 0;
    for (const [l, value] of line.entries()) {
      sum += value;
      heap.set(it.y, at(l), sum);
    }
  });
}
