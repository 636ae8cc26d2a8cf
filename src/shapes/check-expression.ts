/** Expressions: names resolved, operators typed. Whatever is broken is reported once and typed `broken`. */
import { t } from '@vscode/l10n';
import { formatShape, literalDim, scalarShape, symbolDim } from '../dims/index.ts';
import { type Op, opWritten, resultDtype } from '../ops/index.ts';
import {
  type Expression as ExpressionNode,
  type Index,
  type ListLiteral,
  type Member,
  type Name,
  pathPartsOf,
  type SliceItem as SliceItemNode,
  textOf,
} from '../syntax/index.ts';
import { typeOfApplication } from './apply.ts';
import { type CallChecking, checkCall } from './check-call.ts';
import { checkSlice } from './check-slice.ts';
import type { SourceRange } from './diagnostic.ts';
import { reportUnknown } from './did-you-mean.ts';
import type { ApplyExpression, Expression, SliceExpression } from './expression.ts';
import { pathTemplate } from './path-template.ts';
import { type BodyScope, type CheckedType, noteDim, noteValue, sourceOf } from './scope.ts';
import { signatureOf } from './signatures.ts';
import { completeSlice } from './slices.ts';
import { tensorLiteral } from './tensor-literal.ts';
import {
  brokenAt,
  brokenType,
  kindInWords,
  type LabelHint,
  localOrigin,
  rewritingIn,
  type Typed,
  tensorTypeOf,
  textIn,
} from './typed.ts';

export function checkExpression(scope: BodyScope, node: ExpressionNode, hint?: LabelHint): Typed {
  const source = sourceOf(scope.file, node);
  switch (node.$type) {
    case 'IntegerLiteral':
    case 'FloatLiteral':
      return {
        expression: { kind: 'number', value: node.value, source },
        type: { kind: 'number' },
      };
    case 'StringLiteral':
      return {
        expression: { kind: 'static', value: node.value, source },
        type: { kind: 'string' },
      };
    case 'BooleanLiteral':
      return { expression: { kind: 'static', value: node.value, source }, type: { kind: 'bool' } };
    case 'NoneLiteral':
      return { expression: { kind: 'static', value: null, source }, type: { kind: 'none' } };
    case 'ListLiteral':
      return checkList(scope, node);
    case 'Name':
      return checkName(scope, node);
    case 'Unary':
      return checkUnary(scope, node);
    case 'Binary':
      return checkBinary(scope, node);
    case 'Member':
      return checkMember(scope, node);
    case 'Index':
      return checkIndex(scope, node);
    case 'Call':
      return checkCall(scope, node, hint, checking);
    case 'Missing':
      return brokenAt(source);
  }
}

/** What check-call needs of this file, which needs check-call. */
const checking: CallChecking = { checkExpression, applyOp };

// ---------------------------------------------------------------- names

function checkName(scope: BodyScope, node: Name): Typed {
  const { file } = scope;
  const { name } = node;
  const source = sourceOf(file, node);
  if (name === '') return brokenAt(source);
  const entry = scope.values.get(name);
  if (entry !== undefined) {
    noteValue(file, name, entry, source);
    return { expression: { kind: 'local', name, source }, type: entry.type };
  }
  const isFamilyVariable = scope.paths !== undefined && scope.localDims.has(name);
  if (scope.paths !== undefined && !isFamilyVariable) return pathExpression(scope, node, source);
  const symbol = scope.localDims.get(name) ?? (file.dims.has(name) ? name : undefined);
  if (symbol !== undefined) {
    const dim = symbolDim(symbol);
    noteDim(file, name, dim, source);
    return { expression: { kind: 'dim', dim, source }, type: { kind: 'dim', dim } };
  }
  const known = [...scope.values.keys(), ...scope.localDims.keys(), ...file.dims.keys()];
  const message = t`No value ${name} is known here.`;
  reportUnknown(file.diagnostics, 'unknownValue', source, message, { name, known });
  return brokenAt(source);
}

/** In runs a chain of names is a path: of this run, or of another after its name. */
function pathExpression(scope: BodyScope, node: Name | Member, source: SourceRange): Typed {
  const template = pathTemplate(scope, node);
  if (template === undefined) return brokenAt(source);
  const { path, indices } = template;
  const [first, ...others] = path.split('.');
  const isRun = first !== undefined && others.length > 0 && (scope.paths?.runs.has(first) ?? false);
  const dim = scope.file.dims.has(path) ? symbolDim(path) : undefined;
  return {
    expression: {
      kind: 'path',
      run: isRun ? first : undefined,
      path: isRun ? others.join('.') : path,
      indices,
      dim,
      source,
    },
    type: brokenType,
  };
}

// ---------------------------------------------------------------- operators

function checkUnary(scope: BodyScope, node: Extract<ExpressionNode, { $type: 'Unary' }>): Typed {
  const operand = checkExpression(scope, node.operand);
  const source = sourceOf(scope.file, node);
  if (node.operator === '-' && operand.expression.kind === 'number') {
    return {
      expression: { ...operand.expression, value: -operand.expression.value, source },
      type: operand.type,
    };
  }
  const op = opWritten({ kind: 'prefix', symbol: node.operator });
  return applyOp(scope, op, [operand], source);
}

function checkBinary(scope: BodyScope, node: Extract<ExpressionNode, { $type: 'Binary' }>): Typed {
  const left = checkExpression(scope, node.left);
  const right = checkExpression(scope, node.right);
  const source = sourceOf(scope.file, node);
  const { operator } = node;
  if ((operator === '==' || operator === '!=') && (isStatic(left.type) || isStatic(right.type))) {
    return {
      expression: {
        kind: 'same',
        left: left.expression,
        right: right.expression,
        negated: operator === '!=',
        source,
      },
      type: { kind: 'bool' },
    };
  }
  return applyOp(scope, opWritten({ kind: 'binary', symbol: operator }), [left, right], source);
}

function isStatic(type: CheckedType): boolean {
  return type.kind === 'none' || type.kind === 'string' || type.kind === 'bool';
}

/** An operator on operands in the order of its signature, without attributes. */
function applyOp(
  scope: BodyScope,
  op: Op,
  operands: readonly Typed[],
  source: SourceRange,
  more: Partial<Pick<ApplyExpression, 'attributes' | 'rest' | 'output'>> & {
    readonly names?: readonly string[];
    readonly typed?: Parameters<typeof typeOfApplication>[0]['attributes'];
  } = {},
): Typed {
  const names = more.names ?? operandNames(op);
  const expression: ApplyExpression = {
    kind: 'apply',
    op,
    operands: operands.map(({ expression: value }, i) => ({ name: names[i] ?? '', value })),
    attributes: more.attributes ?? [],
    rest: more.rest ?? [],
    output: more.output,
    source,
  };
  if (operands.some(({ type }) => type.kind === 'broken')) return { expression, type: brokenType };
  const present = operands
    .map((operand, i) => ({ ...operand, name: names[i] ?? '' }))
    .filter(({ type }) => type.kind !== 'none');
  const unfit = present.find(({ type }) => tensorTypeOf(type) === undefined);
  if (unfit !== undefined) {
    scope.file.diagnostics.report(
      'argumentKind',
      unfit.expression.source,
      t`${textIn(scope, unfit.expression.source)} is ${kindInWords(unfit.type.kind)}, where ${op.name} takes a tensor or a number.`,
    );
    return { expression, type: brokenType };
  }
  const known = present.every(({ type }) => type.kind !== 'tensor');
  if (
    known &&
    expression.attributes.length === 0 &&
    expression.rest.length === 0 &&
    present.length > 0
  ) {
    return { expression, type: { kind: 'number' } };
  }
  const type = typeOfApplication(
    {
      op,
      signature: signatureOf(op),
      operands: present.map(({ name, type: operandType, expression: value }) => ({
        name,
        type: tensorTypeOf(operandType) ?? { shape: scalarShape, dtype: 'f32' },
        source: value.source,
        label: textIn(scope, value.source),
        origin: value.kind === 'local' ? localOrigin(scope, value.name) : undefined,
        rewriting: rewritingIn(scope, value),
      })),
      attributes: more.typed ?? new Map(),
      rest: expression.rest,
      output: more.output,
      source,
    },
    scope.file.check,
  );
  return { expression, type: type === undefined ? brokenType : { kind: 'tensor', type } };
}

function operandNames(op: Op): readonly string[] {
  return [...signatureOf(op).parameters.values()]
    .filter((parameter) => parameter.kind === 'tensor')
    .map((parameter) => parameter.name);
}

// ---------------------------------------------------------------- members and indices

function checkMember(scope: BodyScope, node: Member): Typed {
  const source = sourceOf(scope.file, node);
  const name = node.segment.$type === 'NameSegment' ? node.segment.name : undefined;
  const transpose = name === undefined ? undefined : memberOp(name);
  if (transpose !== undefined) {
    return applyOp(scope, transpose, [checkExpression(scope, node.receiver)], source);
  }
  if (scope.paths !== undefined && pathPartsOf(node) !== undefined) {
    return pathExpression(scope, node, source);
  }
  const receiver = checkExpression(scope, node.receiver);
  const operator = operatorBehind(scope, receiver.expression);
  const outputs = operator === undefined ? [] : resultNames(operator);
  if (operator !== undefined && name !== undefined && outputs.includes(name)) {
    return outputExpression(receiver, operator, name, source);
  }
  if (receiver.type.kind !== 'broken') {
    const known = ['T', ...outputs];
    const place = sourceOf(scope.file, node, 'segment');
    const message = t`${textOf(node.receiver)} has no .${name ?? textOf(node.segment)}.`;
    const unknown = { name: name ?? '', known };
    reportUnknown(scope.file.diagnostics, 'unknownValue', place, message, unknown);
  }
  return brokenAt(source);
}

function memberOp(symbol: string): Op | undefined {
  return symbol === 'T' ? opWritten({ kind: 'member', symbol }) : undefined;
}

function operatorBehind(scope: BodyScope, expression: Expression): Op | undefined {
  if (expression.kind === 'local') return scope.values.get(expression.name)?.operator;
  return operatorOf(expression);
}

/** The operator of an expression that has several results by name. */
export function operatorOf(expression: Expression): Op | undefined {
  return expression.kind === 'apply' && resultNames(expression.op).length > 0
    ? expression.op
    : undefined;
}

export function resultNames({ outputs }: Op): readonly string[] {
  return outputs !== undefined && !('count' in outputs) ? outputs : [];
}

function outputExpression(receiver: Typed, op: Op, output: string, source: SourceRange): Typed {
  const expression = { kind: 'output', value: receiver.expression, output, source } as const;
  if (receiver.type.kind !== 'tensor') return { expression, type: brokenType };
  const { shape, dtype } = receiver.type.type;
  const type = { shape, dtype: resultDtype(op, [dtype], output) };
  return { expression, type: { kind: 'tensor', type } };
}

function checkIndex(scope: BodyScope, node: Index): Typed {
  const { file } = scope;
  const source = sourceOf(file, node);
  const [first] = node.items;
  if (node.receiver.$type === 'StringLiteral' && first?.$type === 'StringLiteral') {
    const initial = {
      kind: 'file',
      file: node.receiver.value,
      tensor: first.value,
      place: source,
    } as const;
    return { expression: { kind: 'source', initial, source }, type: brokenType };
  }
  const receiver = checkExpression(scope, node.receiver);
  if (first !== undefined && node.items.length === 1 && isTensorItem(scope, first)) {
    const index = checkExpression(scope, first);
    if (index.type.kind === 'tensor' && index.type.type.dtype !== 'int') {
      file.diagnostics.report(
        'argumentKind',
        index.expression.source,
        t`${textIn(scope, index.expression.source)} is ${formatShape(index.type.type.shape)} of f32, but an index is an int tensor.`,
      );
      return brokenAt(source);
    }
    return applyOp(scope, opWritten({ kind: 'index', by: 'tensor' }), [receiver, index], source);
  }
  return sliceOf(scope, receiver, checkSlice(scope, node.items), source);
}

export function sliceOf(
  scope: BodyScope,
  receiver: Typed,
  slice: SliceExpression | undefined,
  source: SourceRange,
): Typed {
  if (slice === undefined) return brokenAt(source);
  const op = opWritten({ kind: 'index', by: 'slices' });
  const attributes = [{ name: 'items', value: slice }];
  const shape = tensorTypeOf(receiver.type)?.shape;
  if (shape === undefined) {
    return { ...applyOp(scope, op, [receiver], source, { attributes }), type: brokenType };
  }
  const completed = completeSlice(slice, shape);
  if (completed.kind === 'problem') {
    scope.file.diagnostics.report(completed.code, source, completed.message);
    return brokenAt(source);
  }
  const typed = new Map([['items', completed.items]]);
  return applyOp(scope, op, [receiver], source, { attributes, typed });
}

/** An item that is a value rather than a length gathers rows. */
function isTensorItem(scope: BodyScope, item: SliceItemNode): item is ExpressionNode {
  switch (item.$type) {
    case 'Name':
      return (
        scope.values.get(item.name)?.type.kind === 'tensor' ||
        (scope.paths !== undefined &&
          !scope.file.dims.has(item.name) &&
          !scope.localDims.has(item.name))
      );
    case 'Call':
    case 'Index':
    case 'Member':
    case 'ListLiteral':
      return true;
    default:
      return false;
  }
}

// ---------------------------------------------------------------- literals

function checkList(scope: BodyScope, node: ListLiteral): Typed {
  const source = sourceOf(scope.file, node);
  const literal = tensorLiteral(node);
  if (literal === undefined) {
    const message = t`A literal is a list of numbers, or of lists that are all of one shape.`;
    scope.file.diagnostics.report('argument', source, message);
    return brokenAt(source);
  }
  const axes = literal.shape.map(literalDim);
  const dtype = literal.data.every(Number.isInteger) ? 'int' : 'f32';
  return {
    expression: { kind: 'literal', literal, source },
    type: { kind: 'tensor', type: { shape: { lead: false, axes }, dtype } },
  };
}
