/** Between the equation form (`t2 = t1 + x`) and the stream form (`x += t1`). */
import { t } from '@vscode/l10n';
import {
  type Assign,
  type Expression,
  rangeOf,
  type Statement,
  type TextChange,
  textOf,
} from '../syntax/index.ts';
import {
  isValueName,
  isWithin,
  type PlacedStatement,
  type Refactoring,
  type Selected,
  statementAt,
} from './refactoring.ts';

export function streamForms(selected: Selected): readonly Refactoring[] {
  const placed = statementAt(selected.unit.node.statements, selected.start);
  if (placed === undefined) return [];
  const { statement } = placed;
  if (statement.$type === 'ResidualWrite') return [toEquation(statement)];
  return statement.$type === 'Assign' ? toStream(selected, placed, statement) : [];
}

function toEquation(statement: Extract<Statement, { $type: 'ResidualWrite' }>): Refactoring {
  const { name } = statement.target;
  const { value } = statement;
  // A difference behind a plus needs no brackets; a comparison does.
  const isLoose = value.$type === 'Binary' && !/^[-+*/%@]$/.test(value.operator);
  const written = isLoose ? `(${textOf(value)})` : textOf(value);
  return {
    title: t`Write as an equation: ${name} = ${name} + …`,
    kind: 'refactor.rewrite',
    edits: [{ ...rangeOf(statement), text: `${name} = ${name} + ${written}` }],
  };
}

/** A sum with a value of the same shape that nothing reads afterwards: that value is the stream. */
function toStream(
  selected: Selected,
  placed: PlacedStatement,
  statement: Assign,
): readonly Refactoring[] {
  const [target] = statement.targets;
  const { value } = statement;
  if (target === undefined || statement.targets.length > 1 || statement.type !== undefined)
    return [];
  if (value.$type !== 'Binary' || value.operator !== '+') return [];
  return [
    { stream: value.right, added: value.left },
    { stream: value.left, added: value.right },
  ].flatMap(({ stream, added }): Refactoring[] => {
    if (stream.$type !== 'Name' || !isStream(selected, statement, stream.name, target.name))
      return [];
    const { name } = stream;
    const edits = [
      ...writeOf(selected, placed, name, added),
      ...renamedAfter(selected, statement, target.name, name),
    ];
    return [
      { title: t`Write to the residual stream: ${name} += …`, kind: 'refactor.rewrite', edits },
    ];
  });
}

function isStream(
  { names, unit }: Selected,
  statement: Statement,
  stream: string,
  target: string,
): boolean {
  const { start, end } = rangeOf(statement);
  if (stream === target) return true;
  const of = (name: string) => names.filter((each) => isValueName(each) && each.name === name);
  const isParameter = of(stream).some(({ kind }) => kind === 'parameter');
  const readLater = of(stream).some((each) => each.start > end);
  const madeBefore = of(target).some((each) => each.start < start);
  const shapes = [stream, target].map((name) =>
    unit.facts.findLast(
      (fact) => fact.name === name && fact.source.start <= end && fact.type !== undefined,
    ),
  );
  const [a, b] = shapes.map((fact) => fact?.type?.shape.axes.length);
  return !isParameter && !readLater && !madeBefore && a === b;
}

/** `x += t1`; where `t1` is a call that only this sum uses, the call itself, labelled by the name. */
function writeOf(
  { names, text }: Selected,
  { statement, siblings }: PlacedStatement,
  stream: string,
  added: Expression,
): readonly TextChange[] {
  const range = rangeOf(statement);
  const before = siblings[siblings.indexOf(statement) - 1];
  const only = before?.$type === 'Assign' && before.targets.length === 1 ? before : undefined;
  const name = added.$type === 'Name' ? added.name : undefined;
  const uses = names.filter((each) => isValueName(each) && each.name === name);
  const isCall = only?.value.$type === 'Call' && only.value.label === undefined;
  if (only === undefined || !isCall || only.targets[0]?.name !== name || uses.length !== 2) {
    return [{ ...range, text: `${stream} += ${textOf(added)}` }];
  }
  const { start } = rangeOf(only);
  const written = `${stream} += ${textOf(only.value)} as ${name}`;
  // A comment between the two stays where it is.
  const between = text.slice(rangeOf(only).end, range.start);
  return between.trim() === ''
    ? [{ start, end: range.end, text: written }]
    : [{ start, end: rangeOf(only).end, text: written }, lineOf(text, range)];
}

function lineOf(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
): TextChange {
  const rest = /^[ \t]*\n?/.exec(text.slice(end))?.[0].length ?? 0;
  const isWhole = text.slice(end, end + rest).includes('\n');
  const lead = isWhole ? text.lastIndexOf('\n', start - 1) + 1 : start;
  return { start: lead, end: end + rest, text: '' };
}

function renamedAfter(
  { names }: Selected,
  statement: Statement,
  from: string,
  to: string,
): readonly TextChange[] {
  const range = rangeOf(statement);
  return names
    .filter((each) => isValueName(each) && each.name === from && each.start > range.end)
    .filter((each) => from !== to && !isWithin(each, range))
    .map(({ start, end }) => ({ start, end, text: to }));
}
