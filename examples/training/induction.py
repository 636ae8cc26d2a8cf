"""Trains the model of examples/induction.tblock and writes examples/induction.safetensors.

The task: some random tokens, then a random segment of tokens, repeated to the end of the sequence. The second and later times every token can be
told from the first time, by attending to the token after its earlier occurrence: an induction head (Olsson et al.
2022), which needs a previous-token head in the layer before it. The length of the segment varies, so that positions
alone do not solve it. Once it is solved, a group lasso over the heads (Yuan and Lin
2006) leaves the work to as few of them as can do it. The names of the tensors are the paths of the .tblock file.

    pip install torch==2.13.0 safetensors==0.8.0
    python induction.py

A few minutes on one processor core.
"""

import math
import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

V, CONTEXT, D, HEADS, LAYERS = 48, 64, 96, 3, 2
D_K = D // HEADS
STEPS, BATCH, RATE = 6000, 64, 2e-3
SPARSITY, SPARSE_FROM = 3e-2, 2000
SHORTEST, LONGEST = 8, 24


def normal(*shape, std):
    return torch.nn.Parameter(torch.randn(*shape) * std)


def parameters():
    found = {"embed.W_E": normal(V, D, std=0.3), "positions.W_pos": normal(CONTEXT, D, std=0.3)}
    for layer in range(LAYERS):
        block = f"blocks.{layer}"
        found[f"{block}.ln_1.gamma"] = torch.nn.Parameter(torch.ones(D))
        found[f"{block}.ln_1.beta"] = torch.nn.Parameter(torch.zeros(D))
        for name in ("W_Q", "W_K", "W_V", "W_O"):
            found[f"{block}.attn.{name}"] = normal(D, D, std=1 / math.sqrt(D))
    found["ln_final.gamma"] = torch.nn.Parameter(torch.ones(D))
    found["ln_final.beta"] = torch.nn.Parameter(torch.zeros(D))
    found["unembed.W_U"] = normal(D, V, std=1 / math.sqrt(D))
    return found


def attention(x, p, block):
    """x: [batch, N, D] to [batch, N, D], causal."""
    count = x.shape[1]
    heads = lambda y: y.view(*y.shape[:2], HEADS, D_K).transpose(1, 2)
    q, k, v = (heads(x @ p[f"{block}.attn.{name}"]) for name in ("W_Q", "W_K", "W_V"))
    scores = q @ k.transpose(-1, -2) / math.sqrt(D_K)
    future = torch.ones(count, count, dtype=torch.bool).triu(1)
    pattern = scores.masked_fill(future, -torch.inf).softmax(-1)
    z = (pattern @ v).transpose(1, 2).reshape(x.shape)
    return z @ p[f"{block}.attn.W_O"], pattern


def forward(tokens, p):
    """tokens: [batch, N] to logits [batch, N, V] and one pattern [batch, HEADS, N, N] a layer."""
    norm = lambda x, name: F.layer_norm(x, (D,), p[f"{name}.gamma"], p[f"{name}.beta"], 1e-5)
    x = p["embed.W_E"][tokens] + p["positions.W_pos"][: tokens.shape[1]]
    patterns = []
    for layer in range(LAYERS):
        block = f"blocks.{layer}"
        out, pattern = attention(norm(x, f"{block}.ln_1"), p, block)
        x = x + out
        patterns.append(pattern)
    return norm(x, "ln_final") @ p["unembed.W_U"], patterns


def repeated(batch, before, length):
    """[batch, CONTEXT] tokens: `before` random ones, then period `length`, no token twice in a period."""
    prefix = torch.randint(V, (batch, before))
    segment = torch.rand(batch, V).argsort(-1)[:, :length]
    times = -(-CONTEXT // length)
    return torch.cat([prefix, segment.repeat(1, times)], dim=1)[:, :CONTEXT]


def size_of_heads(p):
    """The sum over heads of the Frobenius norm of what a head writes with, W_O of that head, and of W_V."""
    return sum(
        p[f"blocks.{layer}.attn.W_O"].view(HEADS, D_K, D).flatten(1).norm(dim=1).sum()
        + p[f"blocks.{layer}.attn.W_V"].view(D, HEADS, D_K).transpose(0, 1).flatten(1).norm(dim=1).sum()
        for layer in range(LAYERS)
    )


def train(p):
    optimizer = torch.optim.AdamW(p.values(), lr=RATE, betas=(0.9, 0.98), weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=STEPS)
    for step in range(STEPS):
        length = int(torch.randint(SHORTEST, LONGEST + 1, ()))
        before = int(torch.randint(CONTEXT - 2 * length + 1, ()))
        tokens = repeated(BATCH, before, length)
        logits, _ = forward(tokens, p)
        # From the second time on, the token after the current one has been seen.
        first = before + length
        guesses = logits[:, first : CONTEXT - 1].flatten(0, 1)
        loss = F.cross_entropy(guesses, tokens[:, first + 1 :].flatten())
        optimizer.zero_grad()
        penalty = SPARSITY * size_of_heads(p) if step >= SPARSE_FROM else 0
        (loss + penalty).backward()
        optimizer.step()
        schedule.step()
        if step % 500 == 0 or step == STEPS - 1:
            print(f"step {step}: loss {loss.item():.4f}", flush=True)


def scores(p, length=20):
    """Mean weight on the previous token, and on the token after the earlier occurrence, of every head."""
    _, patterns = forward(repeated(64, 0, length)[:, : 2 * length], p)
    for layer, pattern in enumerate(patterns):
        previous = pattern.diagonal(-1, -2, -1)[..., :].mean((0, 2))
        induction = pattern.diagonal(1 - length, -2, -1)[..., 1:].mean((0, 2))
        for head in range(HEADS):
            print(f"layer {layer} head {head}: previous {previous[head]:.3f} induction {induction[head]:.3f}")


if __name__ == "__main__":
    torch.manual_seed(0)
    torch.set_num_threads(1)
    weights = parameters()
    train(weights)
    with torch.no_grad():
        scores(weights)
    target = pathlib.Path(__file__).parent.parent / "induction.safetensors"
    save_file({name: value.detach().contiguous() for name, value in weights.items()}, target)
