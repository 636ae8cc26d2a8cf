/** `dims { … }`: declarations, conditions, and what is known of the lengths. */
import { t } from '@vscode/l10n';
import { type Dim, formatDim, symbolDim, symbolsOf } from '../dims/index.ts';
import {
  type DimsBlock,
  documentationOf,
  type Expression as ExpressionNode,
  rangeOf,
  remarkOf,
  textOf,
} from '../syntax/index.ts';
import type { DiagnosticList, SourceRange } from './diagnostic.ts';
import { reportUnknown } from './did-you-mean.ts';
import { dimArithmetic } from './dim-arithmetic.ts';
import { type DimFacts, evaluateWith, numberOf, solveEquation } from './dim-facts.ts';
import type { DimCondition, DimDeclaration } from './program.ts';

export interface DeclaredDims {
  readonly dims: ReadonlyMap<string, DimDeclaration>;
  readonly conditions: readonly DimCondition[];
}

/** Adds what a file's `dims` blocks declare; same-named dims of imported files are one dim. */
export function declareDims(
  uri: string,
  blocks: readonly DimsBlock[],
  imported: DeclaredDims,
  diagnostics: DiagnosticList,
): DeclaredDims {
  const dims = new Map(imported.dims);
  const conditions = [...imported.conditions];
  const entries = blocks.flatMap((block) => block.entries).filter((entry) => entry.name !== '');
  const names = new Set([...dims.keys(), ...entries.map((entry) => entry.name)]);
  const own = new Map<string, SourceRange>();
  const place = (node: Parameters<typeof rangeOf>[0], property?: string): SourceRange => ({
    uri,
    ...rangeOf(node, property),
  });
  const length = (node: ExpressionNode) => readLength(node, names, place, diagnostics);
  for (const entry of entries) {
    const source = place(entry, 'name');
    const first = own.get(entry.name);
    if (first !== undefined) {
      const related = [{ source: first, message: t`declared here first` }];
      diagnostics.report('duplicate', source, t`${entry.name} is declared twice.`, { related });
      continue;
    }
    own.set(entry.name, source);
    const dim = entry.value && length(entry.value);
    const plain = dim !== undefined && symbolsOf(dim).length === 0;
    const value = plain ? numberOf({ definitions: new Map(), values: new Map() }, dim) : undefined;
    const declaration: DimDeclaration = {
      name: entry.name,
      source,
      extent: place(entry),
      value,
      definition: plain ? undefined : dim,
      doc: documentationOf(entry) ?? remarkOf(entry),
    };
    const before = dims.get(entry.name);
    reportConflict(before, declaration, diagnostics);
    dims.set(entry.name, oneDim(before, declaration));
  }
  for (const node of blocks.flatMap((block) => block.conditions)) {
    const condition = readCondition(node, length, place(node), diagnostics);
    if (condition !== undefined) conditions.push(condition);
  }
  return { dims: withoutCircles(dims, diagnostics), conditions };
}

/** The dims of a further import: those that are there already are the same dims. */
export function importDims(
  known: DeclaredDims,
  further: DeclaredDims,
  diagnostics: DiagnosticList,
  place: SourceRange,
): DeclaredDims {
  const dims = new Map(known.dims);
  for (const [name, declaration] of further.dims) {
    const before = dims.get(name);
    reportConflict(before, { ...declaration, source: place }, diagnostics);
    dims.set(name, oneDim(before, declaration));
  }
  return { dims, conditions: [...known.conditions, ...further.conditions] };
}

/** Where one of two declarations leaves the dim free, the other decides its length. */
function oneDim(before: DimDeclaration | undefined, now: DimDeclaration): DimDeclaration {
  if (before === undefined || now.value !== undefined || now.definition !== undefined) return now;
  return { ...now, value: before.value, definition: before.definition };
}

function readLength(
  node: ExpressionNode,
  names: ReadonlySet<string>,
  place: (node: ExpressionNode) => SourceRange,
  diagnostics: DiagnosticList,
): Dim | undefined {
  const result = dimArithmetic(node, (name) => {
    if (names.has(name.name)) return symbolDim(name.name);
    if (name.name === '') return undefined;
    const message = t`No dim ${name.name} is declared.`;
    reportUnknown(diagnostics, 'unknownDim', place(name), message, {
      name: name.name,
      known: names,
    });
    return undefined;
  });
  switch (result.kind) {
    case 'dim':
      return result.dim;
    case 'broken':
      return undefined;
    case 'division by zero':
      diagnostics.report('inexact', place(result.node), t`A dim is divided by 0.`);
      return undefined;
    case 'unfit':
      diagnostics.report(
        'notStatic',
        place(result.node),
        t`${textOf(result.node)} is no length: dims are whole numbers, other dims, and + - * / of these.`,
      );
      return undefined;
  }
}

function readCondition(
  node: ExpressionNode,
  length: (node: ExpressionNode) => Dim | undefined,
  source: SourceRange,
  diagnostics: DiagnosticList,
): DimCondition | undefined {
  const operator = node.$type === 'Binary' ? comparisonOf(node.operator) : undefined;
  if (node.$type !== 'Binary' || operator === undefined) {
    if (node.$type !== 'Missing') {
      diagnostics.report(
        'notStatic',
        source,
        t`A condition compares two lengths: heads * 64 == d.`,
      );
    }
    return undefined;
  }
  const [left, right] = [length(node.left), length(node.right)];
  if (left === undefined || right === undefined) return undefined;
  return { left, operator, right, source, text: textOf(node) };
}

function comparisonOf(operator: string): DimCondition['operator'] | undefined {
  const comparisons: readonly DimCondition['operator'][] = ['==', '!=', '<', '<=', '>', '>='];
  return comparisons.find((known) => known === operator);
}

function reportConflict(
  before: DimDeclaration | undefined,
  now: DimDeclaration,
  diagnostics: DiagnosticList,
): void {
  if (before?.value === undefined || now.value === undefined || before.value === now.value) return;
  diagnostics.report(
    'dimConflict',
    now.source,
    t`${now.name} is ${now.value} here and ${before.value} in an imported file; same-named dims are one dim.`,
    { related: [{ source: before.source, message: `${now.name} = ${before.value}` }] },
  );
}

/** Cuts definitions that lead back to themselves, so that everything after may expand them. */
function withoutCircles(
  dims: Map<string, DimDeclaration>,
  diagnostics: DiagnosticList,
): Map<string, DimDeclaration> {
  const reaches = (from: string, target: string, seen: Set<string>): boolean => {
    const definition = dims.get(from)?.definition;
    if (definition === undefined || seen.has(from)) return false;
    seen.add(from);
    return symbolsOf(definition).some(
      (symbol) => symbol === target || reaches(symbol, target, seen),
    );
  };
  for (const [name, declaration] of dims) {
    if (!reaches(name, name, new Set())) continue;
    const { definition, source } = declaration;
    const text = definition === undefined ? '' : ` = ${formatDim(definition)}`;
    diagnostics.report('dimCircle', source, t`${name}${text} is defined through itself.`);
    dims.set(name, { ...declaration, definition: undefined });
  }
  return dims;
}

/** Definitions and values, with a run's overrides in place of plain and free values. */
export function dimFacts(
  { dims, conditions }: DeclaredDims,
  overrides: ReadonlyMap<string, number> = new Map(),
): DimFacts {
  const definitions = new Map<string, Dim>();
  const values = new Map<string, number>();
  for (const { name, value, definition } of dims.values()) {
    if (definition !== undefined) definitions.set(name, definition);
    const current = overrides.get(name) ?? value;
    if (current !== undefined) values.set(name, current);
  }
  for (const { left, operator, right } of conditions) {
    if (operator !== '==') continue;
    const solved = solveEquation(left, right);
    if (solved === undefined || definitions.has(solved.symbol)) continue;
    const trial = new Map(definitions).set(solved.symbol, solved.definition);
    if (!leadsBack(trial, solved.symbol)) definitions.set(solved.symbol, solved.definition);
  }
  return { definitions, values };
}

function leadsBack(definitions: ReadonlyMap<string, Dim>, start: string): boolean {
  const seen = new Set<string>();
  const visit = (symbol: string): boolean => {
    const definition = definitions.get(symbol);
    if (definition === undefined || seen.has(symbol)) return false;
    seen.add(symbol);
    return symbolsOf(definition).some((next) => next === start || visit(next));
  };
  return visit(start);
}

/** Conditions that the current values break, divisions that leave a remainder, lengths below 1. */
export function checkDimValues(
  declared: DeclaredDims,
  facts: DimFacts,
  diagnostics: DiagnosticList,
  at?: SourceRange,
): void {
  for (const { name, source, definition, value } of declared.dims.values()) {
    if (definition !== undefined)
      reportDefinition(name, definition, facts, diagnostics, at ?? source);
    const current = facts.values.get(name) ?? value;
    if (current !== undefined && current < 1) {
      diagnostics.report(
        'argument',
        at ?? source,
        t`${name} = ${current}, but a dim is at least 1.`,
      );
    }
  }
  const plain: DimFacts = { definitions: derivedOnly(declared), values: facts.values };
  for (const { left, operator, right, source, text } of declared.conditions) {
    const [a, b] = [numberOf(plain, left), numberOf(plain, right)];
    if (a === undefined || b === undefined || holds(a, operator, b)) continue;
    const message = t`${text} does not hold: ${formatDim(left)} = ${a} and ${formatDim(right)} = ${b}.`;
    diagnostics.report('dimConflict', at ?? source, message);
  }
}

function derivedOnly({ dims }: DeclaredDims): ReadonlyMap<string, Dim> {
  return new Map(
    [...dims.values()].flatMap(({ name, definition }) =>
      definition ? [[name, definition] as const] : [],
    ),
  );
}

function reportDefinition(
  name: string,
  definition: Dim,
  facts: DimFacts,
  diagnostics: DiagnosticList,
  source: SourceRange,
): void {
  const result = evaluateWith(facts, definition);
  if (result.kind === 'inexact') {
    const message = t`${name} = ${formatDim(definition)} is ${result.dividend} / ${result.divisor}, which leaves a remainder. In a length / is exact.`;
    diagnostics.report('inexact', source, message);
  } else if (result.kind === 'value' && result.value < 1) {
    const message = t`${name} = ${formatDim(definition)} is ${result.value}, but a dim is at least 1.`;
    diagnostics.report('argument', source, message);
  }
}

function holds(a: number, operator: DimCondition['operator'], b: number): boolean {
  switch (operator) {
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}
