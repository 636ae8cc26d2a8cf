import { describe, expect, test } from 'vitest';
import { expressionOf, outline, parseRight, statementsOf } from './outline.ts';

describe('newlines', () => {
  test('brackets suspend them', () => {
    expect(expressionOf('f(\n  x,\n\n  heads: 8 // eight\n)')).toBe('f(x, heads:8)');
    expect(expressionOf('[\n 1,\n 2\n]')).toBe('[1 2]');
    expect(expressionOf('(a\n + b)')).toBe('(+ a b)');
  });

  test.each(['+', '-', '*', '/', '@', '<', '==', 'and', 'or'])(
    'a line goes on after `%s`',
    (operator) => {
      expect(expressionOf(`a ${operator}\n\n  b`)).toBe(`(${operator} a b)`);
    },
  );

  test('a line goes on after `=`, `+=`, `->` and a comma', () => {
    expect(statementsOf('y =\n  a').map(outline)).toEqual(statementsOf('y = a').map(outline));
    expect(statementsOf('y +=\n  a').map(outline)).toEqual(statementsOf('y += a').map(outline));
    expect(statementsOf('a,\n b = split(x, 2)').map(outline)).toEqual(
      statementsOf('a, b = split(x, 2)').map(outline),
    );
    expect(parseRight('block B(x: [n]) ->\n [n]\n{\n return x\n}').declarations).toHaveLength(1);
    expect(parseRight('weights w = "f" {\n a <-\n "b"\n}').declarations).toHaveLength(1);
  });

  test('a line that begins with a parenthesis is not an argument list', () => {
    expect(() => statementsOf('y = f\n(x)')).toThrow();
  });

  test('braces begin and end statements without newlines', () => {
    expect(
      statementsOf('if a { y = x } else { y = -x } z = y').map((statement) => statement.$type),
    ).toEqual(['If', 'Assign']);
    expect(
      parseRight('dims { N = 3 } block B(x: [N]) -> [N] { return x } run r for B { }').declarations,
    ).toHaveLength(3);
  });

  test('else may stand on its own line', () => {
    expect(
      statementsOf('if a {\n y = x\n}\nelse if b {\n y = 1\n}\n\nelse\n{\n y = 2\n}'),
    ).toHaveLength(1);
  });

  test('block comments separate, and hold newlines', () => {
    expect(expressionOf('a /* b */ + /* c\n d */ e')).toBe('(+ a e)');
  });
});

describe('names', () => {
  test.each(['γ', 'μ', 't1', 'W_Q', "x'", "x''", '_', 'σ²'])('%s', (name) => {
    expect(expressionOf(`${name} + 1`)).toBe(`(+ ${name} 1)`);
  });

  const free =
    'dims block model run weights import patch expect metric where layer self for from as shared within int dim number string bool fn seed out';
  test.each(free.split(' '))('`%s` is a variable in a block', (word) => {
    expect(expressionOf(`${word} + f(${word}, ${word}: 1)`)).toBe(
      `(+ ${word} f(${word}, ${word}:1))`,
    );
    expect(outline(statementsOf(`${word} = x`)[0])).toBe(
      `(Assign targets:[(Target name:"${word}")] value:x)`,
    );
    expect(outline(statementsOf(`${word}, a = x`)[0])).toContain(`(Target name:"${word}")`);
    expect(outline(statementsOf(`${word} += x`)[0])).toBe(
      `(ResidualWrite target:(Target name:"${word}") value:x)`,
    );
    expect(outline(statementsOf(`${word}: [n] = x`)[0])).toContain(`(Target name:"${word}")`);
  });

  test.each('param input output repeat if return else not and or true false none inf'.split(' '))(
    '`%s` is a name where it is assigned, a label, an argument or after a point',
    (word) => {
      expect(outline(statementsOf(`${word} = x`)[0])).toContain(`(Target name:"${word}")`);
      expect(expressionOf(`f(x, ${word}: 2) as ${word} + a.${word}`)).toBe(
        `(+ f(x, ${word}:2) as ${word} (. a ${word}))`,
      );
    },
  );

  test.each('layer where for int shared as model run'.split(' '))(
    '`%s` labels a repeat',
    (word) => {
      expect(outline(statementsOf(`repeat 2 as ${word} shared { x = x }`)[0])).toContain(
        `label:"${word}" shared:true`,
      );
    },
  );

  test('shared is also a count and a label', () => {
    expect(outline(statementsOf('repeat shared { }')[0])).toBe('(Repeat count:shared)');
    expect(outline(statementsOf('repeat 2 as shared { }')[0])).toBe(
      '(Repeat count:2 label:"shared")',
    );
    expect(outline(statementsOf('repeat 2 shared { }')[0])).toBe('(Repeat count:2 shared:true)');
  });

  test('where is a function in a block and the conditions in dims', () => {
    expect(expressionOf('where(a, b, where)')).toBe('where(a, b, where)');
  });

  test.each('dim int fn bool string number where for run block'.split(' '))(
    '`%s` names a parameter',
    (word) => {
      const text = `block ${word}(${word}: dim = 2, n: int[${word}]) -> [${word}] { return int }`;
      expect(outline(parseRight(text))).toContain(
        `(Parameter name:"${word}" type:(KindType kind:"dim")`,
      );
    },
  );

  test('kinds are values where no type stands', () => {
    expect(expressionOf('f(x, kind: dim, other: int[0])')).toBe('f(x, kind:dim, other:(at int 0))');
  });

  test.each('patch expect metric dims seed within for'.split(' '))(
    '`%s` is an input of a run',
    (word) => {
      expect(outline(parseRight(`run r for M { ${word} = 1 }`))).toContain(
        `(Setting name:"${word}" value:1)`,
      );
    },
  );

  test('a run may be called for, and run a block called for', () => {
    expect(outline(parseRight('run for for for { }'))).toContain('(Run name:"for" subject:"for")');
  });
});
