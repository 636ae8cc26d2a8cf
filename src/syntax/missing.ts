import type { AstNode } from 'langium';
import type { Program } from './generated/ast.ts';

/**
 * Fills what a syntax error left out, so that the tree keeps the promise of its types: an expression is Missing, a name
 * is empty, and a list has no unfinished statements.
 */
export function fillMissing(program: Program): void {
  fill(program);
}

type Filler = 'expression' | 'name' | 'type' | 'target' | 'path' | 'segment';

/** The mandatory properties that a syntax error can leave out. */
const mandatory: Readonly<Record<string, Readonly<Record<string, Filler>>>> = {
  DimEntry: { name: 'name' },
  Block: { name: 'name' },
  Parameter: { name: 'name', type: 'type' },
  Model: { name: 'name' },
  Param: { name: 'name', type: 'type' },
  Input: { name: 'name', type: 'type' },
  Output: { name: 'name' },
  Assign: { value: 'expression' },
  Target: { name: 'name' },
  ResidualWrite: { target: 'target', value: 'expression' },
  Repeat: { count: 'expression' },
  If: { condition: 'expression' },
  Return: { value: 'expression' },
  Run: { name: 'name', subject: 'name' },
  FamilyAxis: { name: 'name', start: 'expression' },
  Setting: { name: 'name', value: 'expression' },
  Patch: { target: 'path', value: 'expression' },
  Expect: { subject: 'expression' },
  Metric: { name: 'name', value: 'expression' },
  Weights: { name: 'name', file: 'name' },
  Mapping: { target: 'path', source: 'expression' },
  Import: { file: 'name' },
  ImportItem: { name: 'name' },
  NameSegment: { name: 'name' },
  ComputedSegment: { value: 'expression' },
  Binary: { left: 'expression', right: 'expression' },
  Unary: { operand: 'expression' },
  Call: { callee: 'name' },
  Argument: { value: 'expression' },
  Member: { receiver: 'expression', segment: 'segment' },
  Index: { receiver: 'expression' },
  Name: { name: 'name' },
};

/** Types that only a rule that broke off leaves behind, and what they become. */
const unfinished: Readonly<Record<string, Filler | 'nothing'>> = {
  Expression: 'expression',
  Axis: 'expression',
  SliceItem: 'expression',
  ParameterType: 'type',
  PathSegment: 'segment',
  Statement: 'nothing',
  RunStatement: 'nothing',
  Declaration: 'nothing',
};

type Properties = Record<string, unknown>;

function fill(node: AstNode): void {
  const properties = node as unknown as Properties;
  for (const [key, filler] of Object.entries(mandatory[node.$type] ?? {})) {
    properties[key] ??= filling(filler, node, key);
  }
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith('$')) {
      continue;
    }
    if (Array.isArray(value)) {
      fillList(properties, key, value);
    } else if (isNode(value)) {
      finish(value);
    }
  }
}

function fillList(owner: Properties, key: string, values: readonly unknown[]): void {
  const kept = values.filter((value) => !isNode(value) || unfinished[value.$type] !== 'nothing');
  for (const value of kept) {
    if (isNode(value)) {
      finish(value);
    }
  }
  if (kept.length < values.length) {
    owner[key] = kept;
  }
}

function finish(node: AstNode): void {
  const filler = unfinished[node.$type];
  if (filler !== undefined && filler !== 'nothing') {
    const { $container, $containerProperty = '' } = node;
    if ($container !== undefined) {
      Object.assign(node, filling(filler, $container, $containerProperty));
    }
  }
  fill(node);
}

function filling(filler: Filler, $container: AstNode, $containerProperty: string): unknown {
  const place = { $container, $containerProperty };
  switch (filler) {
    case 'name':
      return '';
    case 'expression':
      return { $type: 'Missing', ...place };
    case 'target':
      return { $type: 'Target', name: '', ...place };
    case 'segment':
      return { $type: 'NameSegment', name: '', ...place };
    case 'path':
      return { $type: 'Path', segments: [], ...place };
    case 'type':
      return missingType(place);
  }
}

function missingType(place: object): unknown {
  const axes: object[] = [];
  const type = { $type: 'ShapeType', axes, optional: false, ...place };
  axes.push({ $type: 'Missing', $container: type, $containerProperty: 'axes', $containerIndex: 0 });
  return type;
}

function isNode(value: unknown): value is AstNode {
  return typeof value === 'object' && value !== null && '$type' in value;
}
