import { t } from '@vscode/l10n';
import {
  type Expression as ExpressionNode,
  type Input,
  type Output,
  type Param,
  type Return,
  rangeOf,
  type Statement as StatementNode,
} from '../syntax/index.ts';
import { assignValue, checkAssign, checkWrite, declare } from './check-assign.ts';
import { checkIf, checkRepeat } from './check-control.ts';
import { checkDeclared, promise } from './check-declared.ts';
import { checkExpression } from './check-expression.ts';
import { checkInitial } from './check-initial.ts';
import { shapeIn } from './check-type.ts';
import { reportUnknown } from './did-you-mean.ts';
import type { Place } from './place.ts';
import { type BodyScope, noteValue, sourceOf } from './scope.ts';
import { brokenType, type Typed, tensorTypeOf, writtenIn } from './typed.ts';
export function checkStatements(
  scope: BodyScope,
  statements: readonly StatementNode[],
  place: Place,
): void {
  const { diagnostics } = scope.file;
  // The other branch of an `if` may have ended before this one begins.
  let reached: 'all' | 'not the rest' = place.result.ended ? 'not the rest' : 'all';
  for (const statement of statements) {
    if (place.result.ended && reached === 'all') {
      reached = 'not the rest';
      const message = t`This comes after return, so it is never computed.`;
      diagnostics.report('misplaced', sourceOf(scope.file, statement), message);
    }
    checkStatement(scope, statement, place);
  }
}

function checkStatement(scope: BodyScope, node: StatementNode, place: Place): void {
  switch (node.$type) {
    case 'Param':
      checkParam(scope, node, place);
      return;
    case 'Input':
      checkInput(scope, node, place);
      return;
    case 'Output':
      checkOutput(scope, node, place);
      return;
    case 'Assign':
      checkAssign(scope, node, place);
      return;
    case 'ResidualWrite':
      checkWrite(scope, node, place);
      return;
    case 'Repeat':
      checkRepeat(scope, node, place);
      return;
    case 'If':
      checkIf(scope, node, place);
      return;
    case 'Return':
      checkReturn(scope, node, place);
      return;
  }
}

function checkParam(scope: BodyScope, node: Param, { body }: Place): void {
  const type = shapeIn(scope, node.type);
  const nameSource = sourceOf(scope.file, node, 'name');
  if (scope.values.get(node.name)?.kind === 'parameter') {
    scope.file.diagnostics.report('duplicate', nameSource, t`${node.name} is already a parameter.`);
  }
  declare(
    scope,
    node.name,
    type,
    'parameter',
    nameSource,
    writtenIn(scope, sourceOf(scope.file, node)),
    sourceOf(scope.file, node.type),
  );
  if (type === undefined) return;
  const initial = checkInitial(scope, node.initial);
  body.push({
    kind: 'param',
    name: node.name,
    nameSource,
    type,
    initial,
    source: sourceOf(scope.file, node),
  });
}

function checkInput(scope: BodyScope, node: Input, { body, inside, block }: Place): void {
  const source = sourceOf(scope.file, node);
  const type = shapeIn(scope, node.type);
  const nameSource = sourceOf(scope.file, node, 'name');
  if (block.kind !== 'model' || inside === 'nested') {
    const message = t`input belongs to a model, outside repeats; a block has parameters.`;
    scope.file.diagnostics.report('misplaced', source, message);
  }
  declare(scope, node.name, type, 'value', nameSource, writtenIn(scope, source));
  if (type === undefined) return;
  const initial = node.initial && checkInitial(scope, node.initial);
  body.push({ kind: 'input', name: node.name, nameSource, type, initial, source });
}

function checkOutput(scope: BodyScope, node: Output, { body, inside, block }: Place): void {
  const source = sourceOf(scope.file, node);
  const nameSource = sourceOf(scope.file, node, 'name');
  if (block.kind !== 'model' || inside === 'nested') {
    const message = t`output belongs to a model, outside repeats; a block ends with return.`;
    scope.file.diagnostics.report('misplaced', source, message);
  }
  const declared = node.type && shapeIn(scope, node.type);
  const named: ExpressionNode | undefined = node.value;
  const value =
    named === undefined
      ? existingValue(scope, node)
      : checkExpression(scope, named, { name: node.name, source: nameSource });
  const type = checkDeclared(scope, value, promise(scope, node.type, declared, node.name));
  if (named !== undefined)
    assignValue(scope, { name: node.name, source: nameSource }, value, type, source);
  const { expression } = value;
  body.push({ kind: 'output', name: node.name, nameSource, declared, value: expression, source });
}

/** `output y` names a value that is there. */
function existingValue(scope: BodyScope, node: Output): Typed {
  const source = sourceOf(scope.file, node, 'name');
  const entry = scope.values.get(node.name);
  if (entry === undefined) {
    const message = t`No value ${node.name} is known here: write output ${node.name} = ….`;
    const unknown = { name: node.name, known: scope.values.keys() };
    reportUnknown(scope.file.diagnostics, 'unknownValue', source, message, unknown);
    return { expression: { kind: 'broken', source }, type: brokenType };
  }
  noteValue(scope.file, node.name, entry, source);
  return { expression: { kind: 'local', name: node.name, source }, type: entry.type };
}

function checkReturn(scope: BodyScope, node: Return, { body, block, result }: Place): void {
  const source = sourceOf(scope.file, node);
  const value = checkExpression(scope, node.value);
  if (block.kind === 'model') {
    const message = t`return belongs to a block; a model has output name = ….`;
    scope.file.diagnostics.report('misplaced', source, message);
  }
  const type = checkDeclared(scope, value, {
    name: block.name,
    type: block.result,
    written: block.resultSource,
  });
  result.returned ??= tensorTypeOf(type);
  result.ended = true;
  const { start } = rangeOf(node);
  body.push({
    kind: 'return',
    name: undefined,
    nameSource: { uri: scope.file.uri, start, end: start + 'return'.length },
    declared: block.result,
    value: value.expression,
    source,
  });
}
