/** Assignments and residual writes. */
import { t } from '@vscode/l10n';
import { formatShape } from '../dims/index.ts';
import { opWritten, resultDtype } from '../ops/index.ts';
import type { Assign, Expression as ExpressionNode, ResidualWrite } from '../syntax/index.ts';
import { checkDeclared, fittingFixes, promise } from './check-declared.ts';
import { checkExpression, operatorOf, resultNames } from './check-expression.ts';
import { shapeIn } from './check-type.ts';
import type { SourceRange } from './diagnostic.ts';
import { reportUnknown } from './did-you-mean.ts';
import type { Expression, TensorType } from './expression.ts';
import { demandEqual } from './mismatch.ts';
import type { Place } from './place.ts';
import type { AssignTarget } from './program.ts';
import type { CheckedType } from './scope.ts';
import { type BodyScope, noteValue, sourceOf, type ValueEntry } from './scope.ts';
import { signatureOf } from './signatures.ts';
import { brokenType, localOrigin, type Typed, tensorTypeOf, textIn, writtenIn } from './typed.ts';
export function checkAssign(scope: BodyScope, node: Assign, { body }: Place): void {
  const source = sourceOf(scope.file, node);
  const declared = node.type && shapeIn(scope, node.type);
  const targets = node.targets.map(
    (target): AssignTarget => ({ name: target.name, source: sourceOf(scope.file, target) }),
  );
  const [only] = targets;
  if (only !== undefined && targets.length === 1) {
    const value = checkExpression(scope, node.value, only);
    const fromDeclared = value.expression.kind === 'source';
    const type = fromDeclared
      ? sourceType(scope, value, declared)
      : checkDeclared(scope, value, promise(scope, node.type, declared, only.name));
    assignValue(scope, only, value, type, source);
    body.push({ kind: 'assign', targets, declared, value: value.expression, source });
    return;
  }
  const value = checkParts(scope, node.value, targets.length);
  targets.forEach((target, i) => {
    const type = value.types[i] ?? brokenType;
    assignValue(scope, target, { expression: value.expression, type }, type, source);
  });
  body.push({ kind: 'assign', targets, declared, value: value.expression, source });
}

/** A source has no shape of its own. */
function sourceType(scope: BodyScope, value: Typed, declared: TensorType | undefined): CheckedType {
  if (declared !== undefined) return { kind: 'tensor', type: declared };
  const { source } = value.expression;
  const message = t`The shape of ${textIn(scope, source)} must be declared: write name: [N, d] = ….`;
  scope.file.diagnostics.report('argument', source, message);
  return brokenType;
}

/** `a, b = split(x, 2)`: the type of each part, by asking the operator for each of its results. */
function checkParts(
  scope: BodyScope,
  node: ExpressionNode,
  count: number,
): { readonly expression: Expression; readonly types: readonly CheckedType[] } {
  const whole = checkExpression(scope, node);
  const { expression } = whole;
  if (expression.kind !== 'apply' || expression.op.outputs === undefined) {
    if (whole.type.kind !== 'broken') {
      const message = t`${textIn(scope, expression.source)} is one value, but ${count} names are assigned.`;
      scope.file.diagnostics.report('argument', expression.source, message);
    }
    return { expression: { kind: 'broken', source: expression.source }, types: [] };
  }
  const { op } = expression;
  const types = Array.from({ length: count }, (_, i): CheckedType => {
    if (whole.type.kind !== 'tensor') return whole.type;
    const { type } = whole.type;
    const dtype = resultDtype(op, [type.dtype], resultNames(op)[i]);
    return { kind: 'tensor', type: { ...type, dtype } };
  });
  return { expression, types };
}

export function checkWrite(scope: BodyScope, node: ResidualWrite, { body }: Place): void {
  const { file } = scope;
  const source = sourceOf(file, node);
  const target: AssignTarget = { name: node.target.name, source: sourceOf(file, node.target) };
  const before = scope.values.get(target.name);
  const value = checkExpression(scope, node.value);
  if (before === undefined) {
    if (target.name !== '') {
      const message = t`${target.name} has no value yet: += adds to the residual stream that is there.`;
      const unknown = { name: target.name, known: scope.values.keys() };
      reportUnknown(file.diagnostics, 'unknownValue', target.source, message, unknown);
    }
    assignValue(scope, target, value, brokenType, source);
    return;
  }
  noteValue(file, target.name, before, target.source);
  const op = opWritten({ kind: 'binary', symbol: '+' });
  const stream: Expression = { kind: 'local', name: target.name, source: target.source };
  const names = [...signatureOf(op).parameters.keys()];
  const sum: Expression = {
    kind: 'apply',
    op,
    operands: [stream, value.expression].map((operand, i) => ({
      name: names[i] ?? '',
      value: operand,
    })),
    attributes: [],
    rest: [],
    output: undefined,
    source,
  };
  const type = writeType(scope, target.name, before, value);
  assignValue(scope, target, value, type, source);
  body.push({ kind: 'write', target, sum, value: value.expression, source });
}

/** A write keeps the stream's shape, axis by axis; a scalar or an axis of length 1 may be spread over it. */
function writeType(scope: BodyScope, name: string, before: ValueEntry, value: Typed): CheckedType {
  const stream = tensorTypeOf(before.type);
  const added = tensorTypeOf(value.type);
  if (stream === undefined || added === undefined) return brokenType;
  const { source } = value.expression;
  const missing = stream.shape.axes.length - added.shape.axes.length;
  if (missing < 0 || (added.shape.lead && (!stream.shape.lead || missing > 0))) {
    scope.file.diagnostics.report(
      'rank',
      source,
      t`${textIn(scope, source)} is ${formatShape(added.shape)} and cannot be added to ${name}, ${formatShape(stream.shape)}.`,
      {
        related: [localOrigin(scope, name) ?? []].flat(),
        fixes: fittingFixes(scope, value, added.shape, stream.shape),
      },
    );
    return brokenType;
  }
  const fits = added.shape.axes.every((axis, i) => {
    const wanted = stream.shape.axes[missing + i] ?? axis;
    if (
      axis.numerator.length === 1 &&
      axis.numerator[0]?.coefficient === 1 &&
      axis.numerator[0].factors.length === 0
    ) {
      return true;
    }
    return demandEqual(scope.file.check, {
      source,
      headline: t`The write does not fit the stream ${name}`,
      left: { label: name, shape: stream.shape, axis: wanted, at: missing + i },
      right: { label: textIn(scope, source), shape: added.shape, axis, at: i },
      related: [localOrigin(scope, name) ?? []].flat(),
      fixes: () => fittingFixes(scope, value, added.shape, stream.shape),
    });
  });
  return fits ? { kind: 'tensor', type: stream } : brokenType;
}

export function assignValue(
  scope: BodyScope,
  target: AssignTarget,
  value: Typed,
  type: CheckedType,
  statement: AssignTarget['source'],
): void {
  if (target.name === '') return;
  const entry: ValueEntry = {
    type: type.kind === 'none' ? brokenType : type,
    optional: false,
    kind: 'value',
    definition: target.source,
    declaration: writtenIn(scope, statement),
    operator: operatorOf(value.expression),
  };
  scope.values.set(target.name, entry);
  noteValue(scope.file, target.name, entry, target.source);
}

export function declare(
  scope: BodyScope,
  name: string,
  type: TensorType | undefined,
  kind: ValueEntry['kind'],
  definition: AssignTarget['source'],
  declaration: string,
  shapeSource?: SourceRange,
): void {
  if (name === '') return;
  const entry: ValueEntry = {
    type: type === undefined ? brokenType : { kind: 'tensor', type },
    optional: false,
    kind,
    definition,
    declaration,
    shapeSource,
    operator: undefined,
  };
  scope.values.set(name, entry);
  noteValue(scope.file, name, entry, definition);
}
