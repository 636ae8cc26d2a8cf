import { expect, test } from 'vitest';
import { outcome } from './run-text.ts';

test('a program runs as far as its first broken value, and says what is wrong with it', async () => {
  const result = await outcome(`
dims { N = 2, d = 4, k = 3 }
block B(x: [N, d]) -> [N, k] {
  h = exp(x)
  param W: [k, k]
  y = h @ W
  return y
}
`);
  if (result.kind === 'rejected') expect.fail(result.diagnostics[0]?.message);
  const { trace, diagnostics } = result;

  expect([...trace.tensors.keys()]).toEqual(['x', 'h', 'W']);
  expect((await trace.read('h'))?.data).toHaveLength(8);
  expect(diagnostics.map(({ code }) => code)).toEqual(['TB102']);
  expect(trace.statements.map(({ text, verdict }) => `${verdict}: ${text}`)).toEqual([
    'equal: h = exp(x)',
    'equal: param W: [k, k]',
    'error: y = h @ W',
    'error: return y',
  ]);
});
