import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  hasSyntaxError,
  type ParsedProgram,
  parseProgram,
  rangeOf,
} from '../../src/syntax/index.ts';
import { complaintsOf, isTree, outline, parseRight } from './outline.ts';
import { everyStatement, firstFile, samples } from './samples.ts';

const declarationsOf = (text: string): string[] =>
  parseProgram(text).program.declarations.map((node) =>
    'name' in node ? `${node.$type} ${node.name}` : node.$type,
  );

const body = (line: string): string =>
  `block B(x: [n]) -> [n] {\n  a = x\n  ${line}\n  b = a\n  return b\n}\n`;

describe('one broken line keeps the others', () => {
  test.each([
    ['y = ', '=: Expected an expression after `=`.'],
    ['y = x +', '+: Expected an expression after `+`.'],
    ['y = f(x', '(: This `(` is never closed: expected `)`.'],
    ['y = [1, 2', '[: This `[` is never closed: expected `]`.'],
    ['y = f(x))', '): Nothing is open that this `)` could close.'],
    ['y = f(x, , z) + g(, )', ',: Expected an expression after `,`, found `,`.'],
    ['y = f(x y)', 'y: Expected `,` or `)` after `x`, found `y`.'],
    ['y = f(x, heads: )', '): Expected an expression after `:`, found `)`.'],
    ['y = x z', 'z: Expected a new line or an operator after `x`, found `z`.'],
    [
      'y = z = x',
      '=: Expected a new line or an operator after `z`, found `=`: comparison is `==`.',
    ],
    ['y = x.', '.: Expected a name or an index after `.`.'],
    ['y = {', '=: Expected an expression after `=`.'],
    [
      'y = x {',
      '{: No block can begin here: braces follow a declaration, `repeat`, `if` or `else`.',
    ],
    [
      'LayerNorm(x)',
      'LayerNorm: Expected `=`, `+=` or `:` after `LayerNorm`: a statement gives a value a name.',
    ],
    [
      '-x',
      '-: Expected a statement: `name = …`, `name += …`, `param`, `repeat`, `if` or `return`, found `-`.',
    ],
    [
      '= 4',
      '=: Expected a statement: `name = …`, `name += …`, `param`, `repeat`, `if` or `return`, found `=`.',
    ],
    ['y = a && b', '&&: Unexpected characters `&&`. Write `and`.'],
    ['y = "abc', '"abc: This string is never closed: expected `"` on the same line.'],
    ["y = 'abc'", "': Unexpected character `'`. Strings are written with double quotes."],
    ['param W', 'W: Expected `:` after `W`.'],
    ['param W: [n = zeros', '[: This `[` is never closed: expected `]`.'],
    ['return', 'return: Expected an expression after `return`.'],
    ['repeat { x = x }', '{: Expected an expression after `repeat`, found `{`.'],
    ['if { x = x } else { x = x }', '{: Expected an expression after `if`, found `{`.'],
    ['else { x = x }', 'else: `else` follows the `}` of an `if`.'],
  ])('%s', (line, complaint) => {
    const text = body(line.endsWith('{') ? `${line}\n}` : line);
    expect(complaintsOf(text)).toEqual([complaint]);
    const tree = outline(parseProgram(text).program);
    expect(tree).toContain('(Assign targets:[(Target name:"a")] value:x)');
    expect(tree).toContain('(Assign targets:[(Target name:"b")] value:a) (Return value:b)');
  });

  test.each([
    [
      'dims { N = , d = 4 }',
      ['=: Expected an expression after `=`, found `,`.'],
      'name:"d" value:4',
    ],
    ['dims { N d }', ['d: Expected a new line or an operator after `N`, found `d`.'], 'name:"d"'],
    [
      'dims {\n = 4\n d = 3\n}',
      ['=: Expected a dim, such as `d = 64`, found `=`.'],
      'name:"d" value:3',
    ],
    [
      'dims { N where N > 2\n d = 3 }',
      ['d: `where` comes last: write this dim before it.'],
      'name:"d" value:3',
    ],
    [
      'run r for M {\n expect x\n y = 1\n}',
      ['x: Expected `:` and a shape, or `~`, `<`, `<=`, `>`, `>=`, `==` and a value.'],
      'name:"y" value:1',
    ],
    [
      'run r for M {\n patch = \n patch x\n y = 1\n}',
      ['=: Expected an expression after `=`.', 'x: Expected `=` after `x`.'],
      'name:"y" value:1',
    ],
    [
      'weights w = "f" {\n <- "g"\n a <- "b"\n}',
      ['<-: Expected a mapping, such as `W <- "weight"`, found `<-`.'],
      '<a>',
    ],
    [
      'weights w = "f" {\n c <- "d"[\n a <- "b"\n}',
      ['[: This `[` is never closed: expected `]`.'],
      '<a>',
    ],
  ])('%s', (text, complaints, rest) => {
    expect(complaintsOf(text)).toEqual(complaints);
    expect(outline(parseProgram(text).program)).toContain(rest);
  });
});

describe('a broken declaration keeps the others', () => {
  const next = 'block C(x: [n]) -> [n] { return x }';
  test.each([
    [
      'block B(x: [n]) -> [n] {\n y = x',
      '{: This `{` is never closed: expected `}` before `block`.',
    ],
    ['block B(x: [n] -> [n] {\n y = x\n}', '(: This `(` is never closed: expected `)`.'],
    ['block B(x: [n]', '(: This `(` is never closed: expected `)`.'],
    ['block B', 'B: Expected `(` after `B`.'],
    ['block', 'block: Expected a name after `block`.'],
    ['dims', 'dims: Expected `{` after `dims`.'],
    ['run r for', 'for: Expected a name after `for`.'],
    [
      'blok B(x: [n]) -> [n] {\n y = x\n}',
      'blok: Expected a declaration (`dims`, `block`, `model`, `run`, `weights` or `import`), found `blok`.',
    ],
    [
      'y = 3',
      'y: Expected a declaration (`dims`, `block`, `model`, `run`, `weights` or `import`), found `y`.',
    ],
    ['import A from "x"', 'A: Expected `{` after `import`, found `A`.'],
    ['}', '}: Nothing is open that this `}` could close.'],
    ['model M {\n repeat 2 {\n  x = f(\n', '(: This `(` is never closed: expected `)`.'],
  ])('%s', (text, complaint) => {
    expect(complaintsOf(`${text}\n${next}`)).toContain(complaint);
    expect(declarationsOf(`${text}\n${next}`).at(-1)).toBe('Block C');
  });

  test('a parameter without a type', () => {
    expect(complaintsOf('block B(x: foo, y: dim) { return x }')).toEqual([
      'foo: Expected a type (a shape such as `[N, d]`, or `dim`, `number`, `string`, `bool`, `fn`) after `:`, found `foo`.',
    ]);
  });

  test('a comment that is never closed', () => {
    expect(complaintsOf('/* x')).toEqual(['/*: This comment is never closed: expected `*/`.']);
  });
});

test('without any one line, the other declarations are still there', () => {
  const lines = everyStatement.split('\n');
  const headers = lines.map((line) => /^(?:import|dims|block|model|run)\b/.test(line));
  const all = declarationsOf(everyStatement);
  for (const [index, line] of lines.entries()) {
    const found = declarationsOf(lines.toSpliced(index, 1).join('\n'));
    const lost = all.filter((declaration) => !found.includes(declaration));
    expect({ line, lost: lost.length }).toEqual({ line, lost: headers[index] ? 1 : 0 });
  }
});

test('every prefix has the declarations that are complete in it', () => {
  for (let end = 0; end <= firstFile.length; end += 1) {
    const prefix = firstFile.slice(0, end);
    const complete = [...prefix.matchAll(/^\}/gm)].length;
    expect(declarationsOf(prefix).length).toBeGreaterThanOrEqual(complete);
  }
});

test('the tree of a broken text has no holes', () => {
  const text =
    'block (x: , y) {\n a = \n b, = f(x: \n param\n return\n patch = 2\n y += x. + [1,\n}\nrun { expect ~ }';
  expectSound(parseProgram(text), text);
});

test('what a syntax error may have taken something from is known', () => {
  const text = body('y = f(x, +)');
  const { program, syntaxErrors } = parseProgram(text);
  const [block] = program.declarations;
  const broken =
    block?.$type === 'Block'
      ? block.statements.map((node) => hasSyntaxError(node, syntaxErrors))
      : [];
  expect(broken).toEqual([false, true, false, false]);
});

describe('any text', () => {
  const pieces = [
    ...new Set(
      samples.join('\n').match(/[\p{L}_]\w*|\d+|"[^"\n]*"|\/\/\/?|\/\*|\*\/|[^\s\w]{1,2}/gu) ?? [],
    ),
    '\n',
    ' ',
    '"',
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    '\u0000',
    '😀',
    '\ud800',
    '\r',
  ];

  test('made of pieces of programs parses to a sound tree', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 60 }), (parts) => {
        const text = parts.join(' ').replaceAll(' \n ', '\n');
        expectSound(parseProgram(text), text);
      }),
      { numRuns: 400 },
    );
  });

  test('made from a program by changing places of it parses to a sound tree', () => {
    const change = fc.record({
      at: fc.nat(),
      remove: fc.nat({ max: 12 }),
      insert: fc.oneof(
        fc.constant(''),
        fc.constantFrom(...pieces),
        fc.string({ maxLength: 4, unit: 'binary' }),
      ),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(change, { minLength: 1, maxLength: 5 }),
        (sample, changes) => {
          let text = sample;
          for (const { at, remove, insert } of changes) {
            const start = at % (text.length + 1);
            text = text.slice(0, start) + insert + text.slice(start + remove);
          }
          expectSound(parseProgram(text), text);
        },
      ),
      { numRuns: 400 },
    );
  });

  test.each([
    ['parentheses', 'y = ', '(', 'x', ')'],
    ['calls', 'y = ', 'f(', 'x', ')'],
    ['lists', 'y = ', '[', 'x', ']'],
    ['minus signs', 'y = ', '- ', 'x', ''],
    ['sums', 'y = x', ' + x', '', ''],
    ['members', 'y = x', '.a', '', ''],
    ['repeats', '', 'repeat 2 {\n', 'x = x', '}\n'],
    ['else ifs', 'if a { x = x }', ' else if a { x = x }', '', ''],
  ])(
    'with a few nested %s is right, and with very many is said to be too deep',
    (_name, start, open, middle, close) => {
      const nested = (count: number): string =>
        body(`${start}${open.repeat(count)}${middle}${close.repeat(count)}`);
      expect(parseProgram(nested(20)).syntaxErrors).toEqual([]);
      for (const count of [500, 20_000]) {
        const messages = parseProgram(nested(count)).syntaxErrors.map(({ message }) => message);
        expect(messages.join(' ')).toContain('too deeply');
      }
      expect(parseProgram(nested(20)).syntaxErrors).toEqual([]);
    },
  );
});

/** Errors lie in the text and in its order, one at most where nothing is broken, and no mandatory property is missing. */
function expectSound({ program, syntaxErrors }: ParsedProgram, text: string): void {
  let previous = 0;
  for (const { message, start, end } of syntaxErrors) {
    expect(message).toMatch(/^[A-Z`][\s\S]*\.$/);
    expect(start).toBeGreaterThanOrEqual(previous);
    expect(end).toBeGreaterThanOrEqual(start);
    expect(end).toBeLessThanOrEqual(text.length);
    previous = start;
  }
  const holes: string[] = [];
  visit(program, (node) => {
    const { start, end } = rangeOf(node as never);
    if (!(start <= end && end <= text.length)) {
      holes.push(`${node.$type} at ${start}`);
    }
    holes.push(
      ...(mandatory[node.$type] ?? [])
        .filter((key) => node[key] === undefined)
        .map((key) => `${node.$type}.${key}`),
    );
    if (
      /^(Expression|Statement|RunStatement|Declaration|Axis|SliceItem|PathSegment|ParameterType)$/.test(
        node.$type,
      )
    ) {
      holes.push(node.$type);
    }
  });
  expect(holes).toEqual([]);
  if (syntaxErrors.length === 0) {
    // A question mark may well be inside of a string.
    const written = outline(parseRight(text)).replace(/"(?:[^"\\]|\\.)*"/gsu, '""');
    expect(written).not.toContain('?');
  }
}

const mandatory: Readonly<Record<string, readonly string[]>> = {
  Assign: ['targets', 'value'],
  ResidualWrite: ['target', 'value'],
  Param: ['name', 'type'],
  Input: ['name', 'type'],
  Repeat: ['count', 'shared', 'statements'],
  If: ['condition', 'consequent', 'otherwise'],
  Return: ['value'],
  Block: ['name', 'parameters', 'statements'],
  Parameter: ['name', 'type'],
  Run: ['name', 'family', 'subject', 'statements'],
  Setting: ['name', 'value'],
  Patch: ['target', 'items', 'value'],
  Expect: ['subject'],
  Metric: ['name', 'value'],
  Weights: ['name', 'file', 'mappings'],
  Mapping: ['target', 'source'],
  Import: ['items', 'file'],
  Binary: ['left', 'operator', 'right'],
  Unary: ['operator', 'operand'],
  Call: ['callee', 'arguments'],
  Argument: ['value'],
  Member: ['receiver', 'segment'],
  Index: ['receiver', 'items'],
  ComputedSegment: ['value'],
  IndexSegment: ['index'],
  IntegerLiteral: ['value'],
  FloatLiteral: ['value'],
  StringLiteral: ['value'],
};

type Node = { readonly $type: string } & Record<string, unknown>;

function visit(tree: unknown, act: (node: Node) => void): void {
  const waiting: unknown[] = [tree];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (Array.isArray(value)) {
      waiting.push(...value);
    } else if (isTree(value)) {
      act(value as Node);
      waiting.push(
        ...Object.entries(value).flatMap(([key, child]) => (key.startsWith('$') ? [] : [child])),
      );
    }
  }
}
