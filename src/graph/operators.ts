/** Operators while the graph is built: numbers are folded, tensors become nodes. */
import type { Dim, Shape } from '../dims/index.ts';
import type {
  Attribute,
  AttributeValue,
  HostTensor,
  Op,
  RunCall,
  SliceItem,
  SliceValue,
} from '../ops/index.ts';
import {
  type ApplyExpression,
  type AttributeExpression,
  completeSlice,
  type DimFacts,
  type Expression,
  isDim,
  numberOf,
  type OperandType,
  type SliceExpression,
  signatureOf,
  typeOfApplication,
} from '../shapes/index.ts';
import type { SourceRange } from '../trace/index.ts';
import type { Draft } from './draft.ts';
import { createDraft, draftOf, type Frame, resolveDim } from './frame.ts';
import { broken, numberValue, tensorValue, type Value } from './value.ts';

export function applyAll(frame: Frame, expression: ApplyExpression, count: number): Value {
  const names = outputNames(expression.op, count);
  return { kind: 'tuple', parts: names.map((name) => apply(frame, expression, name)) };
}

function outputNames(op: Op, count: number): readonly string[] {
  if (op.outputs !== undefined && !('count' in op.outputs)) return op.outputs.slice(0, count);
  return Array.from({ length: count }, (_, i) => `${i}`);
}

/** Operands in the order of the signature. */
interface EvaluatedOperand {
  readonly name: string;
  readonly value: Value;
  readonly source: SourceRange;
}

export function apply(
  frame: Frame,
  expression: ApplyExpression,
  output: string | undefined,
): Value {
  const operands = expression.operands
    .map(({ name, value }) => ({
      name,
      value: frame.context.interpreter.evaluate(frame, value),
      source: value.source,
    }))
    // An optional operand that is `none` is left out.
    .filter(({ value }) => !(value.kind === 'static' && value.value === null));
  if (operands.some(({ value }) => value.kind === 'broken')) return broken;
  const folded = foldScalars(expression, operands);
  if (folded !== undefined) return folded;
  const drafts = operands.flatMap(({ name, value, source }) => {
    const draft = draftOf(frame, asNumber(value), source);
    return draft === undefined ? [] : [{ name, draft, source }];
  });
  if (drafts.length !== operands.length) return broken;
  return applyToDrafts(frame, expression, drafts, output);
}

export interface DraftOperand {
  readonly name: string;
  readonly draft: Draft;
  readonly source: SourceRange;
}

/** The node of an operator on tensors, or broken where the shapes do not fit (which is then reported). */
export function applyToDrafts(
  frame: Frame,
  expression: Pick<ApplyExpression, 'op' | 'attributes' | 'rest' | 'source'>,
  operands: readonly DraftOperand[],
  output: string | undefined,
  residualWrite = false,
): Value {
  const { op, source } = expression;
  const shapes = operands.map((operand) => operandType(frame, operand));
  const attributes = new Map<string, Attribute>();
  for (const { name, value } of expression.attributes) {
    const attribute = attributeOf(frame, value, shapes[0]?.type.shape, source);
    if (attribute === undefined) return broken;
    attributes.set(name, attribute);
  }
  const rest = expression.rest.map(({ name, value }) => ({
    name,
    value: resolveDim(frame, value),
  }));
  const type = typeOfApplication(
    { op, signature: signatureOf(op), operands: shapes, attributes, rest, output, source },
    frame.context.check,
  );
  if (type === undefined) return broken;
  const values = concreteAttributes(frame, attributes);
  const lengths = rest.map(({ name, value }) => ({
    name,
    value: numberOf(frame.context.check.facts, value) ?? Number.NaN,
  }));
  const content = {
    kind: 'operator',
    op,
    operands: operands.map(({ name, draft }) => ({ name, draft })),
    attributes: values,
    rest: lengths,
    output,
  } as const;
  return tensorValue(createDraft(frame, content, type, source, residualWrite));
}

export function operandType(frame: Frame, { name, draft, source }: DraftOperand): OperandType {
  return {
    name,
    type: draft.type,
    source,
    label: shortened(frame.context.textOf(source)),
    origin: undefined,
  };
}

export function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 37)}…` : line;
}

function asNumber(value: Value): Value {
  if (value.kind === 'static' && typeof value.value === 'boolean') {
    return numberValue(value.value ? 1 : 0);
  }
  return value;
}

/** Arithmetic of numbers that are all known is done now, by the operator's own definition. */
function foldScalars(
  expression: ApplyExpression,
  operands: readonly Omit<EvaluatedOperand, 'source'>[],
): Value | undefined {
  const numbers = operands.map(({ name, value }) => ({ name, value: asNumber(value) }));
  if (operands.length === 0 || expression.attributes.length > 0 || expression.rest.length > 0) {
    return undefined;
  }
  const scalars = new Map<string, HostTensor>();
  for (const { name, value } of numbers) {
    if (value.kind !== 'number') return undefined;
    scalars.set(name, { shape: [], data: Float64Array.of(value.value) });
  }
  const result = expression.op.reference(scalarCall(scalars));
  return numberValue(result[0] ?? Number.NaN);
}

/** A number, a dim that has a value, or arithmetic of both; undefined for anything else. */
export function numberIn(expression: Expression, facts: DimFacts): number | undefined {
  if (expression.kind === 'number') return expression.value;
  if (expression.kind === 'dim') return numberOf(facts, expression.dim);
  if (expression.kind !== 'apply') return undefined;
  const operands = expression.operands.map(({ name, value }) => {
    const number = numberIn(value, facts);
    return { name, value: number === undefined ? broken : numberValue(number) };
  });
  const folded = foldScalars(expression, operands);
  return folded?.kind === 'number' ? folded.value : undefined;
}

function scalarCall(operands: ReadonlyMap<string, HostTensor>): RunCall<HostTensor> {
  const input = (name: string) => {
    const found = operands.get(name);
    if (found === undefined) throw new RangeError(`No operand ${name}.`);
    return found;
  };
  const none = (name: string): never => {
    throw new RangeError(`No attribute ${name}.`);
  };
  return {
    input,
    optional: (name) => operands.get(name),
    all: (name) => [input(name)],
    attribute: () => null,
    number: none,
    text: none,
    rest: [],
    shape: [],
    output: undefined,
  };
}

// ---------------------------------------------------------------- attributes

/** Undefined where it is broken. */
export function attributeOf(
  frame: Frame,
  expression: AttributeExpression,
  shape: Shape | undefined,
  source: SourceRange,
): Attribute | undefined {
  if (expression.kind === 'slice') return sliceItems(frame, expression, shape, source);
  const value = frame.context.interpreter.evaluate(frame, expression);
  switch (value.kind) {
    case 'number':
      return value.dim ?? value.value;
    case 'static':
      return value.value;
    case 'tensor':
    case 'function':
    case 'tuple':
    case 'broken':
      return undefined;
  }
}

function sliceItems(
  frame: Frame,
  slice: SliceExpression,
  shape: Shape | undefined,
  source: SourceRange,
): readonly SliceItem[] | undefined {
  if (shape === undefined) return undefined;
  const completed = completeSlice(slice, shape, (dim) => resolveDim(frame, dim));
  if (completed.kind === 'items') return completed.items;
  frame.context.check.diagnostics.report(completed.code, source, completed.message);
  return undefined;
}

function concreteAttributes(
  frame: Frame,
  attributes: ReadonlyMap<string, Attribute>,
): Readonly<Record<string, AttributeValue>> {
  const length = (dim: Dim) => numberOf(frame.context.check.facts, dim) ?? Number.NaN;
  const item = (slice: SliceItem): SliceValue => {
    switch (slice.kind) {
      case 'range':
        return { kind: 'range', start: length(slice.start), stop: length(slice.stop) };
      case 'at':
        return { kind: 'at', index: length(slice.index) };
      case 'new axis':
        return slice;
    }
  };
  const concrete = (value: Attribute): AttributeValue => {
    if (value === null || typeof value !== 'object') return value;
    if (isDim(value)) return length(value);
    return value.map(item);
  };
  return Object.fromEntries([...attributes].map(([name, value]) => [name, concrete(value)]));
}
