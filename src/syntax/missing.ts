import type { AstNode } from 'langium';
import { isExpression, isStatement, type Program } from './generated/ast.ts';
import { rangeOf, type TextRange } from './ranges.ts';

/**
 * Fills what a syntax error left out, so that the tree keeps the promise of its types: an expression is Missing, a name
 * is empty, and a list has no unfinished statements. Also cuts off what is nested too deeply to walk through.
 * @returns where something was cut off.
 */
export function fillMissing(program: Program): readonly TextRange[] {
  const cuts: TextRange[] = [];
  fill(program, 0, cuts);
  return cuts;
}

/** Whoever walks through a tree recursively may rely on this depth. */
const deepest = 250;

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

function fill(node: AstNode, depth: number, cuts: TextRange[]): void {
  const properties = node as unknown as Properties;
  for (const [key, filler] of Object.entries(mandatory[node.$type] ?? {})) {
    properties[key] ??= filling(filler, node, key);
  }
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith('$')) {
      continue;
    }
    if (Array.isArray(value)) {
      const kept = value.filter((item) => !isNode(item) || finish(item, depth + 1, cuts));
      if (kept.length < value.length) {
        properties[key] = kept;
      }
    } else if (isNode(value) && !finish(value, depth + 1, cuts)) {
      properties[key] = filling('expression', node, key);
    }
  }
}

/** @returns whether the node can stay. */
function finish(node: AstNode, depth: number, cuts: TextRange[]): boolean {
  const filler = unfinished[node.$type];
  if (filler === 'nothing') {
    return false;
  }
  if (depth > deepest && (isExpression(node) || isStatement(node))) {
    cuts.push(rangeOf(node));
    return false;
  }
  const { $container, $containerProperty = '' } = node;
  if (filler !== undefined && $container !== undefined) {
    Object.assign(node, filling(filler, $container, $containerProperty));
  }
  fill(node, depth, cuts);
  return true;
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
