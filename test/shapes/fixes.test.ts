import { describe, expect, test } from 'vitest';
import { checkFix, fixTitles } from './fix.ts';

describe('an operand', () => {
  test('is transposed where the product fits then', () =>
    checkFix(
      'TB102',
      'Transpose k',
      'dims { N = 6, d_k = 4 }\nblock S(q: [N, d_k], k: [N, d_k]) -> [N, N] {\n  return q @ k‸\n}\n',
      'dims { N = 6, d_k = 4 }\nblock S(q: [N, d_k], k: [N, d_k]) -> [N, N] {\n  return q @ k.T\n}\n',
    ));

  test('is put in parentheses where it must', () =>
    checkFix(
      'TB102',
      'Transpose -k',
      'dims { N = 6, d_k = 4 }\nblock S(q: [N, d_k], k: [N, d_k]) -> [N, N] {\n  return q @ ‸-k\n}\n',
      'dims { N = 6, d_k = 4 }\nblock S(q: [N, d_k], k: [N, d_k]) -> [N, N] {\n  return q @ (-k).T\n}\n',
    ));

  test('loses a transpose that is one too many', () =>
    checkFix(
      'TB102',
      'Use W without .T',
      'dims { N = 6, d = 4, m = 8 }\nblock P(x: [N, d], W: [d, m]) -> [N, m] {\n  return x @ W.T‸\n}\n',
      'dims { N = 6, d = 4, m = 8 }\nblock P(x: [N, d], W: [d, m]) -> [N, m] {\n  return x @ W\n}\n',
    ));

  test('is rearranged to the axes of the other one', () =>
    checkFix(
      'TB102',
      'Rearrange y: "N heads d_k -> heads N d_k"',
      'dims { N = 6, heads = 2, d_k = 4 }\nblock A(x: [heads, N, d_k], y: [N, heads, d_k]) -> [heads, N, d_k] {\n  return x + y‸\n}\n',
      'dims { N = 6, heads = 2, d_k = 4 }\nblock A(x: [heads, N, d_k], y: [N, heads, d_k]) -> [heads, N, d_k] {\n  return x + rearrange(y, "N heads d_k -> heads N d_k")\n}\n',
    ));
});

describe('a declaration', () => {
  test('of a parameter takes the axis that it meets', () =>
    checkFix(
      'TB101',
      'Declare W as [d, d]',
      'dims { N = 6, d = 4, d_ff = 4 * d }\nblock P(x: [N, d]) -> [N, d] {\n  param W: [d_ff, d]\n  return x @ W‸\n}\n',
      'dims { N = 6, d = 4, d_ff = 4 * d }\nblock P(x: [N, d]) -> [N, d] {\n  param W: [d, d]\n  return x @ W\n}\n',
    ));

  test('of a result takes the shape of what is returned, as the language writes it', () =>
    checkFix(
      'TB101',
      'Declare P as [N, 4·d]',
      'dims { N = 6, d = 4 }\nblock P(x: [N, d]) -> [N, d] {\n  param W: [d, 4 * d]\n  return x‸ @ W\n}\n',
      'dims { N = 6, d = 4 }\nblock P(x: [N, d]) -> [N, 4 * d] {\n  param W: [d, 4 * d]\n  return x @ W\n}\n',
    ));

  test('of a value takes its rank', () =>
    checkFix(
      'TB106',
      'Declare m as [N]',
      'dims { N = 6, d = 4 }\nmodel P {\n  input x: [N, d]\n  m: [N, d] = ‸mean(x)\n  output y = exp(m)\n}\n',
      'dims { N = 6, d = 4 }\nmodel P {\n  input x: [N, d]\n  m: [N] = mean(x)\n  output y = exp(m)\n}\n',
    ));
});

describe('heads', () => {
  test('are merged for a residual write', () =>
    checkFix(
      'TB106',
      'Rearrange z: "heads N d_k -> N (heads d_k)"',
      'dims { N = 6, d = 8, heads = 2, d_k = d / heads }\nblock A(x: [N, d], z: [heads, N, d_k]) -> [N, d] {\n  x += z‸\n  return x\n}\n',
      'dims { N = 6, d = 8, heads = 2, d_k = d / heads }\nblock A(x: [N, d], z: [heads, N, d_k]) -> [N, d] {\n  x += rearrange(z, "heads N d_k -> N (heads d_k)")\n  return x\n}\n',
    ));

  test('are split for a declared shape, with the length that this needs', () =>
    checkFix(
      'TB106',
      'Rearrange x: "N (heads d_k) -> heads N d_k"',
      'dims { N = 6, d = 8, heads = 2, d_k = d / heads }\nblock A(x: [N, d]) -> [heads, N, d_k] {\n  return x‸\n}\n',
      'dims { N = 6, d = 8, heads = 2, d_k = d / heads }\nblock A(x: [N, d]) -> [heads, N, d_k] {\n  return rearrange(x, "N (heads d_k) -> heads N d_k", heads: heads)\n}\n',
    ));
});

describe('a dim', () => {
  test('is derived where lengths agree only by coincidence', () =>
    checkFix(
      'TB103',
      'Derive d_k = d / heads in dims',
      'dims { N, d = 8, heads = 2, d_k = 4 }\nblock A(z: [N, heads * d_k], W: [d, d]) -> [N, d] {\n  return z @ W‸\n}\n',
      'dims { N, d = 8, heads = 2, d_k = d / heads }\nblock A(z: [N, heads * d_k], W: [d, d]) -> [N, d] {\n  return z @ W\n}\n',
    ));

  test('without a value is derived from the one it must equal', () =>
    checkFix(
      'TB104',
      'Derive M = N in dims',
      'dims {\n  N // tokens\n  M // memory\n}\nblock A(x: [N], y: [M]) -> [N] {\n  return x + y‸\n}\n',
      'dims {\n  N // tokens\n  M = N // memory\n}\nblock A(x: [N], y: [M]) -> [N] {\n  return x + y\n}\n',
    ));

  test('of a dim becomes a divisor of what it divides', () =>
    checkFix(
      'TB105',
      'Set heads = 4 in dims',
      'dims { N = 6, d = 8, heads = 3 }\nblock A(x: [N, d]) -> [N, d] {\n  return MultiHeadAttention(x, heads: heads‸)\n}\n',
      'dims { N = 6, d = 8, heads = 4 }\nblock A(x: [N, d]) -> [N, d] {\n  return MultiHeadAttention(x, heads: heads)\n}\n',
    ));

  test('is set to the number that it meets', () =>
    checkFix(
      'TB102',
      'Set d = 8 in dims',
      'dims { N, d = 4 }\nblock A(x: [N, d], y: [N, 8]) -> [N, d] {\n  return x + y‸\n}\n',
      'dims { N, d = 8 }\nblock A(x: [N, d], y: [N, 8]) -> [N, d] {\n  return x + y\n}\n',
    ));

  test('that is derived already keeps its definition', () => {
    const titles = fixTitles(
      'dims { N, d = 4, d_ff = 4 * d }\nblock A(x: [N, d], y: [N, d_ff]) -> [N, d] {\n  return x + y‸\n}\n',
    );
    expect(titles.filter((title) => title.includes('dims'))).toEqual([]);
  });
});

describe('a missing argument', () => {
  test('is added with the dim of its name', () =>
    checkFix(
      'TB015',
      'Add heads: heads',
      'dims { N = 6, d = 8, heads = 2 }\nblock A(x: [N, d]) -> [N, d] {\n  return MultiHead‸Attention(x)\n}\n',
      'dims { N = 6, d = 8, heads = 2 }\nblock A(x: [N, d]) -> [N, d] {\n  return MultiHeadAttention(x, heads: heads)\n}\n',
    ));

  test('is added where there is none yet', () =>
    checkFix(
      'TB015',
      'Add x: x',
      'block A(x: [4]) -> [4] {\n  return LayerNorm‸()\n}\n',
      'block A(x: [4]) -> [4] {\n  return LayerNorm(x: x)\n}\n',
    ));
});

describe('an unknown name', () => {
  test.each([
    [
      'a value',
      'TB010',
      'hidden',
      'hiden',
      'block B(x: [4]) -> [4] { hidden = exp(x)\n return @ }',
    ],
    [
      'a value that is written to',
      'TB010',
      'stream',
      'streem',
      'block B(stream: [4]) -> [4] { @ += exp(stream)\n return stream }',
    ],
    [
      'an output',
      'TB010',
      'logits',
      'logit',
      'model M { input x: [4]\n logits = exp(x)\n output @ }',
    ],
    ['a block', 'TB011', 'LayerNorm', 'LayerNom', 'block B(x: [4]) -> [4] { return @(x) }'],
    [
      'a dim',
      'TB012',
      'd_model',
      'd_modl',
      'dims { d_model = 4 }\nblock B(x: [d_model], W: [d_model, 2]) -> [2] { param V: [@, 2]\n return x @ (V + W) }',
    ],
    ['an argument', 'TB014', 'hidden', 'hiden', 'block B(x: [4]) -> [4] { return FFN(x, @: 8) }'],
    [
      'an initialiser',
      'TB110',
      'zeros',
      'zeroes',
      'block B(x: [4]) -> [4] { param b: [4] = @\n return x + b }',
    ],
    [
      'a function',
      'TB016',
      'relu',
      'reluu',
      'block B(x: [4]) -> [4] { return FFN(x, hidden: 8, activation: @) }',
    ],
    [
      'what a run is for',
      'TB201',
      'Block',
      'Blok',
      'block Block(x: [4]) -> [4] { return exp(x) }\nrun r for @ { seed = 1 }',
    ],
    [
      'a path',
      'TB202',
      'hidden',
      'hiden',
      'block B(x: [4]) -> [4] { hidden = exp(x)\n return hidden }\nrun r for B { expect @ : [4] }',
    ],
    [
      'a setting',
      'TB204',
      'seed',
      'sead',
      'block B(x: [4]) -> [4] { return exp(x) }\nrun r for B { @ = 1 }',
    ],
  ])('%s: the nearest one', (_, code, right, wrong, text) =>
    checkFix(code, `Change to ${right}`, text.replace('@', `‸${wrong}`), text.replace('@', right)),
  );
});

describe('what is not used', () => {
  test('goes with its line', () =>
    checkFix(
      'TB303',
      'Remove y',
      'block B(x: [4]) -> [4] {\n  y‸ = exp(x) // not needed\n  return x\n}\n',
      'block B(x: [4]) -> [4] {\n  return x\n}\n',
    ));

  test('goes with its separator', () =>
    checkFix(
      'TB301',
      'Remove M',
      'dims { N = 3, M‸ = 4 }\nblock B(x: [N]) -> [N] { return exp(x) }\n',
      'dims { N = 3 }\nblock B(x: [N]) -> [N] { return exp(x) }\n',
    ));

  test('a parameter goes too', () =>
    checkFix(
      'TB302',
      'Remove W',
      'block B(x: [4]) -> [4] {\n  param W‸: [4, 4]\n  return exp(x)\n}\n',
      'block B(x: [4]) -> [4] {\n  return exp(x)\n}\n',
    ));
});

describe('a comment that ignores', () => {
  test('goes where it silences nothing', () =>
    checkFix(
      'TB305',
      'Remove the comment',
      'block B(x: [4]) -> [4] {\n  return exp(x) // tblock-ignore TB‸303\n}\n',
      'block B(x: [4]) -> [4] {\n  return exp(x)\n}\n',
    ));

  test('gets the code that it meant', () =>
    checkFix(
      'TB304',
      'Change to TB303',
      'block B(x: [4]) -> [4] {\n  y = exp(x) // tblock-ignore TB3‸033\n  return x\n}\n',
      'block B(x: [4]) -> [4] {\n  y = exp(x) // tblock-ignore TB303\n  return x\n}\n',
    ));
});
