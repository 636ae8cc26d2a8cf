/** Statements of blocks and models: a repeat is checked once, both branches of an `if` are checked. */
import { formatShape, localSymbol, sameShape } from '../dims/index.ts';
import { opWritten } from '../ops/index.ts';
import {
  type Assign,
  type Expression as ExpressionNode,
  type If,
  type Input,
  type Output,
  type Param,
  type Repeat,
  type ResidualWrite,
  type Return,
  rangeOf,
  type Statement as StatementNode,
} from '../syntax/index.ts';
import { checkExpression, resultNames } from './check-expression.ts';
import { checkInitial } from './check-initial.ts';
import { shapeIn } from './check-type.ts';
import { compareDims } from './dim-facts.ts';
import { demandEqual } from './mismatch.ts';
import type { AssignTarget, CheckedBlock, Expression, Statement, TensorType } from './program.ts';
import { type BodyScope, lengthIn, noteValue, sourceOf, type ValueEntry } from './scope.ts';
import { brokenType, localOrigin, tensorTypeOf, textIn, type Typed } from './typed.ts';
import type { CheckedType } from './scope.ts';

export interface StatementResult {
  returned: TensorType | undefined;
  ended: boolean;
}

/** Where the statements stand. */
interface Place {
  readonly block: CheckedBlock;
  readonly body: Statement[];
  readonly result: StatementResult;
  readonly inside: 'block' | 'model' | 'nested';
}

export function checkStatements(
  scope: BodyScope,
  statements: readonly StatementNode[],
  place: Place,
): void {
  for (const statement of statements) checkStatement(scope, statement, place);
}

function checkStatement(scope: BodyScope, node: StatementNode, place: Place): void {
  switch (node.$type) {
    case 'Param':
      return checkParam(scope, node, place);
    case 'Input':
      return checkInput(scope, node, place);
    case 'Output':
      return checkOutput(scope, node, place);
    case 'Assign':
      return checkAssign(scope, node, place);
    case 'ResidualWrite':
      return checkWrite(scope, node, place);
    case 'Repeat':
      return checkRepeat(scope, node, place);
    case 'If':
      return checkIf(scope, node, place);
    case 'Return':
      return checkReturn(scope, node, place);
  }
}

function checkParam(scope: BodyScope, node: Param, { body }: Place): void {
  const type = shapeIn(scope, node.type);
  const nameSource = sourceOf(scope.file, node, 'name');
  if (scope.values.get(node.name)?.kind === 'parameter') {
    scope.file.diagnostics.report('duplicate', nameSource, `${node.name} is already a parameter.`);
  }
  declare(scope, node.name, type, 'parameter', nameSource, textIn(scope, sourceOf(scope.file, node)));
  if (type === undefined) return;
  const initial = checkInitial(scope, node.initial);
  body.push({ kind: 'param', name: node.name, nameSource, type, initial, source: sourceOf(scope.file, node) });
}

function checkInput(scope: BodyScope, node: Input, { body, inside, block }: Place): void {
  const source = sourceOf(scope.file, node);
  const type = shapeIn(scope, node.type);
  const nameSource = sourceOf(scope.file, node, 'name');
  if (block.kind !== 'model' || inside === 'nested') {
    const message = 'input belongs to a model, outside repeats; a block has parameters.';
    scope.file.diagnostics.report('misplaced', source, message);
  }
  declare(scope, node.name, type, 'value', nameSource, textIn(scope, source));
  if (type === undefined) return;
  const initial = node.initial && checkInitial(scope, node.initial);
  body.push({ kind: 'input', name: node.name, nameSource, type, initial, source });
}

function checkOutput(scope: BodyScope, node: Output, { body, inside, block }: Place): void {
  const source = sourceOf(scope.file, node);
  const nameSource = sourceOf(scope.file, node, 'name');
  if (block.kind !== 'model' || inside === 'nested') {
    const message = 'output belongs to a model, outside repeats; a block ends with return.';
    scope.file.diagnostics.report('misplaced', source, message);
  }
  const declared = node.type && shapeIn(scope, node.type);
  const named: ExpressionNode | undefined = node.value;
  const value =
    named === undefined
      ? existingValue(scope, node)
      : checkExpression(scope, named, { name: node.name, source: nameSource });
  const type = checkDeclared(scope, value, declared, node.name);
  if (named !== undefined) assignValue(scope, { name: node.name, source: nameSource }, value, type, source);
  const { expression } = value;
  body.push({ kind: 'output', name: node.name, nameSource, declared, value: expression, source });
}

/** `output y` names a value that is there. */
function existingValue(scope: BodyScope, node: Output): Typed {
  const source = sourceOf(scope.file, node, 'name');
  const entry = scope.values.get(node.name);
  if (entry === undefined) {
    scope.file.diagnostics.report(
      'unknownValue',
      source,
      `No value ${node.name} is known here: write output ${node.name} = ….`,
    );
    return { expression: { kind: 'broken', source }, type: brokenType };
  }
  noteValue(scope.file, node.name, entry, source);
  return { expression: { kind: 'local', name: node.name, source }, type: entry.type };
}

// ---------------------------------------------------------------- assignments

function checkAssign(scope: BodyScope, node: Assign, { body }: Place): void {
  const source = sourceOf(scope.file, node);
  const declared = node.type && shapeIn(scope, node.type);
  const targets = node.targets.map((target): AssignTarget => ({ name: target.name, source: sourceOf(scope.file, target) }));
  const [only] = targets;
  if (only !== undefined && targets.length === 1) {
    const value = checkExpression(scope, node.value, only);
    const fromDeclared = value.expression.kind === 'source';
    const type = fromDeclared ? sourceType(scope, value, declared) : checkDeclared(scope, value, declared, only.name);
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
  const message = `The shape of ${textIn(scope, source)} must be declared: write name: [N, d] = ….`;
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
  const several = expression.kind === 'apply' && expression.op.outputs !== undefined;
  if (!several) {
    if (whole.type.kind !== 'broken') {
      const message = `${textIn(scope, expression.source)} is one value, but ${count} names are assigned.`;
      scope.file.diagnostics.report('argument', expression.source, message);
    }
    return { expression: { kind: 'broken', source: expression.source }, types: [] };
  }
  const names = resultNames(expression);
  const types = Array.from({ length: count }, (_, i): CheckedType => {
    if (whole.type.kind !== 'tensor' || names[i] !== 'indices') return whole.type;
    return { kind: 'tensor', type: { ...whole.type.type, dtype: 'int' } };
  });
  return { expression, types };
}

function checkWrite(scope: BodyScope, node: ResidualWrite, { body }: Place): void {
  const { file } = scope;
  const source = sourceOf(file, node);
  const target: AssignTarget = { name: node.target.name, source: sourceOf(file, node.target) };
  const before = scope.values.get(target.name);
  const value = checkExpression(scope, node.value);
  if (before === undefined) {
    if (target.name !== '') {
      const message = `${target.name} has no value yet: += adds to the residual stream that is there.`;
      file.diagnostics.report('unknownValue', target.source, message);
    }
    assignValue(scope, target, value, brokenType, source);
    return;
  }
  noteValue(file, target.name, before, target.source);
  const op = opWritten({ kind: 'binary', symbol: '+' });
  const stream: Expression = { kind: 'local', name: target.name, source: target.source };
  const names = ['a', 'b'];
  const sum: Expression = {
    kind: 'apply',
    op,
    operands: [stream, value.expression].map((operand, i) => ({ name: names[i] ?? '', value: operand })),
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
      `${textIn(scope, source)} is ${formatShape(added.shape)} and cannot be added to ${name}, ${formatShape(stream.shape)}.`,
      { related: [localOrigin(scope, name) ?? []].flat() },
    );
    return brokenType;
  }
  const fits = added.shape.axes.every((axis, i) => {
    const wanted = stream.shape.axes[missing + i] ?? axis;
    if (axis.numerator.length === 1 && axis.numerator[0]?.coefficient === 1 && axis.numerator[0].factors.length === 0) {
      return true;
    }
    return demandEqual(scope.file.check, {
      source,
      headline: `The write does not fit the stream ${name}`,
      left: { label: name, shape: stream.shape, axis: wanted },
      right: { label: textIn(scope, source), shape: added.shape, axis },
      related: [localOrigin(scope, name) ?? []].flat(),
    });
  });
  return fits ? { kind: 'tensor', type: stream } : brokenType;
}

function assignValue(
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
    declaration: textIn(scope, statement),
    outputs: resultNames(value.expression),
  };
  scope.values.set(target.name, entry);
  noteValue(scope.file, target.name, entry, target.source);
}

function declare(
  scope: BodyScope,
  name: string,
  type: TensorType | undefined,
  kind: ValueEntry['kind'],
  definition: AssignTarget['source'],
  declaration: string,
): void {
  if (name === '') return;
  const entry: ValueEntry = {
    type: type === undefined ? brokenType : { kind: 'tensor', type },
    optional: false,
    kind,
    definition,
    declaration,
    outputs: [],
  };
  scope.values.set(name, entry);
  noteValue(scope.file, name, entry, definition);
}

/** Compares a value with its declared shape; the declared one goes on. */
function checkDeclared(
  scope: BodyScope,
  value: Typed,
  declared: TensorType | undefined,
  name: string,
): CheckedType {
  if (declared === undefined) return value.type;
  const given = tensorTypeOf(value.type);
  const { source } = value.expression;
  const promised: CheckedType = { kind: 'tensor', type: declared };
  if (given === undefined) return promised;
  const [left, right] = [given.shape, declared.shape];
  const related = value.expression.kind === 'local' ? [localOrigin(scope, value.expression.name) ?? []].flat() : [];
  if (left.lead !== right.lead || left.axes.length !== right.axes.length) {
    const message = `${textIn(scope, source)} is ${formatShape(left)}, but ${name} is declared as ${formatShape(right)}.`;
    scope.file.diagnostics.report('rank', source, message, { related });
    return promised;
  }
  left.axes.every((axis, i) =>
    demandEqual(scope.file.check, {
      source,
      headline: `${textIn(scope, source)} does not have the shape declared for ${name}`,
      left: { label: textIn(scope, source), shape: left, axis },
      right: { label: 'declared', shape: right, axis: right.axes[i] ?? axis },
      related,
    }),
  );
  return promised;
}

// ---------------------------------------------------------------- control

function checkRepeat(scope: BodyScope, node: Repeat, place: Place): void {
  const { file } = scope;
  const count = lengthIn(scope, node.count);
  const inner: BodyScope = {
    ...scope,
    values: new Map(scope.values),
    localDims: new Map(scope.localDims).set('layer', localSymbol(scope.owner, 'layer')),
    labels: new Map(),
  };
  const body: Statement[] = [];
  checkStatements(inner, node.statements, { ...place, body, inside: 'nested' });
  const carried = [...assignedNames(body)].filter((name) => scope.values.has(name));
  for (const name of carried) checkCarried(scope, inner, name, body);
  if (count === undefined) return;
  place.body.push({
    kind: 'repeat',
    count,
    countSource: sourceOf(file, node.count),
    label: node.label,
    shared: node.shared,
    body,
    carried,
    source: sourceOf(file, node),
  });
}

/** A carried name keeps its shape: reported at its last assignment in the body. */
function checkCarried(scope: BodyScope, inner: BodyScope, name: string, body: readonly Statement[]): void {
  const before = scope.values.get(name);
  const after = inner.values.get(name);
  if (before === undefined || after === undefined) return;
  const [entry, last] = [tensorTypeOf(before.type), tensorTypeOf(after.type)];
  if (entry === undefined || last === undefined) {
    scope.values.set(name, { ...before, type: brokenType });
    return;
  }
  const source = lastAssignment(body, name) ?? after.definition;
  const sameRank = entry.shape.lead === last.shape.lead && entry.shape.axes.length === last.shape.axes.length;
  const differs =
    !sameRank ||
    entry.shape.axes.some((axis, i) => {
      const other = last.shape.axes[i] ?? axis;
      return compareDims(scope.file.check.facts, axis, other).kind === 'unequal';
    });
  if (differs) {
    scope.file.diagnostics.report(
      'repeatShape',
      source,
      `${name} enters a copy as ${formatShape(entry.shape)} and leaves it as ${formatShape(last.shape)}, so the copies cannot be stacked.`,
      { related: [{ source: before.definition, message: `${name}: ${formatShape(entry.shape)} comes in from here` }] },
    );
  }
  scope.values.set(name, { ...before, definition: source });
}

function* assignedNames(body: readonly Statement[]): Iterable<string> {
  for (const statement of body) {
    switch (statement.kind) {
      case 'assign':
        for (const target of statement.targets) yield target.name;
        break;
      case 'write':
        yield statement.target.name;
        break;
      case 'repeat':
        yield* statement.carried;
        break;
      case 'if':
        yield* assignedNames([...statement.then, ...statement.otherwise]);
        break;
      case 'param':
      case 'input':
      case 'return':
      case 'output':
        break;
    }
  }
}

function lastAssignment(body: readonly Statement[], name: string): AssignTarget['source'] | undefined {
  const targets = body.flatMap((statement) => {
    if (statement.kind === 'assign') return statement.targets;
    return statement.kind === 'write' ? [statement.target] : [];
  });
  return targets.findLast((target) => target.name === name)?.source;
}

function checkIf(scope: BodyScope, node: If, place: Place): void {
  const condition = checkExpression(scope, node.condition);
  const { kind } = condition.type;
  if (kind === 'tensor' || kind === 'string' || kind === 'function' || kind === 'tuple') {
    scope.file.diagnostics.report(
      'notStatic',
      condition.expression.source,
      `A condition is decided when the program is built, and ${textIn(scope, condition.expression.source)} is a ${kind}.`,
    );
  }
  const inside = place.inside === 'model' ? 'model' : place.inside;
  const branch = (nodes: readonly StatementNode[]) => {
    const values = new Map(scope.values);
    const body: Statement[] = [];
    checkStatements({ ...scope, values }, nodes, { ...place, body, inside });
    return { values, body };
  };
  const ended = place.result.ended;
  const [first, second] = [branch(node.consequent), branch(node.otherwise)];
  const bothEnd = place.result.ended && node.otherwise.length > 0;
  place.result.ended = ended || bothEnd;
  mergeBranches(scope, first.values, second.values);
  place.body.push({
    kind: 'if',
    condition: condition.expression,
    then: first.body,
    otherwise: second.body,
    source: sourceOf(scope.file, node),
  });
}

/** What both branches agree on is known after them; a name with two shapes is decided when the program is built. */
function mergeBranches(
  scope: BodyScope,
  first: ReadonlyMap<string, ValueEntry>,
  second: ReadonlyMap<string, ValueEntry>,
): void {
  for (const name of new Set([...first.keys(), ...second.keys()])) {
    const [a, b] = [first.get(name), second.get(name)];
    const entry = a ?? b;
    if (entry === undefined) continue;
    const [left, right] = [a && tensorTypeOf(a.type), b && tensorTypeOf(b.type)];
    const differ = left !== undefined && right !== undefined && !sameShape(left.shape, right.shape);
    const later = b !== undefined && a === scope.values.get(name) ? b : entry;
    scope.values.set(name, differ ? { ...later, type: brokenType } : later);
  }
}

function checkReturn(scope: BodyScope, node: Return, { body, block, result }: Place): void {
  const source = sourceOf(scope.file, node);
  const value = checkExpression(scope, node.value);
  if (block.kind === 'model') {
    const message = 'return belongs to a block; a model has output name = ….';
    scope.file.diagnostics.report('misplaced', source, message);
  }
  const type = checkDeclared(scope, value, block.result, block.name);
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
