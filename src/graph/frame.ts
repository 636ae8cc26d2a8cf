/** One activation of a block while the graph is built. */
import { type Dim, type Shape, substituteDim } from '../dims/index.ts';
import {
  type Binding,
  type CheckContext,
  type CheckedBlock,
  type CheckedProgram,
  type Expression,
  evaluateWith,
  type PathExpression,
  type Statement,
  substituteShape,
  type TensorType,
} from '../shapes/index.ts';
import type { SourceRange } from '../trace/index.ts';
import { Draft, type DraftContent } from './draft.ts';
import type { Initial } from './graph.ts';
import type { Scope } from './scope.ts';
import { tensorValue, type Value } from './value.ts';

/** What stays the same while one graph is built. */
export interface BuildContext {
  readonly program: CheckedProgram;
  readonly check: CheckContext;
  readonly textOf: (range: SourceRange) => string;
  readonly log: BuildLog;
  /** What the run gives to the inputs. */
  readonly inputs: ReadonlyMap<string, { readonly initial: Initial }>;
  /** See BuildRequest. */
  readonly namedCopies: ReadonlySet<number> | undefined;
  readonly interpreter: Interpreter;
  /** Repeats make two copies at most, and dims without a value stand for themselves: see `sketchGraph`. */
  readonly sketch: boolean;
  /** In patches and expectations: the value at a path. */
  readonly pathValue?: (frame: Frame, expression: PathExpression) => Value;
}

/** Expressions, calls and statements need one another; they meet here. */
export interface Interpreter {
  readonly evaluate: (frame: Frame, expression: Expression, wanted?: Wanted) => Value;
  /** The value that the body returns, where it does. */
  readonly execute: (frame: Frame, body: readonly Statement[]) => Value | undefined;
}

/** `tuple` asks an operator for all its results. */
export type Wanted = { readonly kind: 'one' } | { readonly kind: 'tuple'; readonly count: number };

/** What the builder notes on the way for the analyses that follow. */
export interface BuildLog {
  readonly parameters: Draft[];
  readonly inputs: Draft[];
  readonly statements: StatementNote[];
  readonly calls: CallNote[];
  readonly outputs: { readonly name: string; readonly draft: Draft }[];
  /** How many values there are so far. */
  drafts: number;
  /** Dims without a value that stood in the way. */
  readonly free: Set<string>;
}

export interface StatementNote {
  readonly source: SourceRange;
  readonly owner: string;
  readonly depth: number;
  readonly drafts: readonly Draft[];
}

export interface CallNote {
  readonly block: CheckedBlock;
  readonly inputs: readonly Draft[];
  readonly result: Draft;
}

export interface Frame {
  readonly context: BuildContext;
  readonly block: CheckedBlock;
  readonly binding: Binding;
  readonly values: Map<string, Value>;
  readonly scope: Scope;
  readonly callers: readonly SourceRange[];
  readonly depth: number;
  /** How many copies of the model's this one stands for. */
  readonly copies: Dim;
  /** A copy of a repeat whose body is one call: the call's contents are the copy's own (LANGUAGE §8). */
  readonly transparent?: boolean;
}

/** Far beyond any model that runs on one machine; what stops a repeat of a billion copies. */
export const mostValues = 500_000;

/** Unwinds a build; caught where it began. */
export class GraphTooLarge extends Error {
  override readonly name = 'GraphTooLarge';
}

/** A length of the block in the dims of the file. */
export function resolveDim(frame: Frame, dim: Dim): Dim {
  return substituteDim(dim, (symbol) => frame.binding.dims.get(symbol)) ?? dim;
}

export function resolveType(frame: Frame, type: TensorType): TensorType {
  const shape: Shape = substituteShape(type.shape, frame.binding);
  return { shape: { ...shape, lead: false }, dtype: type.dtype };
}

export function lengthOf(frame: Frame, dim: Dim): number | undefined {
  const value = evaluateWith(frame.context.check.facts, resolveDim(frame, dim));
  if (value.kind === 'free') for (const symbol of value.symbols) frame.context.log.free.add(symbol);
  return value.kind === 'value' ? value.value : undefined;
}

export function createDraft(
  frame: Frame,
  content: DraftContent,
  type: TensorType,
  source: SourceRange,
  residualWrite = false,
): Draft {
  const { log } = frame.context;
  log.drafts += 1;
  if (log.drafts > mostValues) throw new GraphTooLarge();
  const { callers, copies } = frame;
  return new Draft(content, type, { source, callers, copies }, residualWrite);
}

/** A value as a tensor: numbers become constants of rank 0. Undefined for what is no tensor. */
export function draftOf(frame: Frame, value: Value, source: SourceRange): Draft | undefined {
  switch (value.kind) {
    case 'tensor':
      return value.draft;
    case 'number':
      return createDraft(
        frame,
        { kind: 'constant', data: Float64Array.of(value.value) },
        { shape: { lead: false, axes: [] }, dtype: 'f32' },
        source,
      );
    case 'static':
    case 'function':
    case 'tuple':
    case 'broken':
      return undefined;
  }
}

/** Makes a new version of a name in the frame. */
export function assign(
  frame: Frame,
  name: string,
  value: Value,
  source: SourceRange,
): Draft | undefined {
  const made = draftOf(frame, value, source);
  // A value that has a name already gets another one, so that each can be patched on its own.
  const draft = made?.claimed ? made.alias({ source, callers: frame.callers }) : made;
  // A number keeps its value for folding, and its constant is what the inspector shows under the name.
  frame.values.set(
    name,
    value.kind === 'number' || draft === undefined ? value : tensorValue(draft),
  );
  if (draft !== undefined) frame.scope.define(name, draft, source);
  return draft;
}
