import { describe, expect, it } from 'vitest';
import { lineText, lookAt } from '../../src/views/index.ts';

const axes = (...sizes: number[]) => sizes.map((size) => ({ name: `${size}`, size }));
const textOf = (sizes: number[], data: number[]) =>
  lineText({ axes: axes(...sizes), look: lookAt(Float64Array.from(data)) });

describe('the end of a line', () => {
  it('shows the shape, mean and spread, the norm, and how the values are distributed', () => {
    const { text, trouble } = textOf([2, 4], [0, 1, 1, 1, 1, 2, 3, 7]);

    expect(text).toBe('[2, 4]  2 ± 2.06  ‖8.12‖  ▃█▃▃   ▃');
    expect(trouble).toBe('');
  });

  it('does not take rounding for a mean', () => {
    expect(textOf([2], [1, -1 + 1e-9]).text).toContain('0 ± 1');
  });

  it('of a number is the number', () => {
    expect(textOf([], [0.125]).text).toBe('[]  0.125');
  });

  it('of values that are all the same has no picture', () => {
    expect(textOf([3], [2, 2, 2]).text).toBe('[3]  2 ± 0  ‖3.46‖');
  });

  it('says how many values are not finite', () => {
    expect(textOf([4], [1, 2, Number.NaN, Number.POSITIVE_INFINITY])).toMatchObject({
      trouble: '1 NaN 1 infinite',
    });
    expect(textOf([2], [Number.NaN, Number.NaN])).toEqual({ text: '[2]', trouble: '2 NaN' });
  });

  it('of what is too large to be looked at is its shape', () => {
    expect(lineText({ axes: axes(5, 6), look: undefined })).toEqual({
      text: '[5, 6]',
      trouble: '',
    });
  });
});
