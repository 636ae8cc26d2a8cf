import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/engine/index.ts';
import type { Trace } from '../../src/trace/index.ts';
import { engineOf } from './engines.ts';
import { largestError, outcomeOf } from './run-text.ts';

const text = `
dims { T V = 40 d = 16 }
model Small {
  input tokens: int[T]
  param wte: [V, d] = normal()
  x = wte[tokens]
  repeat 2 as blocks {
    x = PreNormBlock(x, heads: 2, hidden: 32, causal: true)
  }
  x = LayerNorm(x) as ln_f
  output logits = x @ wte.T
}
run demo for Small { tokens = [3, 1, 4, 1, 5] }`;

describe.each(['reference', 'simd'] as const)('on %s', (name) => {
  let engine: Engine;
  let trace: Trace;
  beforeAll(async () => {
    engine = await engineOf(name);
    const result = await outcomeOf(engine, '/nowhere/small.tblock', text);
    if (result.kind !== 'done') throw new Error(result.diagnostics[0]?.message);
    trace = result.trace;
  });
  afterAll(() => engine.close());

  const last = () => trace.streams[0]?.steps.findLast(({ kind }) => kind === 'write')?.path ?? '';
  const replayed = async (state: Float32Array | Float64Array, rows: number) =>
    trace.replay(last(), 'logits', state, rows);

  test('the state as it was gives the logits of the run, by its backend and in float64', async () => {
    const state = Float32Array.from((await trace.read(last()))?.data ?? []);
    const logits = [...((await trace.read('logits'))?.data ?? [])];
    for (const values of [state, Float64Array.from(state)]) {
      const again = await replayed(values, 5);
      expect(again?.constructor.name).toBe(
        values instanceof Float64Array || name === 'reference' ? 'Float64Array' : 'Float32Array',
      );
      expect(largestError([...(again ?? [])], logits)).toBeLessThan(1e-5);
    }
  });

  test('more rows than the run has tokens', async () => {
    const state = Float32Array.from((await trace.read(last()))?.data ?? []);
    const twice = Float32Array.from([...state, ...state]);
    const again = [...((await replayed(twice, 10)) ?? [])];
    expect(again.length).toBe(10 * 40);
    expect(again.slice(0, 200)).toEqual(again.slice(200));
  });

  test('what does not depend on it has no values for it', async () => {
    expect(await trace.replay('logits', last(), new Float32Array(40), 1)).toBeUndefined();
  });
});
