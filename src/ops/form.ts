/**
 * What an operator does, in the few terms that tuned kernels know: below a record, where every operator has its own
 * meaning, and above a backend, which knows where values lie. Backends plan, fuse and run forms.
 */
import type { AxisView, StridedView } from './families/row-major.ts';

export type Form =
  | View
  | Assembly
  | Unary
  | Binary
  | Where
  | Reduce
  | Softmax
  | CumulativeSum
  | Product
  | Mask
  | Rotation
  | Rows;

/** An operand of the call; `part` of a variadic one. */
export interface OperandName {
  readonly operand: string;
  readonly part?: number;
}

/** The result read from an operand with other strides: nothing is computed. */
export interface View {
  readonly kind: 'view';
  readonly of: OperandName;
  readonly view: StridedView;
}

/** The result put together of operands, later ones over earlier ones. */
export interface Assembly {
  readonly kind: 'assembly';
  readonly parts: readonly AssemblyPart[];
}

/** `from` says how the operand is read, `to` where in the result it goes; their shapes are the same. */
export interface AssemblyPart {
  readonly of: OperandName;
  readonly from: StridedView;
  readonly to: StridedView;
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

export interface Unary {
  readonly kind: 'unary';
  readonly fn: UnaryFunction;
  readonly of: OperandName;
}

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

/** Both operands broadcast to the result's shape. */
export interface Binary {
  readonly kind: 'binary';
  readonly fn: BinaryFunction;
  readonly a: OperandName;
  readonly b: OperandName;
}

/** `condition`, `a` and `b` broadcast to the result's shape. */
export interface Where {
  readonly kind: 'where';
}

export type Reduction = 'argmax' | 'max' | 'mean' | 'min' | 'norm' | 'std' | 'sum' | 'var';

/** Along one axis of `x`. */
export interface Reduce {
  readonly kind: 'reduce';
  readonly fn: Reduction;
  readonly along: AxisView;
}

/** Along one axis of `x`. */
export interface Softmax {
  readonly kind: 'softmax';
  readonly log: boolean;
  readonly along: AxisView;
}

/** Along one axis of `x`. */
export interface CumulativeSum {
  readonly kind: 'cumulative sum';
  readonly along: AxisView;
}

/**
 * A stack of matrix products: c[batch…, row, column] = Σ over inner of a[batch…, row, inner] · b[batch…, inner, column].
 * Strides are in the order batch, row, inner (or column) and 0 where a tensor does not have the axis.
 */
export interface Product {
  readonly kind: 'product';
  readonly batch: readonly number[];
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly a: ProductOperand;
  readonly b: ProductOperand;
  /** Of the result: batch, row, column. */
  readonly strides: readonly number[];
}

export interface ProductOperand extends OperandName {
  readonly strides: readonly number[];
}

/** `scores` [..., rows, columns] kept where lowest ≤ column − row ≤ highest, else -inf. */
export interface Mask {
  readonly kind: 'mask';
  readonly rows: number;
  readonly columns: number;
  readonly lowest: number;
  readonly highest: number;
}

/**
 * Pairs along the last axis of `x` [..., positions, width] turned by angles [positions, pairs]: in halves p with
 * p + pairs, else 2p with 2p + 1. What is beyond the pairs stays.
 */
export interface Rotation {
  readonly kind: 'rotation';
  readonly positions: number;
  readonly width: number;
  readonly pairs: number;
  readonly halves: boolean;
  readonly angles: Float64Array;
}

/** Rows of `x` by `indices`, which are known to be in range. */
export interface Rows {
  readonly kind: 'rows';
  /** Numbers per row. */
  readonly width: number;
}
