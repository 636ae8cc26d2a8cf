import type { AstNode } from 'langium';
import { describe, expect, test } from 'vitest';
import {
  documentationOf,
  type Expression,
  LineMap,
  parseProgram,
  pathText,
  rangeOf,
  textOf,
} from '../../src/syntax/index.ts';
import { parseRight, statementsOf } from './outline.ts';

const written = (text: string, node: AstNode, property?: string, index?: number): string => {
  const { start, end } = rangeOf(node, property, index);
  return text.slice(start, end);
};

function assignedIn(text: string): Expression {
  const [block] = parseRight(text).declarations;
  const statement = block?.$type === 'Block' ? block.statements[0] : undefined;
  if (statement?.$type !== 'Assign') {
    throw new Error('no assignment');
  }
  return statement.value;
}

describe('ranges', () => {
  const text = 'block B(x: [n]) {\n  a, b = (x + y) @ f(x, heads: 2) as g // end\n}';

  test('a node covers what is written, its parentheses included', () => {
    const product = assignedIn(text);
    expect(written(text, product)).toBe('(x + y) @ f(x, heads: 2) as g');
    expect(
      product.$type === 'Binary' &&
        [product.left, product.right].map((side) => written(text, side)),
    ).toEqual(['(x + y)', 'f(x, heads: 2) as g']);
  });

  test('properties have ranges of their own', () => {
    const product = assignedIn(text);
    expect(written(text, product, 'operator')).toBe('@');
    const call =
      product.$type === 'Binary' && product.right.$type === 'Call' ? product.right : undefined;
    expect(call && ['callee', 'label'].map((property) => written(text, call, property))).toEqual([
      'f',
      'g',
    ]);
    expect(call && written(text, call, 'arguments', 1)).toBe('heads: 2');
    expect(call?.arguments[1] && written(text, call.arguments[1], 'name')).toBe('heads');
  });

  test('a chain of operators has a range for each', () => {
    const chain = 'block B(x: [n]) {\n  a = x + y - z\n}';
    const difference = assignedIn(chain);
    expect(written(chain, difference, 'operator')).toBe('-');
    expect(difference.$type === 'Binary' && written(chain, difference.left)).toBe('x + y');
    expect(difference.$type === 'Binary' && written(chain, difference.left, 'operator')).toBe('+');
  });

  test('a statement ends before its newline, and targets are told apart', () => {
    const [statement] = statementsOf('a, b = split(x, 2) // parts\nc = x');
    expect(statement && textOf(statement)).toBe('a, b = split(x, 2)');
    const inner = 'block B(x: [4]) -> [4] {\na, b = split(x, 2) // parts\nc = x\n}';
    expect(statement && written(inner, statement, 'targets', 1)).toBe('b');
  });

  test('what is missing is where the node around it ends', () => {
    const broken = 'model M {\n  y = x +\n}';
    const [model] = parseProgram(broken).program.declarations;
    const statement = model?.$type === 'Model' ? model.statements[0] : undefined;
    const sum =
      statement?.$type === 'Assign' && statement.value.$type === 'Binary'
        ? statement.value
        : undefined;
    expect(sum?.right.$type).toBe('Missing');
    expect(sum && rangeOf(sum.right)).toEqual({
      start: broken.indexOf('+') + 1,
      end: broken.indexOf('+') + 1,
    });
  });

  test('offsets count UTF-16 units', () => {
    const wide = 'block B(x: [n]) {\n  // 😀\n  γ = μ\n}';
    expect(written(wide, assignedIn(wide))).toBe('μ');
  });
});

test('lines and characters', () => {
  const text = 'ab\r\n\nc😀d\re';
  const lines = new LineMap(text);
  expect(lines.lineCount).toBe(4);
  expect(lines.positionAt(text.indexOf('d'))).toEqual({ line: 2, character: 3 });
  for (let offset = 0; offset <= text.length; offset += 1) {
    expect(lines.offsetAt(lines.positionAt(offset))).toBe(offset);
  }
  expect(lines.positionAt(-1)).toEqual({ line: 0, character: 0 });
  expect(lines.positionAt(99)).toEqual({ line: 3, character: 1 });
  expect(lines.offsetAt({ line: 9, character: 0 })).toBe(text.length);
});

describe('documentation', () => {
  test('is the lines with three slashes directly above', () => {
    const text =
      '// no\n\n/// One.\n///\n///   Two γ.\nblock A(x: [n]) {\n  /// The weight.\n  param W: [n]\n  y = x\n}\nblock B(x: [n]) { }';
    const [first, second] = parseRight(text).declarations;
    expect(first && documentationOf(first)).toBe('One.\n\n  Two γ.');
    expect(second && documentationOf(second)).toBeUndefined();
    const statements = first?.$type === 'Block' ? first.statements : [];
    expect(statements.map(documentationOf)).toEqual(['The weight.', undefined]);
  });

  test('is not what stands behind something or further up', () => {
    const text =
      'dims { N } /// not this\nblock A(x: [N]) { }\n/// nor this\n\nblock B(x: [N]) { }';
    expect(parseRight(text).declarations.map(documentationOf)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('paths as text', () => {
  test.each(['x', 'blocks.3.attn.z#1', 'label#0.0.1', 'blocks.*.x', 'a.[l + 1].z'])(
    '%s',
    (path) => {
      expect(pathText(assignedIn(`block B(x: [n]) { y = ${path} }`))).toBe(path);
      const [run] = parseRight(`run r for M { patch ${path} = 0 }`).declarations;
      const patch = run?.$type === 'Run' ? run.statements[0] : undefined;
      expect(patch?.$type === 'Patch' && pathText(patch.target)).toBe(path);
    },
  );

  test('an expression that is no path has none', () => {
    expect(pathText(assignedIn('block B(x: [n]) { y = f(x).T }'))).toBeUndefined();
  });
});
