import { test } from 'vitest';
import { parseProgram } from '../../src/syntax/index.ts';
import { complaintsOf, outline } from './outline.ts';
const cases = ['f(,)', 'f(, x)', 'f(x y)', 'f(x, , z)', 'f(x, +)', 'f(x +, z)', 'f(x: )', 'f(x, y: , z)', '[1, , 2]', 'x[, 1]', 'x[1, , 2]', 'f(g(x, , y), z)', 'f(x)(y)', 'f(x,, z) + (a b)'];
test('x', () => {
  for (const c of cases) { const t = `block B(x: [n]) { y = ${c}\n z = 1 }`; console.log(`${c}\n   ==> ${complaintsOf(t).map((m) => JSON.stringify(m)).join('\n       ')}\n   ${outline(parseProgram(t).program).slice(90)}`); }
  const p = `block X(x: [..., n], e: number = 1e-5) -> [n] {\n  q = rearrange(x @ W_Q, "a -> b", h: heads)\n  x += MultiHeadAttention(LayerNorm(x) as ln_1, heads: heads, causal: true) as attn\n  if a != none { y = gamma * (x - mean(x, keepdims: true)) / sqrt(var(x, keepdims: true) + eps) + beta }\n  z = x[..., 0:3]\n  return x\n}\n`;
  const big = p.repeat(143);
  for (let i = 0; i < 6; i++) { const t = performance.now(); parseProgram(big); console.log(big.split('\n').length, 'lines', performance.now() - t); }
});
