import { expect, test } from 'vitest';
import { check, diagnosticsOf } from './check.ts';

test('an unknown name suggests the nearest known one', () =>
  check(`
dims { width = 4 }
block B(stream: [width]) -> [widht] {
//                           ^^^^^ TB012: No dim widht is known here. Did you mean width?
  y = LayerNom(stream)
//    ^^^^^^^^ TB011: No block or operator LayerNom is known here. Did you mean LayerNorm?
  return straem
//       ^^^^^^ TB010: No value straem is known here. Did you mean stream?
}
`));

test('arguments are matched by position and by name', () =>
  check(`
block B(x: [4]) -> [4] {
  a = FFN(x, 8, activation: relu)
  b = FFN(x, hiden: 8)
//           ^^^^^^^^ TB014: FFN has no parameter hiden. Did you mean hidden?
  c = FFN(x, 8, hidden: 8)
//              ^^^^^^^^^ TB017: FFN got hidden twice.
  d = exp(x, x)
//           ^ TB017: exp takes one argument.
  return a
}
`));

test('an argument of another kind says what is taken and what was given', () =>
  check(`
block B(x: [4], k: dim) -> [4] {
  a = FFN(x, hidden: "8")
//                   ^^^ TB022: "8" is no length: lengths are whole numbers, dims, and + - * / of these.
  b = LayerNorm(x, eps: "small")
//                      ^^^^^^^ TB016: eps takes a number that is known when the program is built, but "small" is a text.
  c = FFN(x, hidden: 8, activation: softmax)
//                                  ^^^^^^^ TB016: softmax is not an elementwise operator or a block of one tensor.
  d = Embedding(x, vocab: 10, width: 4)
//              ^ TB016: tokens takes a tensor of int, but x is a tensor of f32.
  return x
}
`));

test('a scalar value is not a dim', () =>
  check(`
dims { d = 8, heads = 2 }
block B(x: [d]) -> [d] {
  k = d / heads
  y = FFN(x, hidden: k)
//                   ^ TB022: k is a value, not a dim, so it cannot be a length. Declare it in dims or as a parameter of kind dim.
  return y
}
`));

test('the three worlds of names never clash', () =>
  check(`
dims { d = 8 }
block rope(x: [d], d_k: dim = 2) -> [d] { return x }
block B(x: [d], rope: bool = true, softmax: number = 2) -> [d] {
  d = rope(x) * softmax * d
  if rope { d = softmax(d) }
  return d
}
`));

test('a block that calls itself is an error', () =>
  check(`
block A(x: [4]) -> [4] { return B(x) }
//                              ^^^^ TB018: A calls itself here, so it would never end.
block B(x: [4]) -> [4] { return A(x) }
//                              ^^^^ TB018: B calls itself here, so it would never end.
`));

test('names first assigned inside a repeat end with it', () =>
  check(`
block B(x: [4]) -> [4] {
  repeat 2 {
    inner = x * 2
    x = inner + layer
  }
  return inner
//       ^^^^^ TB010: No value inner is known here.
}
`));

test('conditions are static', () =>
  check(`
block B(x: [4], window: dim? = none) -> [4] {
  if window != none { x = x * window }
  if x { x = exp(x) }
//   ^ TB022: A condition is decided when the program is built, and x is a tensor.
  return x
}
`));

test('one label, one block', () =>
  check(`
block B(x: [4]) -> [4] {
  a = LayerNorm(x) as shared
  b = LayerNorm(a) as shared
  c = FFN(b, hidden: 8) as shared
//                         ^^^^^^ TB020: The label shared already stands at the call of another block. Calls share parameters under one label only if they call the same block.
  return c
}
`));

test('imports bring blocks and their dims', () =>
  check(
    `
import { Twice, Thrice } from "./blocks.tblock"
//              ^^^^^^ TB019: ./blocks.tblock declares no block Thrice. Did you mean Twice?
import { X } from "./missing.tblock"
//                ^^^^^^^^^^^^^^^^^^ TB019: ./missing.tblock cannot be read. The path is relative to this file.
dims { d = 4 }
block B(x: [d]) -> [d] { return Twice(x) }
`,
    {
      readText: (uri) =>
        uri.endsWith('blocks.tblock')
          ? 'dims { d = 4 }\nblock Twice(x: [d]) -> [d] { return x + x }\n'
          : undefined,
      resolve: (_from, path) => `file:///${path.replace('./', '')}`,
    },
  ));

test('the nearest name is the quick fix, at the name itself', () => {
  const text = 'block B(x: [4]) -> [4] { return FFN(x, hiden: 8) }\n';
  const [found] = diagnosticsOf(text);
  const [fix] = found?.fixes ?? [];
  const [edit] = fix?.edits ?? [];
  expect(fix?.title).toBe('Change to hidden');
  expect([text.slice(edit?.source.start, edit?.source.end), edit?.text]).toEqual([
    'hiden',
    'hidden',
  ]);
});

test('a misspelt activation suggests the operator', () =>
  check(`
block B(x: [4]) -> [4] {
  return FFN(x, hidden: 8, activation: rellu)
//                                     ^^^^^ TB016: rellu is not an elementwise operator or a block of one tensor. Did you mean relu?
}
`));
