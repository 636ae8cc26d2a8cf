/** What NumPy and the safetensors library themselves made of the same input; golden.py says how. */
import { readFileSync } from 'node:fs';
import type { NumpyTextOptions } from '../../src/formats/index.ts';

interface GoldenArray {
  readonly name: string;
  readonly shape: readonly number[];
  /** As Python writes floats, with spaces between. */
  readonly values: string;
}

interface Golden {
  readonly printed: readonly (GoldenArray & {
    readonly dtype: 'float64' | 'float32' | 'int32' | 'int64' | 'bool';
    readonly options: Partial<NumpyTextOptions>;
    readonly text: readonly string[];
  })[];
  readonly npy: readonly (GoldenArray & {
    readonly kind: 'float' | 'int' | 'bool';
    readonly base64: string;
  })[];
  readonly npz: Readonly<Record<'stored' | 'compressed', string>>;
  readonly rand: readonly {
    readonly seed: number;
    readonly first: readonly number[];
    readonly later: readonly number[];
  }[];
  readonly keyed: readonly {
    readonly seed: number;
    readonly key: string;
    readonly uniform: readonly number[];
  }[];
  readonly saved: string;
}

export const golden: Golden = JSON.parse(
  readFileSync(new URL('golden.json', import.meta.url), 'utf8'),
);

const special: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
};

export function goldenValues({ values }: GoldenArray): number[] {
  if (values === '') return [];
  return values.split(' ').map((text) => special[text] ?? Number(text));
}
