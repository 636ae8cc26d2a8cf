"""
Attention, feed-forward networks and whole models in plain PyTorch, with their intermediates by name. The package
`transformers` is no part of Debian, so GPT-2 (Radford et al. 2019), Llama (Touvron et al. 2023) and Mixtral (Jiang et
al. 2024) follow the papers and the published formulas of Hugging Face's models, tensor names included.
"""

import math

import torch
from torch.nn.functional import gelu, layer_norm, linear, silu, softmax


def rms_norm(x, gamma, eps=1e-6):
    return gamma * x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps)


def heads_of(x, heads):
    """[..., N, heads·k] as [..., heads, N, k]."""
    return x.reshape(*x.shape[:-1], heads, -1).transpose(-3, -2)


def rotate_half(x):
    first, second = x.chunk(2, dim=-1)
    return torch.cat((-second, first), dim=-1)


def rotary(x, frequencies):
    """Hugging Face's apply_rotary_pos_emb: cos and sin of position·frequency, the frequencies twice side by side."""
    angles = torch.arange(x.shape[-2], dtype=x.dtype)[:, None] * frequencies
    angles = torch.cat((angles, angles), dim=-1)
    return x * angles.cos() + rotate_half(x) * angles.sin()


def rotary_frequencies(width, base=10000.0):
    return base ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)


def alibi_slopes(heads):
    """Press et al. 2022, with the official code's slopes for counts that are no power of two."""
    def geometric(count):
        start = 2 ** (-(2 ** -(math.log2(count) - 3)))
        return [start * start**i for i in range(count)]

    below = 2 ** math.floor(math.log2(heads))
    extra = geometric(2 * below)[0::2][: heads - below] if below < heads else []
    return torch.tensor(geometric(below) + extra, dtype=torch.float64)


def attention(x, w, heads, kv_heads=None, context=None, *, causal=False, window=None, scale=None, softcap=None,
              alibi=False, frequencies=None, qk_norm=None, score_bias=None, keep=None, prefix=""):
    """Multi-head attention over weights stored as [in, out]; the names of its intermediates are LANGUAGE §6's."""
    kv_heads, context = kv_heads or heads, x if context is None else context

    def project(name):
        bias = w.get(f"b_{name}")
        y = (x if name == "Q" else context) @ w[f"W_{name}"]
        return y if bias is None else y + bias

    q, k, v = heads_of(project("Q"), heads), heads_of(project("K"), kv_heads), heads_of(project("V"), kv_heads)
    if qk_norm is not None:
        q, k = rms_norm(q, qk_norm[0]), rms_norm(k, qk_norm[1])
    if frequencies is not None:
        q, k = rotary(q, frequencies), rotary(k, frequencies)
    k, v = (t.repeat_interleave(heads // kv_heads, dim=-3) for t in (k, v))
    scores = q @ k.transpose(-2, -1) * (q.shape[-1] ** -0.5 if scale is None else scale)
    if softcap is not None:
        scores = softcap * torch.tanh(scores / softcap)
    rows = torch.arange(scores.shape[-2])[:, None] + scores.shape[-1] - scores.shape[-2]
    distance = torch.arange(scores.shape[-1]) - rows
    if alibi:
        scores = scores + alibi_slopes(heads)[:, None, None] * distance
    if score_bias is not None:
        scores = scores + score_bias
    kept = torch.ones_like(distance, dtype=torch.bool) if keep is None else keep.bool()
    if causal:
        kept = kept & (distance <= 0)
    if window is not None:
        kept = kept & (distance.abs() < window)
    scores = scores.masked_fill(~kept, -math.inf)
    pattern = softmax(scores, dim=-1)
    z = pattern @ v
    out = z.transpose(-3, -2).flatten(-2) @ w["W_O"]
    if "b_O" in w:
        out = out + w["b_O"]
    names = {"q": q, "k": k, "v": v, "scores": scores, "pattern": pattern, "z": z, "out": out}
    return out, {prefix + name: value for name, value in names.items()}


def gpt2(tokens, w, layers, heads):
    """Hugging Face's GPT2LMHeadModel: Conv1D weights [in, out], gelu_new, the unembedding tied to the embedding."""
    x, seen = w["wte.weight"][tokens] + w["wpe.weight"][: len(tokens)], {}
    seen["x#0"] = x
    width = (x.shape[-1],)
    for i in range(layers):
        h = {name[len(f"h.{i}."):]: value for name, value in w.items() if name.startswith(f"h.{i}.")}
        normed = layer_norm(x, width, h["ln_1.weight"], h["ln_1.bias"], 1e-5)
        c_attn, c_bias = h["attn.c_attn.weight"].chunk(3, dim=1), h["attn.c_attn.bias"].chunk(3)
        parts = {f"W_{n}": c for n, c in zip("QKV", c_attn)} | {f"b_{n}": c for n, c in zip("QKV", c_bias)}
        parts |= {"W_O": h["attn.c_proj.weight"], "b_O": h["attn.c_proj.bias"]}
        written, names = attention(normed, parts, heads, causal=True, prefix=f"blocks.{i}.attn.")
        seen |= names | {f"blocks.{i}.x#0": x, f"blocks.{i}.ln_1": normed, f"blocks.{i}.x#1": x + written}
        x = x + written
        normed = layer_norm(x, width, h["ln_2.weight"], h["ln_2.bias"], 1e-5)
        post = gelu(normed @ h["mlp.c_fc.weight"] + h["mlp.c_fc.bias"], approximate="tanh")
        written = post @ h["mlp.c_proj.weight"] + h["mlp.c_proj.bias"]
        x = x + written
        seen |= {f"blocks.{i}.mlp.post": post, f"blocks.{i}.mlp": written, f"blocks.{i}.x#2": x}
    final = layer_norm(x, width, w["ln_f.weight"], w["ln_f.bias"], 1e-5)
    return seen | {"ln_f": final, "logits": linear(final, w["wte.weight"])}


def llama(tokens, w, layers, heads, kv_heads, base, eps):
    """Hugging Face's LlamaForCausalLM: Linear weights [out, in], rotary positions in halves, SwiGLU, grouped queries."""
    x, seen = w["model.embed_tokens.weight"][tokens], {}
    frequencies = rotary_frequencies(w["model.layers.0.self_attn.q_proj.weight"].shape[0] // heads, base)
    for i in range(layers):
        prefix = f"model.layers.{i}."
        h = {name[len(prefix):]: value for name, value in w.items() if name.startswith(prefix)}
        normed = rms_norm(x, h["input_layernorm.weight"], eps)
        parts = {f"W_{n.upper()}": h[f"self_attn.{n}_proj.weight"].T for n in "qkvo"}
        written, names = attention(normed, parts, heads, kv_heads, causal=True, frequencies=frequencies,
                                   prefix=f"layers.{i}.attn.")
        seen |= names | {f"layers.{i}.input_norm": normed, f"layers.{i}.x#0": x, f"layers.{i}.x#1": x + written}
        x = x + written
        normed = rms_norm(x, h["post_attention_layernorm.weight"], eps)
        post = silu(linear(normed, h["mlp.gate_proj.weight"])) * linear(normed, h["mlp.up_proj.weight"])
        x = x + linear(post, h["mlp.down_proj.weight"])
        seen |= {f"layers.{i}.mlp.post": post, f"layers.{i}.x#2": x}
    final = rms_norm(x, w["model.norm.weight"], eps)
    return seen | {"norm": final, "logits": linear(final, w["lm_head.weight"])}


def mixture(x, router, experts, active):
    """Mixtral's sparse block, token by token: `experts` are (w1, w2, w3) of Linear layers, [out, in] each."""
    logits = linear(x, router)
    weights, outs = torch.zeros_like(logits), torch.stack(
        [linear(silu(linear(x, w1)) * linear(x, w3), w2) for w1, w2, w3 in experts], dim=-2
    )
    out = torch.zeros_like(x)
    for token in range(x.shape[0]):
        values, chosen = logits[token].topk(active)
        weights[token, chosen] = softmax(values, dim=-1)
        for expert in chosen:
            w1, w2, w3 = experts[expert]
            out[token] += weights[token, expert] * linear(silu(linear(x[token], w1)) * linear(x[token], w3), w2)
    return out, {"router_logits": logits, "weights": weights, "expert_out": outs, "out": out}
