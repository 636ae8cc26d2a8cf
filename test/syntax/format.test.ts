import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { formatted, parseProgram, scan } from '../../src/syntax/index.ts';
import { outline } from './outline.ts';

const root = new URL('../../', import.meta.url);
const programs = [
  'examples',
  'src/ops',
  'test/programs/good',
  'test/programs/name-error',
  'test/programs/run-error',
  'test/programs/shape-error',
  'test/programs/syntax-error',
].flatMap((folder) =>
  readdirSync(new URL(`${folder}/`, root))
    .filter((name) => name.endsWith('.tblock'))
    .map((name) => ({
      name,
      folder,
      text: readFileSync(new URL(`${folder}/${name}`, root), 'utf8'),
    })),
);

const remarks = (text: string) => scan(text).comments.map(({ text: remark }) => remark);
const tree = (text: string) => outline(parseProgram(text).program.declarations);

/** What holds for every text. */
function expectSound(text: string): void {
  const once = formatted(text);
  expect(formatted(once)).toBe(once);
  expect(tree(once)).toBe(tree(text));
  expect(remarks(once)).toEqual(remarks(text));
}

describe.each(programs)('$name', ({ text }) => {
  it('formats to itself once formatted, to the same tree, with its comments', () =>
    expectSound(text));
});

test.each(programs.filter(({ folder }) => folder === 'examples' || folder === 'src/ops'))(
  '$name is formatted',
  ({ text }) => expect(formatted(text)).toBe(text),
);

test('any spaces and blank lines between the tokens of a program are put right', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...programs),
      fc.infiniteStream(fc.nat({ max: 3 })),
      ({ text }, blanks) => {
        const messy = text.replace(/(?<=\S) +(?=\S)|^ +|\n/gm, (found) => {
          const count = blanks.next().value;
          return found === '\n'
            ? '\n'.repeat(1 + (count === 3 ? 2 : 0))
            : found + ' '.repeat(count);
        });
        expectSound(messy);
      },
    ),
    { numRuns: 100 },
  );
}, 60_000);

test('a text with something deleted or cut off keeps its tree too', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...programs),
      fc.nat(),
      fc.nat({ max: 20 }),
      ({ text }, at, count) => {
        const start = at % (text.length + 1);
        expectSound(text.slice(0, start) + text.slice(start + count));
        expectSound(text.slice(0, start));
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);

describe('a line', () => {
  it.each([
    ['y=x+1', 'y = x + 1'],
    ['y = softmax( x ,axis:- 1 )', 'y = softmax(x, axis: -1)'],
    ['y=x@W .T', 'y = x @ W.T'],
    ['y = x [ : , 0 : 2*d ]', 'y = x[:, 0:2*d]'],
    ['y = x[..., - 1]', 'y = x[..., -1]'],
    ['q:[N,d]=x', 'q: [N, d] = x'],
    ['param W:[d , heads*d_k]=normal(std:0.02)', 'param W: [d, heads*d_k] = normal(std: 0.02)'],
    [
      'x+=FFN( LayerNorm(x)as ln_2,hidden:d_ff )as mlp',
      'x += FFN(LayerNorm(x) as ln_2, hidden: d_ff) as mlp',
    ],
    ['y = x<-1', 'y = x < -1'],
    ['return - x', 'return -x'],
    ['y = x // why', 'y = x  // why'],
  ])('%s', (written, expected) => {
    const text = `block B(x: [N, d]) -> [N, d] {\n${written}\n}\n`;
    expect(formatted(text)).toBe(`block B(x: [N, d]) -> [N, d] {\n  ${expected}\n}\n`);
  });

  it.each([
    ['patch blocks.* .attn.z [1]=0', 'patch blocks.*.attn.z[1] = 0'],
    ['expect y:[N , d]', 'expect y : [N, d]'],
    ['expect mean(y)~0 within 1e-5', 'expect mean(y) ~ 0 within 1e-5'],
  ])('%s', (written, expected) => {
    expect(formatted(`run r for M {\n${written}\n}\n`)).toBe(`run r for M {\n  ${expected}\n}\n`);
  });
});

describe('lines', () => {
  it('are indented by what they stand in', () => {
    const text = `block B(
x: [N, d],
      causal: bool = false
) -> [N, d] {
y = FFN(
x,
hidden: d
)
repeat 2 {
y =
y + x
}
return y
}
`;
    expect(formatted(text)).toBe(`block B(
  x: [N, d],
  causal: bool = false
) -> [N, d] {
  y = FFN(
    x,
    hidden: d
  )
  repeat 2 {
    y =
      y + x
  }
  return y
}
`);
  });

  it('that their author aligned stay aligned', () => {
    const text = `block B(x: [4]) -> [4] {
  long = x
  y    = x*2
  z = y
  return z
}
`;
    expect(formatted(text)).toContain('  long = x\n  y    = x * 2\n  z = y\n');
  });

  it('whose comments stand below one another take in those that a longer name has moved', () => {
    const text = `dims {
  N = 3                 // tokens
  heads = 2
  hidden_width = 4 * d       // moved
  d = 4                 // width
  k=7 // too close
  another_hidden_width = 8 // too long

  a = 1 // alone
}
`;
    expect(formatted(text)).toBe(`dims {
  N = 3                 // tokens
  heads = 2
  hidden_width = 4 * d  // moved
  d = 4                 // width
  k = 7                 // too close
  another_hidden_width = 8  // too long

  a = 1  // alone
}
`);
  });

  it('that are blank are one between statements and none at the ends', () => {
    const text = '\n\nmodel M {\n\n  x = ones\n\n\n  output y = x\n\n}\n\n\n';
    expect(formatted(text)).toBe('model M {\n  x = ones\n\n  output y = x\n}\n');
  });

  it('of a declaration with a syntax error are left alone', () => {
    const broken = 'model M {\n      x = = 2\n}\n';
    expect(formatted(`${broken}\nmodel N {\n x=ones\n}\n`)).toBe(
      `${broken}\nmodel N {\n  x = ones\n}\n`,
    );
  });
});
