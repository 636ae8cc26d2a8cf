"""
Greedy generation of a tiny decoder and the filters of sampling, in PyTorch. Writes generation.json beside it.
The weights are np.random.rand with seed 161, in the order of the names, spread to [-2, 2].
"""

import json
import pathlib

import numpy as np
import torch

V, D, N = 23, 8, 12


def model():
    np.random.seed(161)
    return {
        name: torch.tensor(np.random.rand(*shape) * 4 - 2)
        for name, shape in {"E": (V, D), "Q": (D, D), "K": (D, D), "V": (D, D), "U": (D, V), "b": (V,)}.items()
    }


def logits(w, tokens):
    x = w["E"][tokens]
    q, k, v = x @ w["Q"], x @ w["K"], x @ w["V"]
    scores = q @ k.T / D**0.5
    hidden = torch.triu(torch.ones_like(scores), diagonal=1).bool()
    x = x + torch.softmax(scores.masked_fill(hidden, -torch.inf), -1) @ v
    return x @ w["U"] + w["b"]


def greedy(prompt):
    w, tokens, probabilities = model(), list(prompt), []
    for _ in range(N):
        distribution = torch.softmax(logits(w, torch.tensor(tokens))[-1], -1)
        tokens.append(int(distribution.argmax()))
        probabilities.append(float(distribution.max()))
    return {"prompt": prompt, "tokens": tokens[len(prompt) :], "probabilities": probabilities}


def chances(values, temperature=1.0, top_k=None, top_p=None):
    """Temperature, then top-k, then top-p, each on what the one before leaves."""
    scaled = torch.tensor(values, dtype=torch.float64) / temperature
    if top_k is not None:
        least = torch.topk(scaled, min(top_k, len(values))).values[-1]
        scaled = scaled.masked_fill(scaled < least, -torch.inf)
    if top_p is not None:
        ordered, order = torch.sort(scaled, descending=True)
        before = torch.softmax(ordered, -1).cumsum(-1) - torch.softmax(ordered, -1)
        scaled = scaled.masked_fill(torch.zeros_like(scaled).bool().scatter(0, order, before >= top_p), -torch.inf)
    return torch.softmax(scaled, -1).tolist()


LOGITS = [2.0, 1.0, 0.5, 0.5, -1.0, -3.0, 1.5]
CASES = [
    {},
    {"temperature": 0.5},
    {"temperature": 3.0},
    {"top_k": 1},
    {"top_k": 3},
    {"top_k": 4},
    {"top_k": 100},
    {"top_p": 0.1},
    {"top_p": 0.6},
    {"top_p": 0.9},
    {"top_p": 1.0},
    {"temperature": 0.7, "top_k": 5, "top_p": 0.8},
]

result = {
    "greedy": greedy([3, 1, 4]),
    "logits": LOGITS,
    "chances": [{**case, "chances": chances(LOGITS, **case)} for case in CASES],
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(result, indent=1) + "\n")
