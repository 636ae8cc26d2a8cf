/** Whole programs that must parse: what the language page shows, and what it describes. */

export const firstFile = `/// Post-norm transformer block: equations 10.32–10.37 of the textbook chapter.
dims {
  N = 3                      // sequence length
  d = 4                      // width of the residual stream
  heads = 2
  d_ff = 4 * d
}

block PostNorm(x: [N, d]) -> [N, d] {
  t1 = MultiHeadAttention(x, heads: heads)
  t2 = t1 + x
  t3 = LayerNorm(t2)
  t4 = FFN(t3, hidden: d_ff, activation: relu)
  t5 = t4 + t3
  h  = LayerNorm(t5)
  return h
}

model Tiny {
  input x: [N, d] = normal(seed: 1)
  repeat 2 as blocks {
    x = PostNorm(x)
  }
  output y = x
}

run demo for Tiny {
  seed = 42
  expect y : [N, d]
}
`;

export const preNorm = `block PreNorm(x: [N, d]) -> [N, d] {
  x += MultiHeadAttention(LayerNorm(x) as ln_1, heads: heads, causal: true) as attn
  x += FFN(LayerNorm(x) as ln_2, hidden: d_ff) as mlp
  return x
}
`;

export const weights = `weights gpt2 = "model.safetensors" {
  wte                   <- "wte.weight"
  blocks.*.ln_1.gamma   <- "h.*.ln_1.weight"
  blocks.*.attn.W_Q     <- "h.*.attn.c_attn.weight"[:, 0:d]
  blocks.*.attn.W_K     <- "h.*.attn.c_attn.weight"[:, d:2*d]
  blocks.*.moe.W_up     <- "layers.*.experts.*.w3.weight".T
  lm_head               <- "wte.weight".T
}
`;

export const everyStatement = `import { PreNorm, Other as Mine } from "./blocks.tblock"

dims { N, d, heads, d_k = d / heads, f = (4 * d - 2) / 2 where heads * 64 == d, N > 0 }

/* Every kind of parameter. */
block Everything(
  x: [..., N, d],
  tokens: int[N],
  hidden: dim = 4 * d, // a comment
  window: dim? = none,
  eps: number = 1e-5,
  style: string = "half",
  causal: bool = false,
  activation: fn = gelu,
  freqs: [d_k / 2]? = none,
  scale: number? = 1 / sqrt(d_k),
) -> [..., N, d] {
  param W: [d, heads * d_k] = normal(mean: 0, std: 0.02)
  param bias: [2, 2] = [[0.1, 0.2], [-0.3, 4]]
  param plain: [d]
  q: [N, d_k] = x @ W
  a, b = split(x, 2, axis: -1)
  x += activation(a) * b
  if window != none and not causal or eps < 1e-3 {
    y = x
  } else if causal {
    y = -x
  } else {
    y = x.T
  }
  repeat 2 * L as layers shared {
    x = x + layer
  }
  repeat 3 {
    x = PreNorm(x) as block
  }
  long = a +
    b @
    W
  z = x[..., -1] + x[:, 3][0:64][tokens] + x[:, none] + x[::2, 1:, :-1]
  return where(z > 0, z, -inf)
}

model Language {
  input tokens: int[N] = [464, 2068]
  param scale: [] = ones
  x = Embedding(tokens, vocab: 50_257, width: d) as wte
  output logits: [N, 50257] = x
  output x
}

run all for Language {
  dims { N = 12, d = 8 }
  seed = 42
  backend = gpu
  weights = gpt2
  tokenizer = "tokenizer.json"
  tokens = "The quick\\tbrown \\"fox\\""
  values = "file.safetensors"["name"]
  generate = 5
  temperature = 0.7
  patch blocks.3.attn.pattern[5] = 0
  patch blocks.*.attn.z[:, 0, ...] = self * 2
  patch label#0.q#1 = other.blocks.0.1.run[0]
  expect logits ~ 0.5 within 1e-5
  expect blocks.0.x#0 : [N, d]
  expect mean(t3) ~ 0
  expect max(blocks.3.repeat) <= 1 + 2
  expect x == [1, 2]
  metric m = logits[-1, 464] - logits[-1, 465]
}

run ablate[l: 0:L, h: 0:heads] for Language { patch blocks.[l].attn.z[h] = 0  metric drop = logits[-1, 464] }
`;

export const samples: readonly string[] = [firstFile, preNorm, weights, everyStatement];
