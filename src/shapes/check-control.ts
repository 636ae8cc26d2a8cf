/** Repeats are checked once, and of an `if` both branches. */
import { t } from '@vscode/l10n';
import { formatShape, localSymbol, sameShape } from '../dims/index.ts';
import type { If, Repeat, Statement as StatementNode } from '../syntax/index.ts';
import { checkExpression } from './check-expression.ts';
import { compareDims } from './dim-facts.ts';
import type { Place } from './place.ts';
import type { AssignTarget, Statement } from './program.ts';
import { type BodyScope, lengthIn, sourceOf, type ValueEntry } from './scope.ts';
import { brokenType, kindInWords, tensorTypeOf, textIn } from './typed.ts';
export function checkRepeat(scope: BodyScope, node: Repeat, place: Place): void {
  const { file } = scope;
  const count = lengthIn(scope, node.count);
  const inner: BodyScope = {
    ...scope,
    values: new Map(scope.values),
    localDims: new Map(scope.localDims).set('layer', localSymbol(scope.owner, 'layer')),
    labels: new Map(),
  };
  const body: Statement[] = [];
  place.checkStatements(inner, node.statements, { ...place, body, inside: 'nested' });
  const carried = lastAssignments(body).filter(({ name }) => scope.values.has(name));
  for (const target of carried) checkCarried(scope, inner, target);
  if (count === undefined) return;
  place.body.push({
    kind: 'repeat',
    count,
    countSource: sourceOf(file, node.count),
    label: node.label,
    labelSource: node.label === undefined ? undefined : sourceOf(file, node, 'label'),
    shared: node.shared,
    body,
    carried,
    source: sourceOf(file, node),
  });
}

/** A carried name keeps its shape: reported at its last assignment in the body. */
function checkCarried(scope: BodyScope, inner: BodyScope, { name, source }: AssignTarget): void {
  const before = scope.values.get(name);
  const after = inner.values.get(name);
  if (before === undefined || after === undefined) return;
  const [entry, last] = [tensorTypeOf(before.type), tensorTypeOf(after.type)];
  if (entry === undefined || last === undefined) {
    scope.values.set(name, { ...before, type: brokenType });
    return;
  }
  const sameRank =
    entry.shape.lead === last.shape.lead && entry.shape.axes.length === last.shape.axes.length;
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
      t`${name} enters a copy as ${formatShape(entry.shape)} and leaves it as ${formatShape(last.shape)}, so the copies cannot be stacked.`,
      {
        related: [
          {
            source: before.definition,
            message: t`${name}: ${formatShape(entry.shape)} comes in from here`,
          },
        ],
      },
    );
  }
  scope.values.set(name, { ...before, definition: source });
}

/** Every name that a body assigns, with the place of its last assignment. */
function lastAssignments(body: readonly Statement[]): readonly AssignTarget[] {
  const byName = new Map(assignments(body).map((target) => [target.name, target]));
  return [...byName.values()];
}

function assignments(body: readonly Statement[]): readonly AssignTarget[] {
  return body.flatMap(assignmentsOf);
}

function assignmentsOf(statement: Statement): readonly AssignTarget[] {
  switch (statement.kind) {
    case 'assign':
      return statement.targets;
    case 'write':
      return [statement.target];
    case 'repeat':
      return statement.carried;
    case 'if':
      return assignments([...statement.consequent, ...statement.otherwise]);
    case 'param':
    case 'input':
    case 'return':
    case 'output':
      return [];
  }
}

export function checkIf(scope: BodyScope, node: If, place: Place): void {
  const condition = checkExpression(scope, node.condition);
  const { kind } = condition.type;
  if (kind === 'tensor' || kind === 'string' || kind === 'function' || kind === 'tuple') {
    scope.file.diagnostics.report(
      'notStatic',
      condition.expression.source,
      t`A condition is decided when the program is built, and ${textIn(scope, condition.expression.source)} is ${kindInWords(kind)}.`,
    );
  }
  const inside = place.inside === 'model' ? 'model' : place.inside;
  const branch = (nodes: readonly StatementNode[]) => {
    const values = new Map(scope.values);
    const body: Statement[] = [];
    place.checkStatements({ ...scope, values }, nodes, { ...place, body, inside });
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
    consequent: first.body,
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
