import { expect, test } from 'vitest';
import { shapesView } from '../../src/views/index.ts';
import { run } from './run-text.ts';

test('every statement of a trace has what it costs in that run, calls and copies included', async () => {
  const trace = await run(`dims { N, d = 4, L = 3 }
model M {
  input x: [N, d] = normal(seed: 1)
  repeat L as layers {
    x += FFN(x, hidden: 8, bias: false) as mlp
  }
  output y = x
}
run demo for M { dims { N = 5 } }`);
  const row = shapesView(trace).statements.find(({ text }) => text.startsWith('x += FFN'));
  // Per copy two products of 4 × 8 weights with 5 tokens, an activation of 5 × 8 and an addition of 5 × 4 numbers.
  expect(row?.parameters).toBe(3 * 2 * 4 * 8);
  expect(row?.flops).toBe(3 * (2 * 2 * 5 * 4 * 8 + 5 * 8 + 5 * 4));
  expect(row?.bytes).toBe(4 * 3 * (5 * 8 + 5 * 8 + 5 * 4 + 5 * 4));
  const inner = shapesView(trace).statements.find(({ text }) => text.startsWith('post ='));
  expect(inner?.flops).toBe(3 * 5 * 8);
});
