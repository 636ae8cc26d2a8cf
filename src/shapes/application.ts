/** One application of an operator, as its checks see it. */
import type { Dim } from '../dims/index.ts';
import type { Attribute, Op, RestDim } from '../ops/index.ts';
import type { RelatedPlace, SourceRange } from './diagnostic.ts';
import type { TensorType } from './expression.ts';
import type { Rewriting } from './shape-fixes.ts';
import type { OpSignature } from './signatures.ts';

export interface Application {
  readonly op: Op;
  readonly signature: OpSignature;
  readonly operands: readonly OperandType[];
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly rest: readonly RestDim<Dim>[];
  readonly output: string | undefined;
  readonly source: SourceRange;
}

export interface OperandType {
  readonly name: string;
  readonly type: TensorType;
  readonly source: SourceRange;
  readonly label: string;
  /** Where the operand was assigned. */
  readonly origin: RelatedPlace | undefined;
  /** How its text can be changed, where there is one. */
  readonly rewriting?: Rewriting | undefined;
}
