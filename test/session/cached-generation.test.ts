/** One token per step: a cache gives what the whole sequence gives, and where it cannot, the whole sequence is computed. */
import { describe, expect, test } from 'vitest';
import type { Trace } from '../../src/trace/index.ts';
import { run, values } from './run-text.ts';

const decoder = (body: string, ...lines: readonly string[]) => `
  dims { T, V = 13, d = 8, heads = 2 }
  model LM {
    input tokens: int[T]
    x = Embedding(tokens, vocab: V, width: d) as embed
    ${body}
    output logits = Unembed(x, vocab: V, bias: true) as lm_head
  }
  run r for LM {
    seed = 11
    tokens = [5, 2, 7]
    generate = 8
    temperature = 3
    ${lines.join('\n')}
  }`;

const stack = (block: string) => `repeat 2 as blocks {\n${block}\n}`;

const cached: Readonly<Record<string, string>> = {
  'GPT-2: learned positions, norms before, biases': decoder(
    `x += LearnedPositions(x, max: 32) as positions
     ${stack('x = PreNormBlock(x, heads: heads, hidden: 16, causal: true, bias: true)')}
     x = LayerNorm(x) as ln_f`,
  ),
  'Llama: rotary positions, grouped queries, a gated network': decoder(
    stack(`
      x += MultiHeadAttention(RMSNorm(x), heads: 4, kv_heads: 2, causal: true, rope: true) as attn
      x += GatedFFN(RMSNorm(x) as norm_2, hidden: 12) as mlp`),
  ),
  'Mixtral: every token to two of its experts': decoder(
    stack(`
      x += MultiHeadAttention(RMSNorm(x), heads: heads, causal: true, rope: true) as attn
      x += MixtureOfExperts(RMSNorm(x), experts: 4, active: 2, hidden: 8) as moe`),
  ),
  'BLOOM: a bias by distance': decoder(
    stack('x += MultiHeadAttention(x, heads: heads, causal: true, alibi: true) as attn'),
  ),
  'norms after': decoder(stack('x = PostNormBlock(x, heads: heads, hidden: 16, causal: true)')),
  'attention and network in parallel': decoder(
    stack('x = ParallelBlock(x, heads: heads, hidden: 16, causal: true)'),
  ),
  'query and key norms, capped scores': decoder(
    stack(
      'x += MultiHeadAttention(x, heads: heads, causal: true, qk_norm: true, softcap: 2) as attn',
    ),
  ),
  'part of each head turned, interleaved': decoder(`
    q = rope(x @ eyes(), dim: 4, style: "interleaved")
    s = causal_mask(q @ q.T)
    x = x + softmax(s) @ x`).replace('x @ eyes()', 'x'),
  'an equation in place of a product': decoder(`
    q = rearrange(x, "n (h k) -> h n k", h: heads)
    s = causal_mask(einsum("h n k, h m k -> h n m", q, q) / 2)
    z = einsum("h n m, h m k -> h n k", softmax(s), q)
    x = x + rearrange(z, "h n k -> n (h k)")`),
  'joined, split, turned and transposed': decoder(`
    a, b = split(concat(x, x * 2), 2)
    s = causal_mask((a.T).T @ b.T)
    x = x + softmax(s) @ reshape(reshape(b, [T, 2, 4]), [T, d])`)
    .replace('[T, 2, 4]', 'T, 2, 4')
    .replace('[T, d]', 'T, d'),
};

/** What the whole sequence says of each new token, from the trace over all of them. */
async function fromTrace(trace: Trace): Promise<readonly number[]> {
  const { prompt = [], steps = [] } = trace.generation ?? {};
  const logits = await values(trace, 'logits');
  return steps.map(({ token }, i) => {
    const start = (prompt.length - 1 + i) * 13;
    const powers = logits.slice(start, start + 13).map((logit) => Math.exp(logit));
    return (powers[token] ?? 0) / powers.reduce((a, b) => a + b, 0);
  });
}

describe.each(Object.entries(cached))('%s', (_, text) => {
  test('a step costs one token, and gives what the whole sequence gives', async () => {
    const trace = await run(text);
    expect(trace.generation?.reason).toMatch(/^After the prompt every step computed one token/);
    const whole = await fromTrace(trace);
    const steps = trace.generation?.steps ?? [];
    expect(steps).toHaveLength(8);
    for (const [i, { probability }] of steps.entries()) {
      expect(probability).toBeCloseTo(whole[i] ?? Number.NaN, 10);
    }
  });
});

const whole: Readonly<Record<string, readonly [text: string, reason: RegExp]>> = {
  'attention to later tokens': [
    decoder(stack('x = PreNormBlock(x, heads: heads, hidden: 16, causal: false)')),
    /blocks\.0\.attn\.pattern looks at later tokens/,
  ],
  'a bias by distance to a head for every token': [
    decoder('x = x + alibi(x[:, none])[:, 0]'),
    /is computed from several positions/,
  ],
  'a mean over all positions': [
    decoder('x = x + mean(x, axis: 0, keepdims: true)'),
    /: .* is computed from several positions/,
  ],
};

test.each(Object.entries(whole))('%s: every step computes all of it', async (_, [text, reason]) => {
  const { generation } = await run(text);
  expect(generation?.steps).toHaveLength(8);
  expect(generation?.reason).toMatch(/^Every step computed the whole sequence: /);
  expect(generation?.reason).toMatch(reason);
});

test('a window, a bias by distance and a patch are generated with, cached or not', async () => {
  const texts = [
    decoder('x += MultiHeadAttention(x, heads: heads, causal: true, window: 3) as attn'),
    decoder('x += MultiHeadAttention(x, heads: heads, causal: true, alibi: true) as attn'),
    decoder(
      'x += MultiHeadAttention(x, heads: heads, causal: true) as attn',
      'patch attn.z[1] = 0',
    ),
  ];
  for (const text of texts) {
    const trace = await run(text);
    const whole = await fromTrace(trace);
    for (const [i, { probability }] of (trace.generation?.steps ?? []).entries()) {
      expect(probability).toBeCloseTo(whole[i] ?? Number.NaN, 10);
    }
  }
});
