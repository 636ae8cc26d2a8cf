"""
Makes goldens/*.safetensors: weights, inputs and expected values of the prelude's blocks and of whole models, computed
by PyTorch in float64 from weights that float32 holds exactly. Run by hand (Debian: apt-get install python3-torch):

    /usr/bin/python3 test/reference/models/generate.py

Names of weights are the parameters' paths, or a checkpoint's own where the program maps them.
"""

import torch
from torch import nn
from torch.nn import functional

from formulas import attention, gpt2, llama, mixture, rms_norm, rotary_frequencies
from golden import agree, round_parameters, rounded, save

CASES = []


def case(function):
    CASES.append(function)
    return function


def matrix(rows, columns):
    return rounded(rows, columns, scale=rows**-0.5)


def attention_weights(n, heads, kv_heads=None, d_k=None, d_v=None, m=None, bias=False):
    kv_heads, d_k, m = kv_heads or heads, d_k or n // heads, m or n
    d_v = d_v or d_k
    w = {
        "W_Q": matrix(n, heads * d_k),
        "W_K": matrix(m, kv_heads * d_k),
        "W_V": matrix(m, kv_heads * d_v),
        "W_O": matrix(heads * d_v, n),
    }
    if bias:
        w |= {f"b_{name[2]}": rounded(w[name].shape[1], scale=0.3) for name in list(w)}
    return w


def from_torch(module):
    """The weights of nn.MultiheadAttention as [in, out], by the prelude's names."""
    if module.in_proj_weight is not None:
        parts = module.in_proj_weight.chunk(3)
    else:
        parts = (module.q_proj_weight, module.k_proj_weight, module.v_proj_weight)
    w = {f"W_{n}": p.T for n, p in zip("QKV", parts)} | {"W_O": module.out_proj.weight.T}
    if module.in_proj_bias is not None:
        w |= {f"b_{n}": p for n, p in zip("QKV", module.in_proj_bias.chunk(3))} | {"b_O": module.out_proj.bias}
    return w


# ---------------------------------------------------------------- small blocks


@case
def linear_case():
    module = round_parameters(nn.Linear(6, 5).double())
    x = rounded(2, 3, 6)
    save("linear", {"weight": module.weight, "bias": module.bias}, {"x": x}, {"y": module(x)})


@case
def layer_norm():
    x, gamma, beta = rounded(2, 3, 8, scale=2, around=1), rounded(8, around=1), rounded(8)
    save("layer_norm", {"gamma": gamma, "beta": beta}, {"x": x},
         {"result": functional.layer_norm(x, (8,), gamma, beta, eps=0.01)})


@case
def rms_norm_case():
    x, gamma = rounded(4, 8, scale=2), rounded(8, scale=0.2)
    save("rms_norm", {"gamma": gamma}, {"x": x}, {"result": rms_norm(x, 1 + gamma, 1e-3)})


@case
def self_attention():
    module = round_parameters(nn.MultiheadAttention(8, 1, bias=False, batch_first=True).double())
    x, w = rounded(5, 8), from_torch(module)
    out, names = attention(x, w, 1, causal=True)
    hidden = torch.ones(5, 5).triu(1).bool()
    agree(out, module(x, x, x, attn_mask=hidden)[0])
    expected = {name: names[name][0] for name in ("q", "k", "v", "scores", "pattern", "z")}
    save("self_attention", {k: v for k, v in w.items() if k != "W_O"}, {"x": x}, expected)


@case
def activations():
    x, W_1, W_2 = rounded(3, 6, scale=2), matrix(6, 10), matrix(10, 6)
    pre = x @ W_1
    acts = [functional.relu, functional.gelu, lambda t: functional.gelu(t, approximate="tanh"), functional.silu,
            functional.softplus, torch.tanh, torch.sigmoid, torch.square, torch.exp]
    expected = {f"ffn#{i}.{name}": value for i, act in enumerate(acts)
                for name, value in (("pre", pre), ("post", act(pre)), ("out", act(pre) @ W_2))}
    save("activations", {"ffn.W_1": W_1, "ffn.W_2": W_2}, {"x": x}, expected)


@case
def feed_forward():
    x, W_1, b_1, W_2, b_2 = rounded(2, 3, 6), matrix(6, 10), rounded(10), matrix(10, 6), rounded(6)
    pre = x @ W_1 + b_1
    post = functional.relu(pre)
    save("feed_forward", {"W_1": W_1, "b_1": b_1, "W_2": W_2, "b_2": b_2}, {"x": x},
         {"pre": pre, "post": post, "out": post @ W_2 + b_2})


@case
def gated():
    x, weights, expected = rounded(3, 6), {}, {}
    for label, act, bias in (("swiglu", functional.silu, False), ("geglu", functional.gelu, True)):
        w = {"W_gate": matrix(6, 10), "W_up": matrix(6, 10), "W_down": matrix(10, 6)}
        b = {"b_gate": rounded(10), "b_up": rounded(10), "b_down": rounded(6)} if bias else {}
        gate = x @ w["W_gate"] + b.get("b_gate", 0)
        up = x @ w["W_up"] + b.get("b_up", 0)
        post = act(gate) * up
        weights |= {f"{label}.{name}": value for name, value in {**w, **b}.items()}
        names = {"gate": gate, "up": up, "post": post, "out": post @ w["W_down"] + b.get("b_down", 0)}
        expected |= {f"{label}.{name}": value for name, value in names.items()}
    save("gated", weights, {"x": x}, expected)


@case
def embedding():
    tokens, w = torch.tensor([4, 0, 6, 4, 1]), {"embed.W_E": rounded(7, 6), "positions.W_pos": rounded(9, 6)}
    w |= {"unembed.W_U": matrix(6, 7), "unembed.b_U": rounded(7)}
    embedded = functional.embedding(tokens, w["embed.W_E"])
    stream = embedded + w["positions.W_pos"][:5]
    logits = stream @ w["unembed.W_U"] + w["unembed.b_U"]
    save("embedding", w, {"tokens": tokens},
         {"embed": embedded, "positions": w["positions.W_pos"][:5], "logits": logits,
          "probabilities": functional.log_softmax(logits, dim=-1).exp()})


@case
def experts():
    x, expected, weights = rounded(5, 8), {}, {}
    stream = x
    for i in range(2):
        router = matrix(11, 8) * 3
        weights[f"layers.{i}.gate.weight"] = router.float().double()
        parts = [(matrix(6, 8), matrix(8, 6), matrix(6, 8)) for _ in range(11)]
        for e, ws in enumerate(parts):
            weights |= {f"layers.{i}.experts.{e}.w{j + 1}.weight": w for j, w in enumerate(ws)}
        out, names = mixture(stream, weights[f"layers.{i}.gate.weight"], parts, 3)
        expected |= {f"blocks.{i}.moe.{name}": value for name, value in names.items()}
        stream = stream + out
        expected[f"blocks.{i}.x#1"] = stream
    save("experts", weights, {"x": x}, expected)


# ---------------------------------------------------------------- attention


@case
def attention_biased():
    module = round_parameters(nn.MultiheadAttention(12, 3, bias=True, batch_first=True).double())
    x, w = rounded(2, 5, 12), from_torch(module)
    out, names = attention(x, w, 3, causal=True)
    given, pattern = module(x, x, x, attn_mask=torch.ones(5, 5).triu(1).bool(), average_attn_weights=False)
    agree(out, given)
    agree(names["pattern"], pattern)
    save("attention_biased", dict(module.named_parameters()), {"x": x}, names)


@case
def attention_cross():
    module = round_parameters(nn.MultiheadAttention(8, 2, bias=False, kdim=6, vdim=6, batch_first=True).double())
    x, context, w = rounded(4, 8), rounded(7, 6), from_torch(module)
    keep = (torch.rand(4, 7) < 0.6).double()
    keep[:, 0] = 1
    out, names = attention(x, w, 2, context=context, keep=keep)
    given, pattern = module(x, context, context, attn_mask=keep == 0, average_attn_weights=False)
    agree(out, given)
    agree(names["pattern"], pattern)
    save("attention_cross", dict(module.named_parameters()), {"x": x, "context": context, "mask": keep}, names)


@case
def attention_narrow():
    """d_k and d_v of their own, a scale of its own, a soft cap and a window."""
    x, w = rounded(6, 8, scale=2), attention_weights(8, 3, d_k=4, d_v=5)
    _, names = attention(x, w, 3, causal=True, window=3, scale=0.9, softcap=2.0)
    save("attention_narrow", w, {"x": x}, names)


@case
def attention_alibi():
    """Six heads, no power of two, over a longer context than there are queries."""
    x, context, w = rounded(4, 12), rounded(6, 12), attention_weights(12, 6)
    bias = rounded(6, 4, 6)
    _, names = attention(x, w, 6, context=context, alibi=True, score_bias=bias, causal=True)
    save("attention_alibi", w, {"x": x, "context": context, "score_bias": bias}, names)


@case
def attention_grouped():
    x, w, norms = rounded(2, 5, 8), attention_weights(8, 4, 2, d_k=6), (rounded(6, around=1), rounded(6, around=1))
    _, names = attention(x, w, 4, 2, causal=True, qk_norm=norms, frequencies=rotary_frequencies(6, 500.0))
    save("attention_grouped", w | {"q_norm.gamma": norms[0], "k_norm.gamma": norms[1]}, {"x": x}, names)


@case
def attention_scaled_rope():
    """One key and value head, and frequencies of its own: Llama 3.1's lower ones are divided."""
    frequencies = (rotary_frequencies(8) / torch.tensor([1.0, 1.0, 4.0, 8.0])).float().double()
    x, w = rounded(6, 16), attention_weights(16, 2, 1)
    _, names = attention(x, w, 2, 1, frequencies=frequencies)
    save("attention_scaled_rope", w, {"x": x, "rope_freqs": frequencies}, names)


# ---------------------------------------------------------------- blocks and models


def encoder_layer(norm_first, activation):
    layer = nn.TransformerEncoderLayer(
        d_model=12, nhead=3, dim_feedforward=20, dropout=0.0, activation=activation, batch_first=True,
        norm_first=norm_first,
    )
    return round_parameters(layer.double())


@case
def post_norm():
    layer, x = encoder_layer(False, "relu"), rounded(2, 5, 12)
    written, names = attention(x, from_torch(layer.self_attn), 3, prefix="attn.")
    middle = layer.norm1(x + written)
    expected = names | {"x#1": x + written, "x#2": middle, "x#3": middle + layer.linear2(torch.relu(layer.linear1(middle)))}
    agree(layer.norm2(expected["x#3"]), layer(x))
    save("post_norm", dict(layer.named_parameters()), {"x": x}, expected | {"x#4": layer(x)})


@case
def pre_norm():
    layer, x = encoder_layer(True, "gelu"), rounded(2, 5, 12)
    hidden = torch.ones(5, 5).triu(1).bool()
    written, names = attention(layer.norm1(x), from_torch(layer.self_attn), 3, causal=True, prefix="attn.")
    out = layer(x, src_mask=hidden)
    middle = x + written
    agree(middle + layer.linear2(functional.gelu(layer.linear1(layer.norm2(middle)))), out)
    save("pre_norm", dict(layer.named_parameters()), {"x": x}, names | {"x#1": middle, "x#2": out})


@case
def parallel():
    """GPT-J's block: one norm, attention and feed-forward side by side."""
    x, gamma, beta, w = rounded(5, 8), rounded(8, around=1), rounded(8), attention_weights(8, 2)
    W_1, W_2 = matrix(8, 16), matrix(16, 8)
    normed = functional.layer_norm(x, (8,), gamma, beta)
    written, names = attention(normed, w, 2, causal=True, prefix="attn.")
    mlp = functional.gelu(normed @ W_1, approximate="tanh") @ W_2
    weights = {f"attn.{name}": value for name, value in w.items()}
    weights |= {"ln_1.gamma": gamma, "ln_1.beta": beta, "mlp.W_1": W_1, "mlp.W_2": W_2}
    save("parallel", weights, {"x": x}, names | {"normed": normed, "mlp.out": mlp, "x#1": x + written, "x#2": x + written + mlp})


@case
def gpt2_case():
    d, vocab, layers, tokens = 32, 40, 2, torch.tensor([3, 39, 0, 17, 17, 8])
    w = {"wte.weight": rounded(vocab, d, scale=0.3), "wpe.weight": rounded(8, d, scale=0.3)}
    for i in range(layers):
        for name, fan_in, fan_out in (("attn.c_attn", d, 3 * d), ("attn.c_proj", d, d), ("mlp.c_fc", d, 4 * d), ("mlp.c_proj", 4 * d, d)):
            w |= {f"h.{i}.{name}.weight": matrix(fan_in, fan_out), f"h.{i}.{name}.bias": rounded(fan_out, scale=0.2)}
        for name in ("ln_1", "ln_2"):
            w |= {f"h.{i}.{name}.weight": rounded(d, scale=0.2, around=1), f"h.{i}.{name}.bias": rounded(d, scale=0.2)}
    w |= {"ln_f.weight": rounded(d, scale=0.2, around=1), "ln_f.bias": rounded(d, scale=0.2)}
    save("gpt2", w, {"tokens": tokens}, gpt2(tokens, w, layers, 4))


@case
def llama_case():
    d, vocab, layers, hidden, tokens = 32, 40, 2, 48, torch.tensor([1, 22, 7, 39, 7, 0, 13])
    w = {"model.embed_tokens.weight": rounded(vocab, d), "model.norm.weight": rounded(d, scale=0.2, around=1)}
    for i in range(layers):
        for name, fan_out, fan_in in (("self_attn.q_proj", d, d), ("self_attn.k_proj", d // 2, d), ("self_attn.v_proj", d // 2, d),
                                      ("self_attn.o_proj", d, d), ("mlp.gate_proj", hidden, d), ("mlp.up_proj", hidden, d),
                                      ("mlp.down_proj", d, hidden)):
            w[f"model.layers.{i}.{name}.weight"] = rounded(fan_out, fan_in, scale=fan_in**-0.5)
        for name in ("input_layernorm", "post_attention_layernorm"):
            w[f"model.layers.{i}.{name}.weight"] = rounded(d, scale=0.2, around=1)
    w["lm_head.weight"] = rounded(vocab, d, scale=d**-0.5)
    save("llama", w, {"tokens": tokens}, llama(tokens, w, layers, 4, 2, 10000.0, 1e-5))


if __name__ == "__main__":
    for seed, make in enumerate(CASES):
        torch.manual_seed(seed)
        make()
