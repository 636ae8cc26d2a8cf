/**
 * How indices travel through an operator: every axis of its operands and of its result has a label, as in einsum.
 * What analyses of the graph read: what depends on what, how many operations there are, what a product sums over.
 */
import type { Shape } from '../../dims/index.ts';
import type { AttributeValue } from '../op.ts';

export interface Flow {
  /** Per operand a label for every axis. A label that the result does not have is read as a whole: a sum, a choice. */
  readonly operands: readonly (readonly string[])[];
  readonly result: readonly string[];
  /** Along these every index of the result reads all of the operand: softmax. */
  readonly mixed?: readonly string[];
  /** Along these it reads those up to its own: cumsum. */
  readonly running?: readonly string[];
  /** Axes of operands whose indices are scrambled with others': nothing can be said of them. */
  readonly lost?: readonly string[];
  /** Index i of the result reads index i + by of this operand. */
  readonly shifts?: readonly {
    readonly operand: number;
    readonly label: string;
    readonly by: number;
  }[];
  /** Labels of operands of which only this index is read. */
  readonly picked?: ReadonlyMap<string, number>;
  /** Along these the value depends on where an index stands, counted from this end of the axis: a bias by distance. */
  readonly counted?: ReadonlyMap<string, 'first' | 'last'>;
  /** Entries whose key comes after query + offset become -inf. */
  readonly hides?: { readonly query: string; readonly key: string; readonly offset: number };
}

/** One application of an operator as its flow sees it. */
export interface FlowCall {
  readonly operands: readonly { readonly name: string; readonly shape: Shape }[];
  readonly attribute: (name: string) => AttributeValue;
  readonly result: Shape;
  /** Which result, for an operator with several. */
  readonly output: string | undefined;
  /** A length now; NaN where it has no value. */
  readonly length: (shape: Shape, axis: number) => number;
}

/** Undefined where nothing can be said. */
export type FlowRule = (call: FlowCall) => Flow | undefined;
