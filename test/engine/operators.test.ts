import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../src/engine/index.ts';
import { ops } from '../../src/ops/index.ts';
import { operatorCases } from './operator-cases.ts';
import { GraphBuilder } from './small-graphs.ts';
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

  test.each(['sin', 'cos'])('%s is exact over many turns', async (name) => {
    const op = ops.find((each) => each.name === name);
    if (op === undefined) throw new Error(`There is no operator ${name}.`);
    const builder = new GraphBuilder();
    const angles = Float64Array.from({ length: 4001 }, (_, i) => Math.fround((i - 2000) / 1.7));
    builder.apply(op, { x: builder.input('x', [4001], angles) }, [4001]);
    const small = builder.build();
    const [actual, expected] = [await lastValues(backend, small), await referenceValues(small)];
    expect(largestError(actual, expected)).toBeLessThanOrEqual(op.tolerance);
  });
});
