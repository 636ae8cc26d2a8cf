import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addDims,
  type Dim,
  divideDims,
  evaluateDim,
  formatDim,
  literalDim,
  localSymbol,
  multiplyDims,
  sameDim,
  substituteDim,
  subtractDims,
  symbolDim,
} from '../../src/dims/index.ts';

const [d, heads, N] = ['d', 'heads', 'N'].map(symbolDim) as [Dim, Dim, Dim];
const quotient = (a: Dim, b: Dim) => {
  const result = divideDims(a, b);
  if (result === undefined) throw new Error('The divisor is 0.');
  return result;
};

/** Small dims over two symbols, without division. */
const anyDim: fc.Arbitrary<Dim> = fc.letrec<{ dim: Dim }>((tie) => ({
  dim: fc.oneof(
    { maxDepth: 4 },
    fc.integer({ min: -4, max: 9 }).map(literalDim),
    fc.constantFrom(d, heads),
    fc.tuple(tie('dim'), tie('dim')).map(([a, b]) => addDims(a, b)),
    fc.tuple(tie('dim'), tie('dim')).map(([a, b]) => multiplyDims(a, b)),
    fc.tuple(tie('dim'), tie('dim')).map(([a, b]) => subtractDims(a, b)),
  ),
})).dim;

describe('the algebra of lengths', () => {
  test('(d / heads) · heads is d', () => {
    expect(formatDim(multiplyDims(quotient(d, heads), heads))).toBe('d');
  });

  test('a sum of several terms divides exactly where it is a factor', () => {
    const product = multiplyDims(addDims(d, N), addDims(heads, literalDim(2)));
    expect(formatDim(quotient(product, addDims(d, N)))).toBe('heads + 2');
  });

  test('addition and multiplication commute and distribute', () =>
    fc.assert(
      fc.property(anyDim, anyDim, anyDim, (a, b, c) => {
        expect(sameDim(addDims(a, b), addDims(b, a))).toBe(true);
        expect(sameDim(multiplyDims(a, b), multiplyDims(b, a))).toBe(true);
        expect(
          sameDim(multiplyDims(a, addDims(b, c)), addDims(multiplyDims(a, b), multiplyDims(a, c))),
        ).toBe(true);
      }),
    ));

  test('division undoes multiplication', () =>
    fc.assert(
      fc.property(anyDim, anyDim, (a, b) => {
        fc.pre(b.numerator.length > 0);
        expect(sameDim(quotient(multiplyDims(a, b), b), a)).toBe(true);
      }),
    ));

  test('equal dims have equal values, and arithmetic agrees with numbers', () =>
    fc.assert(
      fc.property(anyDim, anyDim, fc.nat(20), fc.nat(20), (a, b, x, y) => {
        const value = (dim: Dim) => {
          const result = evaluateDim(dim, (symbol) => (symbol === 'd' ? x : y));
          // Adding 0 turns -0 into 0.
          return result.kind === 'value' ? result.value + 0 : Number.NaN;
        };
        expect(value(multiplyDims(a, b))).toBe(value(a) * value(b) + 0);
        expect(value(subtractDims(a, b))).toBe(value(a) - value(b));
      }),
    ));
});

test('a division that leaves a remainder is told apart from a missing value', () => {
  const d_k = quotient(d, heads);
  const values = new Map([
    ['d', 10],
    ['heads', 4],
  ]);
  expect(evaluateDim(d_k, (symbol) => values.get(symbol))).toEqual({
    kind: 'inexact',
    dividend: 10,
    divisor: 4,
  });
  expect(evaluateDim(d_k, () => undefined)).toEqual({ kind: 'free', symbols: ['d', 'heads'] });
});

test.each([
  [multiplyDims(literalDim(4), d), '4·d'],
  [addDims(multiplyDims(d, heads), literalDim(-1)), 'd·heads - 1'],
  [quotient(addDims(d, literalDim(1)), heads), '(d + 1) / heads'],
  [quotient(d, multiplyDims(literalDim(2), heads)), 'd / (2·heads)'],
  [symbolDim(localSymbol('file#FFN', 'hidden')), 'hidden'],
])('dims are written as people write them: %#', (dim, text) => {
  expect(formatDim(dim)).toBe(text);
});

test('a divisor that becomes 0 leaves no dim', () => {
  expect(
    substituteDim(quotient(d, heads), (s) => (s === 'heads' ? literalDim(0) : undefined)),
  ).toBe(undefined);
});
