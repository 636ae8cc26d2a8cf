/** A program as large as a research file gets: a thousand lines, twenty blocks, a model of forty-eight layers. */

/** Twenty variants of a block, each of about 45 lines, and a model that stacks each of the first of them. */
export function bigProgram({ blocks = 20, layers = 48 } = {}): string {
  const header = `/// A generated research file.
dims {
  N = 32                     // sequence length
  d = 64                     // width of the residual stream
  heads = 4
  d_k = d / heads
  d_ff = 4 * d
  L = ${layers}
}
`;
  const bodies = Array.from({ length: blocks }, (_, i) => blockText(i));
  const uses = Array.from(
    { length: Math.min(blocks, 4) },
    (_, i) => `    x = Variant${i}(x) as v${i}`,
  );
  return `${header}
${bodies.join('\n')}
model Deep {
  input x: [N, d] = normal(seed: 1)
  repeat L as blocks {
${uses.join('\n')}
  }
  output y = LayerNorm(x) as ln_final
}

run demo for Deep {
  seed = 42
  expect y : [N, d]
  expect sum(blocks.0.v0.pattern) ~ 1 within 1e-5
}

run ablated for Deep {
  seed = 42
  patch blocks.3.v1.pattern[1] = 0
}
`;
}

function blockText(i: number): string {
  return `/// Variant ${i}: attention and a gated feed-forward network, written out.
///
/// The scores are scaled by 1/√d_k, the heads are concatenated and mixed by W_O.
block Variant${i}(
  x: [N, d],
  causal: bool = true,
  hidden: dim = d_ff
) -> [N, d] {
  // Attention reads a normed copy of the stream.
  normed = LayerNorm(x) as ln_1
  param W_Q: [d, heads * d_k] = normal(std: 0.02)
  param W_K: [d, heads * d_k] = normal(std: 0.02)
  param W_V: [d, heads * d_k] = normal(std: 0.02)
  param W_O: [heads * d_k, d] = normal(std: 0.02)
  q = rearrange(normed @ W_Q, "n (h k) -> h n k", h: heads)
  k = rearrange(normed @ W_K, "n (h k) -> h n k", h: heads)
  v = rearrange(normed @ W_V, "n (h k) -> h n k", h: heads)
  scores = q @ k.T / sqrt(d_k)
  if causal {
    scores = causal_mask(scores)
  }
  pattern = softmax(scores)
  z = pattern @ v
  mixed = rearrange(z, "h n k -> n (h k)") @ W_O
  x += mixed

  // A gated feed-forward network.
  wide = RMSNorm(x) as ln_2
  param W_gate: [d, hidden] = normal(std: 0.02)
  param W_up: [d, hidden] = normal(std: 0.02)
  param W_down: [hidden, d] = normal(std: 0.02)
  param b_up: [hidden] = zeros
  gate = silu(wide @ W_gate)
  up = wide @ W_up + b_up
  post = gate * up
  out = post @ W_down
  x += out

  // A last small correction.
  param scale: [d] = ones
  param shift: [d] = zeros
  centred = x - mean(x, keepdims: true)
  spread = sqrt(mean(square(centred), keepdims: true) + 1e-5)
  corrected = centred / spread * scale + shift
  x += 0.1 * corrected
  return x
}
`;
}
