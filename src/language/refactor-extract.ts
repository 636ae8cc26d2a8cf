/** Statements moved into a block of their own, with what they read as arguments and what is read of them as the result. */
import { t } from '@vscode/l10n';
import { formatShape } from '../dims/index.ts';
import {
  type Parameter,
  rangeOf,
  type Statement,
  type TextRange,
  textOf,
} from '../syntax/index.ts';
import type { Occurrence } from './occurrences.ts';
import {
  freeName,
  indentAt,
  isValueName,
  isWithin,
  type Refactoring,
  type Selected,
  statementAt,
} from './refactoring.ts';

export function extraction(selected: Selected): readonly Refactoring[] {
  if (selected.start === selected.end) return [];
  const chosen = statementsIn(selected);
  const [first] = chosen;
  const last = chosen.at(-1);
  if (first === undefined || last === undefined || !chosen.every(canMove)) return [];
  const range = { start: rangeOf(first).start, end: rangeOf(last).end };
  const results = readAfter(selected, range);
  const [result] = results;
  if (result === undefined || results.length > 1) return [];
  const { parameters } = selected.unit.block;
  const isTensor = (name: string) =>
    parameters.every((each) => each.name !== name || each.kind === 'tensor');
  // A block's tensors come first, by position.
  const inputs = readFromBefore(selected, range).toSorted(
    (a, b) => Number(isTensor(b)) - Number(isTensor(a)),
  );
  const header = inputs.map((name) => parameterText(selected, name, range));
  if (header.some((text) => text === undefined)) return [];
  const { program } = selected.program.analysis;
  const name = freeName('Extracted', new Set([...program.named.keys(), ...program.models.keys()]));
  return [
    {
      title: t`Extract a block with the result ${result}`,
      kind: 'refactor.extract',
      edits: [
        { ...before(selected), text: blockText(selected, name, header.join(', '), result, range) },
        { ...range, text: `${result} = ${name}(${argumentTexts(inputs)})` },
      ],
    },
  ];
}

/** The first by position, the others by name. */
function argumentTexts(inputs: readonly string[]): string {
  return inputs.map((name, i) => (i === 0 ? name : `${name}: ${name}`)).join(', ');
}

function statementsIn({ unit, text, ...selection }: Selected): readonly Statement[] {
  const inside = text.slice(selection.start, selection.end);
  const start = selection.start + (inside.length - inside.trimStart().length);
  const end = selection.end - (inside.length - inside.trimEnd().length);
  const siblings = statementAt(unit.node.statements, start)?.siblings ?? [];
  const chosen = siblings.filter((statement) => isWithin(rangeOf(statement), { start, end }));
  const touched = siblings.filter((statement) => {
    const range = rangeOf(statement);
    return range.start < end && range.end > start;
  });
  return chosen.length === touched.length ? chosen : [];
}

function canMove({ $type }: Statement): boolean {
  return $type !== 'Return' && $type !== 'Input' && $type !== 'Output';
}

function isMade({ access }: Occurrence): boolean {
  return access !== 'read';
}

/** Values made in the range that something after it reads; and in a repeat those that the next copy reads. */
function readAfter({ names, unit }: Selected, range: TextRange): readonly string[] {
  const values = names.filter(isValueName);
  const made = new Set(
    values.filter((each) => isMade(each) && isWithin(each, range)).map(({ name }) => name),
  );
  const carried = repeatsAround(unit.node.statements, range).some(() => true);
  return [...made].filter((name) => {
    const after = values.some(
      (each) =>
        each.name === name &&
        each.start > range.end &&
        !(isMade(each) && each.access !== 'residual write'),
    );
    const outside = values.some((each) => each.name === name && each.start < range.start);
    return after || (carried && outside);
  });
}

function repeatsAround(statements: readonly Statement[], range: TextRange): readonly Statement[] {
  return statements.flatMap((statement) => {
    if (!isWithin(range, rangeOf(statement))) return [];
    if (statement.$type === 'Repeat')
      return [statement, ...repeatsAround(statement.statements, range)];
    if (statement.$type === 'If') {
      return repeatsAround([...statement.consequent, ...statement.otherwise], range);
    }
    return [];
  });
}

/** Names that the range reads before it makes them, dims of the declaration among them. */
function readFromBefore({ names, unit, program }: Selected, range: TextRange): readonly string[] {
  const { dims } = program.analysis.program;
  const inside = names.filter((each) => isWithin(each, range));
  const made = new Set<string>();
  const read = new Set<string>();
  for (const { name, kind, access } of inside) {
    const isLocal =
      kind === 'local dim' && unit.block.parameters.some((each) => each.name === name);
    if (kind === 'dim' && !dims.has(name)) continue;
    if (!(isValueName({ kind } as Occurrence) || isLocal)) continue;
    if ((access === 'read' || access === 'residual write') && !made.has(name)) read.add(name);
    // What a statement writes is there for the ones after it; its own right side stands behind it in the text.
    if (access === 'declare') made.add(name);
  }
  const written = inside.filter((each) => each.access === 'write');
  return [...read].filter((name) => {
    const firstWrite =
      written.find((each) => each.name === name)?.start ?? Number.POSITIVE_INFINITY;
    const existed = names.some(
      (each) => each.name === name && each.start < range.start && each.kind !== 'path',
    );
    const firstRead =
      inside.find((each) => each.name === name && each.access !== 'write')?.start ?? 0;
    return (
      existed &&
      (firstRead < firstWrite || readInOwnStatement(unit.node.statements, firstWrite, firstRead))
    );
  });
}

/** `x = f(x)`: the read stands behind the write, and is of the value before. */
function readInOwnStatement(
  statements: readonly Statement[],
  write: number,
  read: number,
): boolean {
  const statement = statementAt(statements, write)?.statement;
  return statement !== undefined && isWithin({ start: read, end: read }, rangeOf(statement));
}

/** As a parameter of the new block; undefined where the shape is not known. */
function parameterText({ unit }: Selected, name: string, range: TextRange): string | undefined {
  const fact = unit.facts.findLast(
    (each) => each.name === name && each.source.end <= range.start && each.type !== undefined,
  );
  const type = fact?.type;
  if (type !== undefined) {
    return `${name}: ${type.dtype === 'int' ? 'int' : ''}${formatShape(type.shape).replaceAll('·', ' * ')}`;
  }
  const parameters: readonly Parameter[] = unit.node.$type === 'Block' ? unit.node.parameters : [];
  const parameter = parameters.find((each) => each.name === name);
  return parameter && `${name}: ${textOf(parameter.type)}`;
}

/** Where the declaration begins, its documentation included. */
function before({ text, unit }: Selected): TextRange {
  let start = text.lastIndexOf('\n', unit.extent.start - 1) + 1;
  for (;;) {
    const above = text.lastIndexOf('\n', start - 2) + 1;
    if (start === 0 || !text.slice(above, start).trimStart().startsWith('//')) break;
    start = above;
  }
  return { start, end: start };
}

function blockText(
  { text, unit }: Selected,
  name: string,
  parameters: string,
  result: string,
  range: TextRange,
): string {
  const indent = indentAt(text, range.start);
  const body = text.slice(range.start, range.end).replaceAll(`\n${indent}`, '\n  ');
  const made = unit.facts.findLast(
    (each) => each.name === result && isWithin(each.source, range) && each.type !== undefined,
  );
  const shape = made?.type && ` -> ${formatShape(made.type.shape).replaceAll('·', ' * ')}`;
  return `block ${name}(${parameters})${shape ?? ''} {\n  ${body}\n  return ${result}\n}\n\n`;
}
