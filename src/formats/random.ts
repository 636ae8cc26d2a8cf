/** Random numbers that every machine reproduces: NumPy's legacy stream, and one stream for each parameter. */

import { createHash } from 'node:crypto';
import { t } from '@vscode/l10n';
import { mersenne } from 'pure-rand/generator/mersenne';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { FormatError } from './format-error.ts';
import { fail, type Result, succeed } from './result.ts';

export interface UniformStream {
  /** The next number in [0, 1), a multiple of 2^-53. */
  readonly uniform: () => number;
}

export interface RandomStream extends UniformStream {
  /** The next number of mean 0 and variance 1. */
  readonly normal: () => number;
}

/**
 * The stream of `np.random.seed(seed)` followed by calls of `np.random.rand`, bit for bit, in row-major order:
 * MT19937 started with init_genrand (Matsumoto and Nishimura, 1998), two 32-bit outputs per number.
 * Errors: `range` where the seed is not a whole number from 0 to 2^32 - 1, which NumPy refuses too.
 */
export function numpyRand(seed: number): Result<UniformStream, FormatError> {
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
    return fail({
      code: 'range',
      message: t`The seed ${seed} is outside what NumPy's generator takes. Use a whole number from 0 to 4294967295.`,
    });
  }
  const generator = mersenne(seed);
  return succeed({ uniform: () => uniformFrom(generator) });
}

/**
 * The stream of the parameter at path `key` in a run with this seed. Streams of different seeds or keys are unrelated.
 *
 * The generator is xoroshiro128+ with the constants 24, 16, 37 (Blackman and Vigna, 2018), of which the lower 32 bits
 * of each output are used. Its state is the first 16 bytes of the SHA-256 of the UTF-8 text `seed`, line feed, `key`,
 * with the seed in decimal: s0 is bytes 0 to 7 and s1 bytes 8 to 15, both big-endian.
 * A uniform number takes two outputs a and b, as NumPy does: (⌊a / 2^5⌋ · 2^26 + ⌊b / 2^6⌋) / 2^53.
 * Normal numbers come in pairs from Marsaglia's polar method (1964), which needs only `Math.sqrt`, exact everywhere, and
 * `Math.log`, the same wherever V8 runs; the second of a pair is the next call's result.
 */
export function keyedStream(seed: number, key: string): RandomStream {
  const hash = createHash('sha256').update(`${seed}\n${key}`, 'utf8').digest();
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map((byte) => hash.readInt32BE(byte)));
  const uniform = () => uniformFrom(generator);
  return { uniform, normal: polarNormal(uniform) };
}

/** A double has 53 bits of precision: 27 of one output and 26 of the next. */
function uniformFrom(generator: RandomGenerator): number {
  const high = generator.next() >>> 5;
  const low = generator.next() >>> 6;
  return (high * 2 ** 26 + low) / 2 ** 53;
}

function polarNormal(uniform: () => number): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const kept = spare;
      spare = undefined;
      return kept;
    }
    let x: number;
    let y: number;
    let square: number;
    do {
      x = 2 * uniform() - 1;
      y = 2 * uniform() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square === 0);
    const scale = Math.sqrt((-2 * Math.log(square)) / square);
    spare = y * scale;
    return x * scale;
  };
}
