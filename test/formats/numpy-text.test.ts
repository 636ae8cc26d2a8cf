import { describe, expect, test } from 'vitest';
import { numpyText } from '../../src/formats/index.ts';
import { golden, goldenValues } from './golden.ts';

describe('numpyText prints what NumPy prints', () => {
  test.each(golden.printed)('$name', (array) => {
    const values = goldenValues(array);
    const data = {
      float64: () => Float64Array.from(values),
      float32: () => Float32Array.from(values),
      int32: () => Int32Array.from(values),
      int64: () => Int32Array.from(values),
      bool: () => Int32Array.from(values),
    }[array.dtype]();
    const kind = array.dtype === 'bool' ? { kind: array.dtype } : {};
    expect(numpyText({ shape: array.shape, data, ...kind }, array.options).split('\n')).toEqual(
      array.text,
    );
  });
});

test('a matrix, to be read here', () => {
  const pattern = Float64Array.of(1, 0, 0.25, 0.75);
  expect(numpyText({ shape: [2, 2], data: pattern })).toBe('[[1.   0.  ]\n [0.25 0.75]]');
});

test('the edges of a large array are printed without looking at the rest', () => {
  const data = new Float32Array(4_000_000).fill(0.5);
  expect(numpyText({ shape: [2000, 2000], data }).split('\n')).toEqual([
    '[[0.5 0.5 0.5 ... 0.5 0.5 0.5]',
    ' [0.5 0.5 0.5 ... 0.5 0.5 0.5]',
    ' [0.5 0.5 0.5 ... 0.5 0.5 0.5]',
    ' ...',
    ' [0.5 0.5 0.5 ... 0.5 0.5 0.5]',
    ' [0.5 0.5 0.5 ... 0.5 0.5 0.5]',
    ' [0.5 0.5 0.5 ... 0.5 0.5 0.5]]',
  ]);
});
