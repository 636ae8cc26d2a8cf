import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../src/engine/index.ts';
import { ops } from '../../src/ops/index.ts';
import { operatorCases } from './operator-cases.ts';
import { GraphBuilder, sampleValues } from './small-graphs.ts';
import {
  kernelBackends,
  largestError,
  lastValues,
  openBackend,
  referenceValues,
} from './test-backends.ts';

// Every example of every operator, on every form of the kernels, against the float64 reference.
describe.each(kernelBackends)('%s', (name) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await openBackend(name);
  });
  afterAll(() => backend.close());

  test.each(operatorCases())('$label', async ({ op, build }) => {
    const small = build();
    const [actual, expected] = [await lastValues(backend, small), await referenceValues(small)];
    expect(largestError(actual, expected)).toBeLessThanOrEqual(op.tolerance);
  });

  const expectExact = async (name: string, data: Float64Array, call: Call) => {
    const op = ops.find((each) => each.name === name);
    if (op === undefined) throw new Error(`There is no operator ${name}.`);
    const { from, to, ...statics } = call;
    const builder = new GraphBuilder();
    builder.apply(op, { x: builder.input('x', from, data) }, to, statics);
    const small = builder.build();
    const [actual, expected] = [await lastValues(backend, small), await referenceValues(small)];
    expect(largestError(actual, expected)).toBeLessThanOrEqual(op.tolerance);
  };

  test.each(['sin', 'cos'])('%s is exact over many turns', async (name) => {
    const angles = Float64Array.from({ length: 4001 }, (_, i) => Math.fround((i - 2000) / 1.7));
    await expectExact(name, angles, { from: [4001], to: [4001] });
  });

  test('adds up along any axis', async () => {
    const values = sampleValues(2 * 103 * 3);
    for (const axis of [0, 1, 2]) {
      const shape = [2, 103, 3];
      await expectExact('cumsum', values, { from: shape, to: shape, attributes: { axis } });
    }
  });

  test('finds the largest values, of equal ones the first', async () => {
    const values = Float64Array.from({ length: 2 * 500 }, (_, i) => (i * 37) % 23);
    for (const output of ['values', 'indices']) {
      for (const k of [1, 7, 100]) {
        const call = { from: [2, 500], to: [2, k], attributes: { k }, output };
        await expectExact('top_k', values, call);
      }
    }
  });
});

interface Call {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly attributes?: Readonly<Record<string, number>>;
  readonly output?: string;
}
