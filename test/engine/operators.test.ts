import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../src/engine/index.ts';
import { operatorCases } from './operator-cases.ts';
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
});
