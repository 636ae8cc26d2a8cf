/** From instructions to a tape: the same in numbers of 32 bits, as `assembly/tape.ts` reads it. */
import * as code from './assembly/codes.ts';
import { headerWords, tapeBytes } from './assembly/layout.ts';
import type {
  BatchedGemm,
  BinaryFunction,
  Instruction,
  Reduction,
  StoredType,
  Strided,
  UnaryFunction,
} from './instruction.ts';
import { elementwiseWords, rowCount } from './strided-words.ts';

export interface Tape {
  /** The number of instructions. */
  readonly count: number;
  /** Pieces that fit where the workers read them, run one after the other. */
  readonly segments: readonly TapeSegment[];
}

export interface TapeSegment {
  readonly words: Uint32Array<ArrayBuffer>;
  readonly count: number;
}

/**
 * A tape of instructions in their order. After an instruction all workers wait for each other unless `needsBarrier` of
 * its index is false; see `rowsOf` for when it may be.
 */
export function encode(
  instructions: readonly Instruction[],
  needsBarrier: (index: number) => boolean = () => true,
): Tape {
  const segments: TapeSegment[] = [];
  let words: number[] = [];
  let count = 0;
  const cut = () => {
    if (count > 0) segments.push({ words: Uint32Array.from(words), count });
    words = [];
    count = 0;
  };
  for (const [index, instruction] of instructions.entries()) {
    const [opcode, ...own] = wordsOf(instruction);
    const length = headerWords + own.length;
    if ((words.length + length) * 4 > tapeBytes) cut();
    words.push(opcode as number, length, needsBarrier(index) ? 1 : 0, ...own);
    count += 1;
  }
  cut();
  return { count: instructions.length, segments };
}

/**
 * How many rows the workers share, undefined where they share something else. The same number of rows is shared alike
 * by all instructions: between two of them that touch only the same rows no barrier is needed.
 */
export function rowsOf(instruction: Instruction): number | undefined {
  switch (instruction.kind) {
    case 'pack':
    case 'gemm':
    case 'batched gemm':
      return undefined;
    case 'unary':
    case 'gather':
      return instruction.rows;
    case 'binary':
    case 'where':
    case 'copy':
      return rowCount(instruction.shape);
    case 'reduce':
    case 'softmax':
    case 'cumulative sum':
      return instruction.outer;
    case 'mask':
      return instruction.matrices * instruction.rows;
    case 'rope':
      return instruction.sequences * instruction.positions;
  }
}

const unaryCodes: Readonly<Record<UnaryFunction, number>> = {
  abs: code.abs,
  cos: code.cos,
  exp: code.exp,
  floor: code.floor,
  gelu: code.gelu,
  gelu_tanh: code.geluTanh,
  log: code.log,
  negate: code.negate,
  not: code.not,
  relu: code.relu,
  rsqrt: code.rsqrt,
  sigmoid: code.sigmoid,
  silu: code.silu,
  sin: code.sin,
  softplus: code.softplus,
  sqrt: code.sqrt,
  square: code.square,
  tanh: code.tanh,
};

const binaryCodes: Readonly<Record<BinaryFunction, number>> = {
  add: code.add,
  and: code.and,
  divide: code.divide,
  equal: code.equal,
  greater: code.greater,
  greater_equal: code.greaterEqual,
  less: code.less,
  less_equal: code.lessEqual,
  max: code.max,
  min: code.min,
  multiply: code.multiply,
  not_equal: code.notEqual,
  or: code.or,
  pow: code.pow,
  remainder: code.remainder,
  subtract: code.subtract,
};

const reductionCodes: Readonly<Record<Reduction, number>> = {
  argmax: code.argmax,
  max: code.maximum,
  mean: code.mean,
  min: code.minimum,
  norm: code.norm,
  std: code.std,
  sum: code.sum,
  var: code.variance,
};

const storedCodes: Readonly<Record<StoredType, readonly [code: number, bytes: number]>> = {
  f32: [code.f32Stored, 4],
  f16: [code.f16Stored, 2],
  bf16: [code.bf16Stored, 2],
};

/** The opcode and what follows it. */
function wordsOf(it: Instruction): readonly number[] {
  switch (it.kind) {
    case 'pack': {
      const [stored, bytes] = storedCodes[it.stored];
      const strides = stridesOf(it.b, 2, bytes);
      return [code.pack, it.inner, it.columns, it.b.address, ...strides, stored, it.target];
    }
    case 'gemm': {
      const size = [it.rows, it.inner, it.columns];
      const result = [it.packed, it.bias ?? 0, it.c, it.cRow * 4];
      return [code.gemm, ...size, it.a.address, ...stridesOf(it.a, 2), ...result];
    }
    case 'batched gemm':
      return batchedWords(it);
    case 'unary':
      return [code.unary, unaryCodes[it.fn], it.rows, it.columns, it.x, it.y];
    case 'binary':
      return [code.binary, binaryCodes[it.fn], ...elementwiseWords(it.shape, [it.a, it.b], it.y)];
    case 'where':
      return [code.where, 0, ...elementwiseWords(it.shape, [it.condition, it.a, it.b], it.y)];
    case 'copy':
      return [code.copy, 0, ...elementwiseWords(it.shape, [it.x, it.y], 0)];
    case 'reduce':
      return [code.reduce, reductionCodes[it.fn], it.outer, it.length, it.inner, it.x, it.y];
    case 'softmax':
      return [code.softmax, it.log ? 1 : 0, it.outer, it.length, it.inner, it.x, it.y];
    case 'mask': {
      const size = [it.matrices, it.rows, it.columns];
      return [code.mask, ...size, within32(it.lowest), within32(it.highest), it.x, it.y];
    }
    case 'rope': {
      const size = [it.sequences, it.positions, it.width, it.rotated, it.half ? 1 : 0];
      return [code.rope, ...size, it.cosines, it.sines, it.x, it.y];
    }
    case 'gather':
      return [code.gather, it.rows, it.width, it.indices, it.table, it.y];
    case 'cumulative sum':
      return [code.cumulativeSum, it.outer, it.length, it.inner, it.x, it.y];
  }
}

function batchedWords(it: BatchedGemm): readonly number[] {
  const batch = [...Array<number>(3 - it.batch.length).fill(1), ...it.batch];
  const operand = (of: Strided) => [of.address, ...stridesOf(of, 5)];
  const c = operand(it.c).slice(0, -1);
  const size = [...batch, it.rows, it.inner, it.columns];
  const causal = it.causal === undefined ? [0, 0] : [1, it.causal];
  const scale = floatBits(it.scale);
  return [code.batchedGemm, ...size, ...operand(it.a), ...operand(it.b), ...c, scale, ...causal];
}

/** In bytes, with zeros before them for axes that are not there. */
function stridesOf({ strides }: Strided, axes: number, bytes = 4): number[] {
  return [...Array<number>(axes - strides.length).fill(0), ...strides.map((each) => each * bytes)];
}

/** A distance that may be infinite. */
function within32(distance: number): number {
  return Math.max(-0x80000000, Math.min(0x7fffffff, distance));
}

function floatBits(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0] as number;
}
