/** Calls of blocks while the graph is built: a frame of its own, parameters at the call's label. */
import { type Dim, literalDim, localSymbol } from '../dims/index.ts';
import {
  type BlockParameter,
  type CallExpression,
  type CallLabel,
  type CheckedBlock,
  type Expression,
  emptyBinding,
  type FunctionCallExpression,
  tensorFits,
} from '../shapes/index.ts';
import type { SourceRange } from '../trace/index.ts';
import type { Draft } from './draft.ts';
import { assign, draftOf, type Frame } from './frame.ts';
import { applyToDrafts, operandType } from './operators.ts';
import type { Scope } from './scope.ts';
import { broken, numberValue, tensorValue, type Value } from './value.ts';

export function evaluateCall(frame: Frame, call: CallExpression): Value {
  const block = frame.context.program.blocks.get(call.block);
  if (block === undefined) return broken;
  const argumentOf = (name: string): Argument | undefined => {
    const expression = call.arguments.get(name);
    // In a transparent copy only the outer call gives up its label.
    return (
      expression && { kind: 'expression', expression, frame: { ...frame, transparent: false } }
    );
  };
  // Arguments that are calls take their labels before this call does, in the order of the text.
  const evaluated = new Map<string, Argument>();
  for (const parameter of block.parameters) {
    const argument = argumentOf(parameter.name);
    if (argument !== undefined) evaluated.set(parameter.name, settle(argument));
  }
  return enter(frame, block, evaluated, call.label, call.source);
}

export function evaluateFunctionCall(frame: Frame, call: FunctionCallExpression): Value {
  const callee = frame.values.get(call.parameter);
  if (callee?.kind !== 'function') return broken;
  const value = frame.context.interpreter.evaluate(frame, call.argument);
  if (callee.target.kind === 'operator') {
    const { op } = callee.target;
    const draft = draftOf(frame, value, call.argument.source);
    if (draft === undefined) return broken;
    const operand = { name: firstOperand(op.signature), draft, source: call.argument.source };
    return applyToDrafts(
      frame,
      { op, attributes: [], rest: [], source: call.source },
      [operand],
      undefined,
    );
  }
  const block = frame.context.program.blocks.get(callee.target.key);
  const [parameter] = block?.parameters ?? [];
  if (block === undefined || parameter === undefined) return broken;
  const argument: Argument = { kind: 'value', value, source: call.argument.source };
  return enter(frame, block, new Map([[parameter.name, argument]]), call.label, call.source);
}

/** The name of the first parameter of a header. */
function firstOperand(signature: string): string {
  return /\(\s*([^\s:,)]+)/.exec(signature)?.[1] ?? 'x';
}

type Argument =
  | { readonly kind: 'expression'; readonly expression: Expression; readonly frame: Frame }
  | { readonly kind: 'value'; readonly value: Value; readonly source: SourceRange };

function settle(argument: Argument): Argument & { kind: 'value' } {
  if (argument.kind === 'value') return argument;
  const { expression, frame } = argument;
  const value = frame.context.interpreter.evaluate(frame, expression);
  return { kind: 'value', value, source: expression.source };
}

function enter(
  frame: Frame,
  block: CheckedBlock,
  given: ReadonlyMap<string, Argument>,
  label: CallLabel,
  source: SourceRange,
): Value {
  const place = openScope(frame, label);
  const callee: Frame = {
    context: frame.context,
    block,
    binding: emptyBinding(),
    values: new Map(),
    scope: place.scope,
    callers: [...frame.callers, source],
    depth: 0,
    copies: frame.copies,
  };
  const inputs = bindParameters(callee, given);
  if (inputs === undefined) return broken;
  const result = frame.context.interpreter.execute(callee, block.body) ?? broken;
  const made = draftOf(frame, result, source);
  if (made === undefined) return broken;
  const draft = made.alias({ source: label.source, callers: frame.callers });
  frame.context.log.calls.push({ block, inputs, result: draft });
  if (label.kind !== 'variable') frame.scope.result(place.label, draft, label.source);
  return tensorValue(draft);
}

/** In a transparent repeat the copy itself is the place of the call. */
function openScope(
  frame: Frame,
  label: CallLabel,
): { readonly scope: Scope; readonly label: string } {
  if (frame.transparent) return { scope: frame.scope, label: label.name };
  if (label.kind === 'explicit')
    return { scope: frame.scope.openChild(label.name), label: label.name };
  const free = frame.scope.freeLabel(label.name, { besideValue: label.kind === 'variable' });
  return { scope: frame.scope.openChild(free), label: free };
}

/** The tensor arguments, or undefined where one is broken. */
export function bindParameters(
  callee: Frame,
  given: ReadonlyMap<string, Argument>,
): readonly Draft[] | undefined {
  const inputs: Draft[] = [];
  for (const parameter of callee.block.parameters) {
    const argument = given.get(parameter.name) ?? defaultOf(callee, parameter);
    if (argument === undefined) return undefined;
    const { value, source } = settle(argument);
    if (!bindParameter(callee, parameter, value, source, inputs)) return undefined;
  }
  return inputs;
}

function defaultOf(callee: Frame, { initial }: BlockParameter): Argument | undefined {
  return initial && { kind: 'expression', expression: initial, frame: callee };
}

function bindParameter(
  callee: Frame,
  parameter: BlockParameter,
  value: Value,
  source: SourceRange,
  inputs: Draft[],
): boolean {
  const absent = value.kind === 'static' && value.value === null;
  if (absent && parameter.optional) {
    callee.values.set(parameter.name, value);
    return true;
  }
  switch (parameter.kind) {
    case 'tensor':
      return bindTensor(callee, parameter, value, source, inputs);
    case 'dim': {
      const dim = lengthValue(value);
      if (dim === undefined) return false;
      callee.binding.dims.set(localSymbol(callee.block.key, parameter.name), dim);
      callee.values.set(
        parameter.name,
        value.kind === 'number' ? numberValue(value.value, dim) : value,
      );
      return true;
    }
    case 'number':
    case 'string':
    case 'bool':
    case 'fn':
      callee.values.set(parameter.name, value);
      return value.kind !== 'broken';
  }
}

function lengthValue(value: Value): Dim | undefined {
  if (value.kind !== 'number') return undefined;
  return value.dim ?? (Number.isInteger(value.value) ? literalDim(value.value) : undefined);
}

function bindTensor(
  callee: Frame,
  parameter: BlockParameter,
  value: Value,
  source: SourceRange,
  inputs: Draft[],
): boolean {
  const draft = draftOf(callee, value, source);
  if (draft === undefined || parameter.type === undefined) return false;
  const operand = operandType(callee, { name: parameter.name, draft, source });
  const generics = new Set(
    callee.block.generics.map((name) => localSymbol(callee.block.key, name)),
  );
  const fits = tensorFits(operand, parameter.type, callee.binding, generics, callee.context.check);
  if (!fits) return false;
  const alias = draft.alias({ source: parameter.source, callers: callee.callers });
  assign(callee, parameter.name, tensorValue(alias), parameter.source);
  inputs.push(alias);
  return true;
}
