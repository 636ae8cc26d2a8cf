/** Checked expressions: names resolved, arguments matched, lengths as dims. */
import type { Dim, Shape } from '../dims/index.ts';
import type { Dtype, Op, Source } from '../ops/index.ts';
import type { SourceRange } from './diagnostic.ts';

export interface Sourced {
  readonly source: SourceRange;
}

export interface TensorType {
  readonly shape: Shape;
  readonly dtype: Dtype;
}

export type Expression =
  | NumberExpression
  | DimExpression
  | StaticExpression
  | LiteralExpression
  | LocalExpression
  | ApplyExpression
  | CallExpression
  | FunctionExpression
  | FunctionCallExpression
  | SameExpression
  | OutputExpression
  | SourceExpression
  | PathExpression
  | BrokenExpression;

export interface NumberExpression extends Sourced {
  readonly kind: 'number';
  readonly value: number;
}

/** A dim, or exact arithmetic of dims where a length is expected. */
export interface DimExpression extends Sourced {
  readonly kind: 'dim';
  readonly dim: Dim;
}

export interface StaticExpression extends Sourced {
  readonly kind: 'static';
  readonly value: boolean | string | null;
}

export interface LiteralExpression extends Sourced {
  readonly kind: 'literal';
  readonly literal: TensorLiteral;
}

/** A value, or a static parameter of the block, by name. */
export interface LocalExpression extends Sourced {
  readonly kind: 'local';
  readonly name: string;
}

/** An operator. */
export interface ApplyExpression extends Sourced {
  readonly kind: 'apply';
  readonly op: Op;
  readonly operands: readonly { readonly name: string; readonly value: Expression }[];
  readonly attributes: readonly { readonly name: string; readonly value: AttributeExpression }[];
  readonly rest: readonly { readonly name: string | undefined; readonly value: Dim }[];
  /** Which result; undefined for the first, or for all of them where they are destructured. */
  readonly output: string | undefined;
}

export type AttributeExpression = Expression | SliceExpression;

/** The items between the brackets of `x[…]`. */
export interface SliceExpression {
  readonly kind: 'slice';
  readonly items: readonly SliceItemExpression[];
}

export type SliceItemExpression =
  | {
      readonly kind: 'range';
      readonly start: Dim | undefined;
      readonly stop: Dim | undefined;
      readonly source: SourceRange;
    }
  | { readonly kind: 'at'; readonly index: Dim; readonly source: SourceRange }
  | { readonly kind: 'new axis'; readonly source: SourceRange }
  | { readonly kind: 'ellipsis'; readonly source: SourceRange };

/** A call of a block. */
export interface CallExpression extends Sourced {
  readonly kind: 'call';
  /** Key of the block, see `blockKey`. */
  readonly block: string;
  /** By parameter; those left out take their default. */
  readonly arguments: ReadonlyMap<string, Expression>;
  readonly label: CallLabel;
  /** The lengths that the call gives to the block's own dims, as far as they are known. */
  readonly generics?: readonly { readonly name: string; readonly dim: Dim }[];
}

/** `explicit`: after `as`; `variable`: of the assignment whose whole right side it is; else the block's name. */
export interface CallLabel {
  readonly kind: 'explicit' | 'variable' | 'block';
  readonly name: string;
  readonly source: SourceRange;
}

/** A function as an argument: `activation: relu`. */
export interface FunctionExpression extends Sourced {
  readonly kind: 'function';
  readonly target: FunctionTarget;
}

/** An elementwise operator, a block of one tensor, or a function parameter that is passed on. */
export type FunctionTarget =
  | { readonly kind: 'operator'; readonly op: Op }
  | { readonly kind: 'block'; readonly key: string }
  | { readonly kind: 'parameter'; readonly name: string };

/** A call of a function parameter: `activation(pre)`. */
export interface FunctionCallExpression extends Sourced {
  readonly kind: 'function call';
  readonly parameter: string;
  readonly argument: Expression;
  readonly label: CallLabel;
}

/** `window != none`, `style == "half"`: equality of static values. */
export interface SameExpression extends Sourced {
  readonly kind: 'same';
  readonly left: Expression;
  readonly right: Expression;
  readonly negated: boolean;
}

/** `t.indices`: another result of the operator that made a value. */
export interface OutputExpression extends Sourced {
  readonly kind: 'output';
  readonly value: Expression;
  readonly output: string;
}

/** `normal(seed: 3)` or `"x.npy"` where a value is needed; its shape comes from where it stands. */
export interface SourceExpression extends Sourced {
  readonly kind: 'source';
  readonly initial: InitialValue;
}

/** `[]` in the path stands for an index that is known when the run is built, in the order of `indices`. */
export interface PathTemplate {
  readonly path: string;
  readonly indices: readonly Dim[];
}

/** In runs: a value of this run's trace, or of another run's. */
export interface PathExpression extends Sourced, PathTemplate {
  readonly kind: 'path';
  readonly run: string | undefined;
  /** What the name means where no path has it. */
  readonly dim: Dim | undefined;
}

/** Reported already. */
export interface BrokenExpression extends Sourced {
  readonly kind: 'broken';
}

// ---------------------------------------------------------------- first values

export type InitialValue =
  | { readonly kind: 'literal'; readonly literal: TensorLiteral }
  | {
      readonly kind: 'source';
      readonly source: Source;
      readonly arguments: ReadonlyMap<string, Expression>;
      readonly place: SourceRange;
    }
  | {
      readonly kind: 'file';
      readonly file: string;
      readonly tensor: string | undefined;
      readonly place: SourceRange;
    }
  | { readonly kind: 'broken' };

export interface TensorLiteral {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
