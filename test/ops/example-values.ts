/** The tensors of the records' examples, made the same for the goldens and for the tests. */
import type { ExampleTensor, HostTensor } from '../../src/ops/index.ts';

export function tensorOf(example: ExampleTensor): HostTensor {
  if (typeof example === 'number') return { shape: [], data: Float64Array.of(example) };
  if ('normal' in example) return normalTensor(example.normal, example.seed);
  const parts = example.map(tensorOf);
  return {
    shape: [parts.length, ...(parts[0]?.shape ?? [])],
    data: Float64Array.from(parts.flatMap(({ data }) => [...data])),
  };
}

/** Roughly normal multiples of 1/1024, so that float32 holds them exactly. */
function normalTensor(shape: readonly number[], seed: number): HostTensor {
  const count = shape.reduce((product, length) => product * length, 1);
  let state = seed * 0x9e3779b9;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const data = Float64Array.from({ length: count }, () => {
    const sum = Array.from({ length: 12 }, uniform).reduce((a, b) => a + b, -6);
    return Math.round(sum * 1024) / 1024;
  });
  return { shape, data };
}
