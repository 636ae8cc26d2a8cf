import { test } from 'vitest';
import { check } from './check.ts';

test('slices count from the front and from the end, and never clamp', () =>
  check(`
dims { N = 4, d = 6 }
block B(x: [N, d]) -> [N, 2] {
  a: [2, d] = x[1:3]
  b: [N] = x[:, -1]
  c: [N, d - 3] = x[..., 3:]
  e: [N, 1, d] = x[:, none]
  f: [d - 2, N] = x[..., 1:-1].T
  g = x[0:5]
//    ^^^^^^ TB107: The end of the slice is 5, beyond N = 4.
  h = x[:, d]
//    ^^^^^^^ TB107: The index is d = 6, beyond d - 1 = 5.
  i = x[0, 0, 0]
//    ^^^^^^^^^^ TB106: 3 indices for a tensor [N, d].
  return x[:, 0:2]
}
`));

test('an int tensor gathers along the first axis', () =>
  check(`
dims { T, V = 10, d = 4 }
block B(tokens: int[T], x: [T, d]) -> [T, d] {
  param W: [V, d]
  a = W[x]
//      ^ TB016: x is [T, d] of f32, but an index is an int tensor.
  return W[tokens]
}
`));

test('einops and einsum patterns are checked against their operands', () =>
  check(`
dims { N = 4, d = 6, h = 2 }
block B(x: [N, d]) -> [h, N, d / h] {
  q = rearrange(x, "n (h k) -> h n k", h: h)
  scores: [h, N, N] = einsum("h n k, h m k -> h n m", q, q)
  bad = rearrange(x, "a b c -> c b a")
//                ^ TB106: The pattern "a b c -> c b a" takes 3 axes, but x is [N, d].
  return q
}
`));
