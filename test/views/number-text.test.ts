import { expect, test } from 'vitest';
import { axesText, countText, durationText, numberText } from '../../src/views/index.ts';

test.each([
  [0, '0'],
  [12, '12'],
  [-3, '−3'],
  [0.43125, '0.4313'],
  [-12.3456, '−12.35'],
  [12345.6, '12346'],
  [0.00012345, '1.23e−4'],
  [1234567.8, '1.23e6'],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '−∞'],
])('%d reads %s', (value, text) => {
  expect(numberText(value)).toBe(text);
});

test('durations and shapes', () => {
  expect([0.42, 12.4, 1340, 125_000].map(durationText)).toEqual([
    '0.4 ms',
    '12 ms',
    '1.3 s',
    '2 min 5 s',
  ]);
  expect(
    axesText([
      { name: 'N', size: 12 },
      { name: '3', size: 3 },
    ]),
  ).toBe('[N=12, 3]');
});

test('counts', () => {
  expect([768, 38_597_376, 124_439_808, 999_999, 1.5e9].map(countText)).toEqual([
    '768',
    '38.6 M',
    '124 M',
    '1 M',
    '1.5 G',
  ]);
});
