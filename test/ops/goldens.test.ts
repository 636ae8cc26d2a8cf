import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { ops } from '../../src/ops/index.ts';
import { exampleShape, runCall } from './example-calls.ts';
import { runPlan } from './run-plan.ts';

interface Golden {
  readonly shape: readonly number[];
  readonly data: readonly (number | string)[];
}

const file = new URL('../reference/ops.json', import.meta.url);
const { goldens } = JSON.parse(await readFile(file, 'utf8')) as {
  readonly goldens: Readonly<Record<string, Golden>>;
};

const cases = ops.flatMap((op) =>
  op.examples.map((example, index) => ({ key: `${op.name} ${index + 1}`, op, example })),
);

test('there is a golden result for every example and for nothing else', () => {
  expect(Object.keys(goldens).sort()).toEqual(cases.map(({ key }) => key).sort());
});

describe('every example agrees with PyTorch', () => {
  test.each(cases)('$key', ({ key, op, example }) => {
    const golden = goldens[key] as Golden;
    const shape = exampleShape(op, example);
    expect(shape).toEqual(golden.shape);
    const expected = golden.data.map(Number);
    expect(differences(op.reference(runCall(op, example, shape)), expected, 2e-12)).toEqual([]);
    const single = runPlan(op, example, shape);
    expect(differences(single, expected, Math.max(op.tolerance, 2 ** -23))).toEqual([]);
  });
});

/** The values that differ by more than the tolerance, relative to max(1, |value|); -inf and NaN must be themselves. */
function differences(
  actual: ArrayLike<number>,
  expected: readonly number[],
  tolerance: number,
): readonly string[] {
  if (actual.length !== expected.length) return [`${actual.length} values, not ${expected.length}`];
  return expected.flatMap((wanted, i) => {
    const found = actual[i] as number;
    const close = Math.abs(found - wanted) <= tolerance * Math.max(1, Math.abs(wanted));
    return close || Object.is(found, wanted) ? [] : [`${i}: ${found}, not ${wanted}`];
  });
}
