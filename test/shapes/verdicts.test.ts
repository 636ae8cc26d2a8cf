import { expect, test } from 'vitest';
import { check, diagnosticsOf } from './check.ts';

test('axes that are equal for all values are fine, however they are written', () =>
  check(`
dims { N, d = 8, heads = 2, d_k = d / heads, d_ff = 4 * d }
block B(x: [N, heads * d_k], y: [N, d], z: [N, d_ff / 4]) -> [N, d] {
  return x + y + z
}
`));

test('axes that can never be equal are an error', () =>
  check(`
dims { N, d }
block B(x: [N, d], y: [N, d + 1]) -> [N, d] {
  return x + y
//           ^ TB101: The axes of x and y do not agree: d and d + 1.
}
`));

test('axes that differ for the current values are an error that shows the values', () =>
  check(`
dims { N, d = 8, k = 4 }
block B(x: [N, d], W: [k, d]) -> [N, d] {
  return x @ W
//           ^ TB102: The axes of x and W do not agree: d = 8 and k = 4.
}
`));

test('axes that agree only for the current values are a warning', () =>
  check(`
dims { N, d = 8, k = 8 }
block B(x: [N, d], W: [k, d]) -> [N, d] {
  return x @ W
//           ^ TB103: The axes of x and W do not agree in general: they agree only while d = k = 8.
}
`));

test('what depends on a dim without a value is a warning that names the dim', () =>
  check(`
dims { N, M, d = 8 }
block B(x: [N, d], y: [M, d]) -> [N, d] {
  return x + y
//           ^ TB104: The axes of x and y do not agree unless N = M: N, M have no value.
}
`));

test('the checker may use a where condition', () =>
  check(`
dims { N, d, heads where heads * 64 == d }
block B(x: [N, d], W: [heads * 64, d]) -> [N, d] {
  return x @ W
}
`));

test('a where condition that does not hold is reported at the condition', () =>
  check(`
dims { d = 100, heads = 2 where heads * 64 == d }
//                              ^^^^^^^^^^^^^^^ TB024: heads * 64 == d does not hold: 64·heads = 128 and d = 100.
`));

test('a mismatch shows both shapes, symbolic and numeric, aligned, and where the axes come from', () => {
  const [found, ...others] = diagnosticsOf(`dims { N = 3, d = 4, d_ff = 4 * d }
block B(x: [N, d]) -> [N, d] {
  param W: [d_ff, d]
  return x @ W
}
`);
  expect(others).toEqual([]);
  expect(found?.message).toBe(
    [
      'The axes of x and W do not agree: d = 4 and d_ff = 16.',
      '  x  [N, d]        = [3, 4]',
      '  W     [d_ff, d]  =    [16, 4]',
      '         ~~~~',
    ].join('\n'),
  );
  expect(found?.related.map(({ message }) => message)).toEqual([
    'x: [N, d] comes from here',
    'W: [d_ff, d] comes from here',
    'd = 4 is declared here',
    'd_ff = 4·d = 16 is declared here',
  ]);
});

test('a division that leaves a remainder is reported where it is written', () =>
  check(`
dims { d = 10, heads = 4, d_k = d / heads }
//                        ^^^ TB105: d_k = d / heads is 10 / 4, which leaves a remainder. In a length / is exact.
`));

test('uses of a broken value report nothing further', () =>
  check(`
dims { N, d = 4 }
block B(x: [N, d]) -> [N, d] {
  y = x @ W
//        ^ TB010: No value W is known here.
  z = LayerNorm(y) @ x
  return z + y
}
`));

test('only an axis of literal length 1 broadcasts', () =>
  check(`
dims { N = 1, M = 3, d = 4 }
block B(x: [N, d], y: [M, d], row: [1, d], bias: [d]) -> [M, d] {
  a = y + row + bias
  return a + x
//           ^ TB102: The axes of a and x do not agree: M = 3 and N = 1.
}
`));

test('a repeat must keep the shape that it carries, reported at the last assignment', () =>
  check(`
dims { N = 2, d = 4 }
block B(x: [N, d]) -> [N, d] {
  repeat 3 as layers {
    x = LayerNorm(x)
    x = concat(x, x)
//  ^ TB109: x enters a copy as [N, d] and leaves it as [N, 2·d], so the copies cannot be stacked.
  }
  return x
}
`));

test('a residual write must fit its stream', () =>
  check(`
dims { N = 2, d = 4 }
block B(x: [N, d]) -> [N, d] {
  x += FFN(x, hidden: 8)
  x += x[:, 0:2]
//     ^^^^^^^^^ TB102: The write does not fit the stream x: d = 4 and 2.
  return x
}
`));

test('generics are bound by the argument and checked against the others', () =>
  check(`
dims { N = 2, d = 4, k = 3 }
block Mix(a: [..., n], b: [..., n]) -> [..., n] {
  return a * b
}
block B(x: [N, d], y: [N, k]) -> [N, d] {
  return Mix(x, y)
//              ^ TB102: y does not fit b: k = 3 and d = 4.
}
`));
