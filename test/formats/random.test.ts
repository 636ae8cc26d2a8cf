import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyedStream, numpyRand, type UniformStream } from '../../src/formats/index.ts';
import { golden } from './golden.ts';

function numpyStream(seed: number): UniformStream {
  const stream = numpyRand(seed);
  if (!stream.ok) throw new Error(stream.error.message);
  return stream.value;
}

function draw(count: number, next: () => number): number[] {
  return Array.from({ length: count }, next);
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const covariance = mean(a.map((x, i) => (x - meanA) * ((b[i] ?? 0) - meanB)));
  const variance = (values: readonly number[], center: number) =>
    mean(values.map((x) => (x - center) ** 2));
  return covariance / Math.sqrt(variance(a, meanA) * variance(b, meanB));
}

describe('numpyRand', () => {
  test('np.random.seed(42); np.random.rand(5)', () => {
    expect(draw(5, numpyStream(42).uniform)).toEqual([
      0.3745401188473625, 0.9507143064099162, 0.7319939418114051, 0.5986584841970366,
      0.15601864044243652,
    ]);
  });

  test.each(golden.rand)('seed $seed, at once and after 100 000 numbers', (expected) => {
    const { uniform } = numpyStream(expected.seed);
    expect(draw(5, uniform)).toEqual(expected.first);
    draw(100_000, uniform);
    expect(draw(3, uniform)).toEqual(expected.later);
  });

  test.each([-1, 2 ** 32, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('no seed is %d', (seed) => {
    expect(numpyRand(seed)).toEqual({
      ok: false,
      error: {
        code: 'range',
        message: `The seed ${seed} is outside what NumPy's generator takes. Use a whole number from 0 to 4294967295.`,
      },
    });
  });
});

describe('keyedStream', () => {
  test.each(golden.keyed)('seed $seed, key "$key" is the documented generator', (expected) => {
    expect(draw(4, keyedStream(expected.seed, expected.key).uniform)).toEqual(expected.uniform);
  });

  test('normal numbers are pairs of the polar method on the uniform ones', () => {
    const stream = keyedStream(1, 'W');
    const { uniform } = keyedStream(1, 'W');
    let [x, y, square] = [1, 1, 2];
    while (square >= 1) {
      [x, y] = [2 * uniform() - 1, 2 * uniform() - 1];
      square = x * x + y * y;
    }
    const scale = Math.sqrt((-2 * Math.log(square)) / square);
    expect([stream.normal(), stream.normal()]).toEqual([x * scale, y * scale]);
    expect(stream.uniform()).toBe(uniform());
  });

  test('the same seed and key give the same numbers, whatever was drawn elsewhere', () => {
    fc.assert(
      fc.property(fc.integer(), fc.string(), (seed, key) => {
        const first = draw(6, keyedStream(seed, key).normal);
        keyedStream(seed, `${key}.`).normal();
        expect(draw(6, keyedStream(seed, key).normal)).toEqual(first);
      }),
    );
  });

  test('uniform numbers lie in [0, 1), with their mean, variance and shares', () => {
    const values = draw(200_000, keyedStream(42, 'blocks.0.attn.W_Q').uniform);
    expect(values.every((x) => x >= 0 && x < 1)).toBe(true);
    expect(mean(values)).toBeCloseTo(1 / 2, 2);
    expect(mean(values.map((x) => (x - 0.5) ** 2))).toBeCloseTo(1 / 12, 2);
    const shares = Array.from({ length: 10 }, () => 0);
    for (const x of values) shares[Math.floor(x * 10)] = (shares[Math.floor(x * 10)] ?? 0) + 1;
    for (const share of shares) expect(share / values.length).toBeCloseTo(0.1, 2);
  });

  test('normal numbers have mean 0, variance 1, skewness 0 and kurtosis 3', () => {
    const values = draw(200_000, keyedStream(42, 'blocks.0.attn.W_K').normal);
    expect(Math.abs(mean(values))).toBeLessThan(0.01);
    expect(Math.abs(mean(values.map((x) => x ** 2)) - 1)).toBeLessThan(0.02);
    expect(Math.abs(mean(values.map((x) => x ** 3)))).toBeLessThan(0.03);
    expect(Math.abs(mean(values.map((x) => x ** 4)) - 3)).toBeLessThan(0.1);
  });

  test.each([
    ['keys', keyedStream(42, 'blocks.0.W'), keyedStream(42, 'blocks.1.W')],
    ['seeds', keyedStream(42, 'W'), keyedStream(43, 'W')],
    ['a digit that moves from seed to key', keyedStream(1, '2'), keyedStream(12, '')],
  ])('streams of different %s are uncorrelated', (_, a, b) => {
    const [first, second] = [draw(50_000, a.normal), draw(50_000, b.normal)];
    expect(Math.abs(correlation(first, second))).toBeLessThan(0.02);
    expect(Math.abs(correlation(first.slice(1), first.slice(0, -1)))).toBeLessThan(0.02);
  });
});
