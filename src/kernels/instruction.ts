/**
 * What the SIMD kernels can be told to do. A run is a tape of these instructions; every worker reads the whole tape and
 * does its part of each. Values are float32 in one shared memory; addresses are bytes in it, all else counts elements.
 */

/** Bytes from the start of the memory; a multiple of 16 where a buffer begins. */
export type Address = number;

/** A tensor somewhere in memory: one stride per axis, 0 where it broadcasts. */
export interface Strided {
  readonly address: Address;
  readonly strides: readonly number[];
}

export type UnaryFunction =
  | 'abs'
  | 'cos'
  | 'exp'
  | 'floor'
  | 'gelu'
  | 'gelu_tanh'
  | 'log'
  | 'negate'
  | 'not'
  | 'relu'
  | 'rsqrt'
  | 'sigmoid'
  | 'silu'
  | 'sin'
  | 'softplus'
  | 'sqrt'
  | 'square'
  | 'tanh';

export type BinaryFunction =
  | 'add'
  | 'and'
  | 'divide'
  | 'equal'
  | 'greater'
  | 'greater_equal'
  | 'less'
  | 'less_equal'
  | 'max'
  | 'min'
  | 'multiply'
  | 'not_equal'
  | 'or'
  | 'pow'
  | 'remainder'
  | 'subtract';

export type Reduction = 'argmax' | 'max' | 'mean' | 'min' | 'norm' | 'std' | 'sum' | 'var';

/** How numbers are stored. */
export type StoredType = 'f32' | 'f16' | 'bf16';

export type Instruction =
  | Pack
  | Gemm
  | BatchedGemm
  | Unary
  | Binary
  | Where
  | Copy
  | Reduce
  | Softmax
  | Mask
  | Rope
  | Gather
  | CumulativeSum;

/** Arranges a matrix b [inner, columns] for `gemm`. `target` has room for packedLength(inner, columns) numbers. */
export interface Pack {
  readonly kind: 'pack';
  readonly inner: number;
  readonly columns: number;
  readonly b: Strided;
  readonly stored: StoredType;
  readonly target: Address;
}

/** c[i, j] = bias[j] + Σ_k a[i, k] · b[k, j], b packed before; c's columns lie side by side. */
export interface Gemm {
  readonly kind: 'gemm';
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly a: Strided;
  readonly packed: Address;
  readonly bias: Address | undefined;
  readonly c: Address;
  /** From a row of c to the next. */
  readonly cRow: number;
}

/**
 * c[…, i, j] = scale · Σ_k a[…, i, k] · b[…, k, j] for every matrix of the batch (at most three axes), none of them
 * packed before. With `causal`, c is -inf where j > i + causal, and those products are not computed.
 */
export interface BatchedGemm {
  readonly kind: 'batched gemm';
  readonly batch: readonly number[];
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly a: Strided;
  readonly b: Strided;
  /** Its last stride is 1. */
  readonly c: Strided;
  readonly scale: number;
  readonly causal: number | undefined;
}

/** y = fn(x), `rows` × `columns` numbers side by side. */
export interface Unary {
  readonly kind: 'unary';
  readonly fn: UnaryFunction;
  readonly rows: number;
  readonly columns: number;
  readonly x: Address;
  readonly y: Address;
}

/** y = fn(a, b) over `shape` (at most six axes); y's numbers lie side by side. Rows are all axes but the last. */
export interface Binary {
  readonly kind: 'binary';
  readonly fn: BinaryFunction;
  readonly shape: readonly number[];
  readonly a: Strided;
  readonly b: Strided;
  readonly y: Address;
}

/** y = condition ≠ 0 ? a : b, as `binary`. */
export interface Where {
  readonly kind: 'where';
  readonly shape: readonly number[];
  readonly condition: Strided;
  readonly a: Strided;
  readonly b: Strided;
  readonly y: Address;
}

/** y = x over `shape` (at most eight axes), both strided. */
export interface Copy {
  readonly kind: 'copy';
  readonly shape: readonly number[];
  readonly x: Strided;
  readonly y: Strided;
}

/** y[o, i] = fn over l of x[o, l, i]. `var` and `std` divide by the length; `norm` is √Σx²; `argmax` is the first. */
export interface Reduce {
  readonly kind: 'reduce';
  readonly fn: Reduction;
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
  readonly x: Address;
  readonly y: Address;
}

/** Over l of x[o, l, i], stable; -inf gives 0. A line of -inf only gives what the operator's reference gives. */
export interface Softmax {
  readonly kind: 'softmax';
  readonly log: boolean;
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
  readonly x: Address;
  readonly y: Address;
}

/** y[m, i, j] = x[m, i, j] where `lowest` ≤ j - i ≤ `highest`, else -inf. */
export interface Mask {
  readonly kind: 'mask';
  readonly matrices: number;
  readonly rows: number;
  readonly columns: number;
  readonly lowest: number;
  readonly highest: number;
  readonly x: Address;
  readonly y: Address;
}

/**
 * Rotates pairs of the last axis of x [sequences, positions, width]: pair p at position t by the angle whose cosine and
 * sine are cosines[t, p] and sines[t, p] (pairs = rotated / 2). `half`: p with p + pairs; else 2p with 2p + 1. What is
 * beyond `rotated` is copied.
 */
export interface Rope {
  readonly kind: 'rope';
  readonly sequences: number;
  readonly positions: number;
  readonly width: number;
  readonly rotated: number;
  readonly half: boolean;
  readonly cosines: Address;
  readonly sines: Address;
  readonly x: Address;
  readonly y: Address;
}

/** y[r, …] = table[indices[r], …], `width` numbers each; indices are whole numbers in float32, known to be in range. */
export interface Gather {
  readonly kind: 'gather';
  readonly rows: number;
  readonly width: number;
  readonly indices: Address;
  readonly table: Address;
  readonly y: Address;
}

/** y[o, l, i] = Σ x[o, 0…l, i]. */
export interface CumulativeSum {
  readonly kind: 'cumulative sum';
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
  readonly x: Address;
  readonly y: Address;
}
