/** Expressions while the graph is built: what is known is computed now, the rest becomes nodes. */

import { t } from '@vscode/l10n';
import { type Dim, formatDim, literalDim, type Shape } from '../dims/index.ts';
import { resultDtype } from '../ops/index.ts';
import { type Expression, evaluateWith } from '../shapes/index.ts';
import type { SourceRange } from '../trace/index.ts';
import { evaluateCall, evaluateFunctionCall } from './call.ts';
import { createDraft, type Frame, resolveDim, resolveType, type Wanted } from './frame.ts';
import { initialOf } from './initial.ts';
import { apply, applyAll } from './operators.ts';
import { broken, numberValue, staticValue, tensorValue, type Value } from './value.ts';

const one: Wanted = { kind: 'one' };

export function evaluate(frame: Frame, expression: Expression, wanted: Wanted = one): Value {
  switch (expression.kind) {
    case 'number':
      return numberValue(expression.value);
    case 'dim':
      return evaluateDimension(frame, expression.dim, expression.source);
    case 'static':
      return staticValue(expression.value);
    case 'literal':
      return literalTensor(frame, expression.literal, expression.source);
    case 'local':
      return frame.values.get(expression.name) ?? broken;
    case 'apply':
      return wanted.kind === 'one'
        ? apply(frame, expression, expression.output)
        : applyAll(frame, expression, wanted.count);
    case 'call':
      return evaluateCall(frame, expression);
    case 'function call':
      return evaluateFunctionCall(frame, expression);
    case 'function':
      return functionValue(frame, expression.target);
    case 'same':
      return sameValue(
        evaluate(frame, expression.left),
        evaluate(frame, expression.right),
        expression.negated,
      );
    case 'output':
      return otherOutput(frame, evaluate(frame, expression.value), expression.output);
    case 'path':
      return frame.context.pathValue?.(frame, expression) ?? broken;
    case 'source':
    case 'broken':
      return broken;
  }
}

/** A static condition: switches, and numbers other than 0. Undefined where it is broken. */
export function truthOf(value: Value): boolean | undefined {
  if (value.kind === 'static' && typeof value.value === 'boolean') return value.value;
  return value.kind === 'number' ? value.value !== 0 : undefined;
}

function evaluateDimension(frame: Frame, dim: Dim, source: SourceRange): Value {
  const resolved = resolveDim(frame, dim);
  const value = evaluateWith(frame.context.check.facts, resolved);
  switch (value.kind) {
    case 'value':
      return numberValue(value.value, resolved);
    case 'inexact':
      frame.context.check.diagnostics.report(
        'inexact',
        source,
        t`${formatDim(resolved)} is ${value.dividend} / ${value.divisor}, which leaves a remainder.`,
      );
      return broken;
    case 'free':
      for (const symbol of value.symbols) frame.context.log.free.add(symbol);
      return broken;
  }
}

function literalTensor(
  frame: Frame,
  literal: { readonly shape: readonly number[]; readonly data: readonly number[] },
  source: SourceRange,
): Value {
  const shape: Shape = { lead: false, axes: literal.shape.map(literalDim) };
  const content = { kind: 'constant', data: Float64Array.from(literal.data) } as const;
  return tensorValue(createDraft(frame, content, { shape, dtype: 'f32' }, source));
}

function functionValue(
  frame: Frame,
  target: Extract<Expression, { kind: 'function' }>['target'],
): Value {
  if (target.kind !== 'parameter') return { kind: 'function', target };
  return frame.values.get(target.name) ?? broken;
}

/** `t.indices`: the same application, asked for another result. */
function otherOutput(frame: Frame, value: Value, output: string): Value {
  const made = value.kind === 'tensor' ? value.draft.resolved : undefined;
  if (made?.content.kind !== 'operator') return broken;
  const operands = made.content.operands.map(({ draft }) => draft.type.dtype);
  const dtype = resultDtype(made.content.op, operands, output);
  const type = { ...made.type, dtype };
  return tensorValue(createDraft(frame, { ...made.content, output }, type, made.source));
}

function sameValue(left: Value, right: Value, negated: boolean): Value {
  if (left.kind === 'broken' || right.kind === 'broken') return broken;
  const key = (value: Value) =>
    value.kind === 'static' || value.kind === 'number' ? value.value : value;
  return staticValue((key(left) === key(right)) !== negated);
}

/** `normal(seed: 3)` or a file where the statement says the shape. */
export function evaluateSource(
  frame: Frame,
  expression: Extract<Expression, { kind: 'source' }>,
  type: Parameters<typeof resolveType>[1],
  name: string,
): Value {
  const initial = initialOf(frame, expression.initial);
  if (initial === undefined) return broken;
  const draft = createDraft(
    frame,
    { kind: 'input', name, initial },
    resolveType(frame, type),
    expression.source,
  );
  frame.context.log.inputs.push(draft);
  return tensorValue(draft);
}
