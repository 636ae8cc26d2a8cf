"""PyTorch, eager: every named value is kept in a dict. One command per line, as in line.mjs."""

import json
import math
import sys
import time

import torch
import torch.nn.functional as F


def blas():
    """What multiplies; None for the slow reference BLAS."""
    if torch.backends.mkl.is_available():
        return "MKL"
    if sys.platform == "darwin":
        return "Accelerate"
    with open("/proc/self/maps") as maps:
        return "OpenBLAS" if "openblas" in maps.read() else None


def tensors_in(path):
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
        found = {}
        for name, entry in header.items():
            if name == "__metadata__":
                continue
            start, end = entry["data_offsets"]
            file.seek(8 + length + start)
            data = bytearray(file.read(end - start))
            found[name] = torch.frombuffer(data, dtype=torch.float32).reshape(entry["shape"])
        return found


class Peer:
    def prepare(self, work):
        self.work, self.hidden = work, None
        torch.set_num_threads(work["threads"])
        self.weights = tensors_in(work["weights"])
        self.original = self.edited = None
        if "edited" in work:
            self.original = self.weights[work["edited"]]
            self.edited = self.original * 1.5
        self.inputs = tensors_in(work["inputs"]) if "inputs" in work else {}
        if "tokens" in work:
            self.inputs["tokens"] = torch.tensor(work["tokens"])
        library = blas()
        if library is None:
            raise RuntimeError("PyTorch is linked with the slow reference BLAS, and no OpenBLAS was found")
        return f"PyTorch {torch.__version__} with {library}"

    def run(self, turn):
        if self.edited is not None:
            self.weights[self.work["edited"]] = self.edited if turn % 2 else self.original
        kept = {}
        model = self.work["model"]
        with torch.no_grad():
            if model == "product":
                kept["y"] = torch.mm(self.inputs["a"], self.weights["b"])
            elif model == "post-norm":
                self.stack(kept, self.inputs["x"], self.post_norm)
            else:
                self.gpt2(kept)
        return kept

    def gpt2(self, kept):
        past, tokens = self.work["past"], self.inputs["tokens"]
        x = self.weights["wte"][tokens] + self.weights["wpe"][past : past + len(tokens)]
        kept["blocks.0.x#0"] = x
        x = self.norm(kept, "ln_f", self.stack(kept, x, self.pre_norm))
        kept["logits"] = x @ self.weights["wte"].T

    def stack(self, kept, x, block):
        for layer in range(self.work["layers"]):
            x = block(kept, layer, x)
        return x

    def pre_norm(self, kept, layer, x):
        at = f"blocks.{layer}"
        x = x + self.attention(kept, layer, self.norm(kept, f"{at}.ln_1", x))
        kept[f"{at}.x#1"] = x
        normed = self.norm(kept, f"{at}.ln_2", x)
        x = x + self.feed_forward(kept, f"{at}.mlp", normed, lambda v: F.gelu(v, approximate="tanh"))
        kept[f"{at}.x#2"] = x
        return x

    def post_norm(self, kept, layer, x):
        at = f"blocks.{layer}"
        kept[f"{at}.x#1"] = x = x + self.attention(kept, layer, x)
        x = self.norm(kept, f"{at}.ln_1", x)
        kept[f"{at}.x#3"] = x = x + self.feed_forward(kept, f"{at}.mlp", x, F.relu)
        return self.norm(kept, f"{at}.ln_2", x)

    def norm(self, kept, at, x):
        gamma, beta = self.weights[f"{at}.gamma"], self.weights[f"{at}.beta"]
        kept[at] = F.layer_norm(x, x.shape[-1:], gamma, beta)
        return kept[at]

    def affine(self, at, x, weights, bias):
        return torch.addmm(self.weights[f"{at}.{bias}"], x, self.weights[f"{at}.{weights}"])

    def attention(self, kept, layer, x):
        at, heads = f"blocks.{layer}.attn", self.work["heads"]

        def split(name):
            y = self.affine(at, x, f"W_{name}", f"b_{name}")
            return y.view(len(y), heads, -1).transpose(0, 1)

        q, k, v = split("Q"), split("K"), split("V")
        if self.work["past"] > 0:
            k = torch.cat([self.inputs["past_k"][layer], k], dim=1)
            v = torch.cat([self.inputs["past_v"][layer], v], dim=1)
        kept[f"{at}.q"], kept[f"{at}.k"], kept[f"{at}.v"] = q, k, v
        scores = (q @ k.transpose(1, 2)) * (1 / math.sqrt(q.shape[-1]))
        if self.work["causal"]:
            if self.hidden is None:
                rows, columns = scores.shape[-2:]
                self.hidden = torch.ones(rows, columns, dtype=torch.bool).triu(columns - rows + 1)
            scores = scores.masked_fill(self.hidden, -math.inf)
        pattern = torch.softmax(scores, dim=-1)
        z = pattern @ v
        kept[f"{at}.scores"], kept[f"{at}.pattern"], kept[f"{at}.z"] = scores, pattern, z
        merged = z.transpose(0, 1).reshape(len(x), -1)
        kept[f"{at}.out"] = self.affine(at, merged, "W_O", "b_O")
        return kept[f"{at}.out"]

    def feed_forward(self, kept, at, x, activation):
        kept[f"{at}.pre"] = self.affine(at, x, "W_1", "b_1")
        kept[f"{at}.post"] = activation(kept[f"{at}.pre"])
        kept[f"{at}.out"] = self.affine(at, kept[f"{at}.post"], "W_2", "b_2")
        return kept[f"{at}.out"]


class Line:
    def __init__(self):
        self.peer, self.turn = Peer(), 0

    def next(self):
        self.turn += 1
        return self.peer.run(self.turn - 1)

    def prepare(self, message):
        versions = self.peer.prepare(message["work"])
        self.next()
        return {"versions": versions}

    def check(self, message):
        kept = self.next()
        parts = [kept[name].contiguous().flatten() for name in message["names"]]
        with open(message["file"], "wb") as file:
            for part in parts:
                file.write(part.numpy().tobytes())
        return {"lengths": [len(part) for part in parts]}

    def time(self, message):
        times, spent = [], 0.0
        while spent < message["milliseconds"]:
            start = time.perf_counter()
            kept = self.next()
            times.append((time.perf_counter() - start) * 1000)
            spent += times[-1]
            del kept
        return {"times": times}


line = Line()
for text in sys.stdin:
    message = json.loads(text)
    try:
        answer = getattr(line, message["do"])(message)
    except Exception as error:
        answer = {"error": str(error)}
    print(json.dumps({"answer": answer}), flush=True)
