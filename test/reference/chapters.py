"""
The numeric examples of the textbook chapters, computed with NumPy as the chapters' listings and equations say.
Writes chapters.json beside it: chapter -> run -> path -> value. Run with any Python 3 that has NumPy.
"""

import json
import pathlib

import numpy as np

EPS = 1e-5


def layer_norm(x):
    return (x - x.mean()) / np.sqrt(x.var() + EPS)


def gelu_tanh(x):
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def softmax(x):
    e = np.exp(x)
    return e / e.sum()


def projections():
    x = np.array([1, 2, 3, 4])
    np.random.seed(42)
    w_q, w_k, w_v = np.random.rand(4, 3), np.random.rand(4, 3), np.random.rand(4, 2)
    return {"q": x @ w_q, "k": x @ w_k, "v": x @ w_v}


def weights():
    q = np.array([0.2, 0.5, 0.8])
    keys = np.array([[0.1, 0.3, 0.5], [0.6, 0.2, 0.9], [0.4, 0.7, 0.1]])
    values = np.array([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]])
    scores = q @ keys.T / np.sqrt(3)
    return {"scores": scores, "weights": softmax(scores), "a": softmax(scores) @ values}


def feedforward():
    x = np.array([1, 2, 3, 4])
    np.random.seed(42)
    w1, b1 = np.random.rand(4, 8), np.random.rand(8)
    w2, b2 = np.random.rand(8, 4), np.random.rand(4)
    hidden = x @ w1 + b1
    return {"pre": hidden, "post": gelu_tanh(hidden), "out": gelu_tanh(hidden) @ w2 + b2}


def two_heads():
    """The listing with what it leaves out: a softmax (over one token, so 1) and the values."""
    x = np.array([1, 2, 3, 4])
    np.random.seed(42)
    w = [np.random.rand(4, 2) for _ in range(6)]
    w_o = np.random.rand(4, 4)
    q1, k1, v1, q2, k2, v2 = (x @ each for each in w)
    scores = {"score1": q1 @ k1 / np.sqrt(2), "score2": q2 @ k2 / np.sqrt(2)}
    return {**scores, "head1": v1, "head2": v2, "out": np.concatenate((v1, v2)) @ w_o}


def residual_sums():
    t_attn, t_in = np.array([0.2, 0.3, 0.5, 0.1]), np.array([0.1, 0.2, 0.4, 0.3])
    t_ff = np.array([0.4, 0.6, 0.7, 0.2])
    return {"t_res1": t_attn + t_in, "t_res2": t_ff + t_attn + t_in}


def norm_by_steps():
    x = np.array([0.2, 0.4, 0.6, 0.8])
    gamma, beta = np.full(4, 0.5), np.array([0.1, 0.2, 0.3, 0.4])
    return {
        "mu": x.mean(),
        "sigma_2": x.var(),
        "sigma": x.std(),
        "x_norm": layer_norm(x),
        "ln": gamma * layer_norm(x) + beta,
    }


def norm_listing():
    x = np.array([0.2, 0.4, 0.6, 0.8])
    gamma, beta = np.full(4, 0.5), np.array([0.1, 0.2, 0.3, 0.4])
    return {"without": layer_norm(x), "with": layer_norm(gamma * x + beta)}


def stream():
    x = np.array([1.0, 2.0, 3.0])
    writes = [[0.5, 1.5, 0.5], [0.2, 0.8, 0.2], [0.1, 0.9, 0.1], [0.05, 0.4, 0.05]]
    result = {}
    for i, write in enumerate(writes):
        x = x + np.array(write)
        result[f"x_{i + 1}"] = x
    return result


def first_sublayer():
    t1, x = np.array([0.2, -0.1, 0.3, 0.1]), np.array([1.0, 0.5, -0.2, 0.8])
    return {"t2": t1 + x, "t3": layer_norm(t1 + x)}


def second_sublayer():
    t4, t3 = np.array([0.1, -0.4, 0.2, -0.1]), np.array([0.8, -0.2, 0.5, 0.2])
    return {"t5": t4 + t3, "h": layer_norm(t4 + t3)}


W1 = np.array([[0.1, 0.2, -0.1, 0.3], [-0.2, 0.1, 0.4, -0.1], [0.3, -0.1, 0.2, 0.1], [0.1, 0.4, -0.2, 0.2]])
B1 = np.array([0.1, 0.2, 0.1, 0.0])
W2 = np.array([[0.2, -0.1, 0.3, -0.2], [0.1, 0.3, -0.1, 0.2], [-0.2, 0.1, 0.2, 0.3], [0.3, -0.2, 0.1, -0.1]])
B2 = np.array([0.0, 0.1, 0.2, 0.0])


def ffn_by_steps():
    z = W1 @ np.array([0.8, -0.2, 0.5, 0.2]) + B1
    a = np.maximum(z, 0)
    return {"z": z, "a": a, "t4": W2 @ a + B2}


def ffn_last_step():
    return {"t4": W2 @ np.array([0.11, 0.19, 0.21, 0.05]) + B2}


def norm_without_epsilon():
    t2 = np.array([1.2, 0.4, 0.1, 0.9])
    return {"mu": t2.mean(), "sigma": t2.std(), "t3": (t2 - t2.mean()) / t2.std()}


def whole_block():
    x, t1 = np.array([0.5, 0.2, -0.1, 0.3]), np.array([0.2, -0.1, 0.3, 0.1])
    return {"t2": x + t1, "t3": layer_norm(x + t1)}


def rest_of_block():
    t5 = np.array([1.25, -0.7, -0.3, 0.1]) + np.array([0.1, -0.3, 0.2, -0.1])
    return {"t5": t5, "h": layer_norm(t5)}


chapters = {
    "1-self-attention-and-feedforward": [projections, weights, feedforward, two_heads],
    "2-residual-connections-and-layer-norm": [residual_sums, norm_by_steps, norm_listing],
    "3-residual-stream-and-transformer-blocks": [stream],
    "4-attention-as-contextual-integration": [first_sublayer, second_sublayer],
    "5-residual-stream-perspectives": [
        ffn_by_steps,
        ffn_last_step,
        norm_without_epsilon,
        whole_block,
        rest_of_block,
    ],
}

result = {
    chapter: {
        run.__name__: {path: np.asarray(value).tolist() for path, value in run().items()}
        for run in runs
    }
    for chapter, runs in chapters.items()
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(result, indent=1) + "\n")
