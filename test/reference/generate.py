"""Golden results of every operator's examples, computed by PyTorch in float64.

    node test/reference/export-cases.mjs > cases.json
    /usr/bin/python3 test/reference/generate.py cases.json test/reference/ops.json

Needs PyTorch and einops. The functions below say in PyTorch what has no function of its own there; they follow the
papers and the formulas of the model libraries, not this project's code.
"""

import json
import math
import re
import sys

import einops
import torch

torch.set_default_dtype(torch.float64)


def alibi_bias(scores):
    """Slopes as in the ALiBi paper's code; query i stands at key position i + M - N."""

    def powers(count):
        start = 2 ** (-(2 ** -(math.log2(count) - 3)))
        return [start * start**i for i in range(count)]

    heads, queries, keys = scores.shape[-3:]
    closest = 2 ** math.floor(math.log2(heads))
    slopes = powers(closest)
    if closest != heads:
        slopes += powers(2 * closest)[0::2][: heads - closest]
    distance = torch.arange(keys)[None, :] - (torch.arange(queries)[:, None] + keys - queries)
    return torch.tensor(slopes)[:, None, None] * distance


def sinusoidal(rows, width):
    position = torch.arange(rows, dtype=torch.float64)[:, None]
    even = torch.arange(0, width, 2, dtype=torch.float64)
    angle = position / torch.pow(torch.tensor(10000.0), even / width)
    result = torch.zeros(rows, width)
    result[:, 0::2] = torch.sin(angle)
    result[:, 1::2] = torch.cos(angle)[:, : width // 2]
    return result


def rope(x, base, style, dim, offset, freqs):
    dim = x.shape[-1] if dim is None else dim
    if freqs is None:
        freqs = 1.0 / base ** (torch.arange(0, dim, 2, dtype=torch.float64) / dim)
    position = torch.arange(x.shape[-2], dtype=torch.float64) + offset
    angle = position[:, None] * freqs
    turned, rest = x[..., :dim], x[..., dim:]
    if style == "half":
        turn = torch.cat([angle, angle], dim=-1)
        first, second = turned.chunk(2, dim=-1)
        rotated = torch.cat([-second, first], dim=-1)
        turned = turned * turn.cos() + rotated * turn.sin()
    else:
        pairs = torch.view_as_complex(turned.reshape(*turned.shape[:-1], -1, 2).contiguous())
        turned = torch.view_as_real(pairs * torch.polar(torch.ones_like(angle), angle)).flatten(-2)
    return torch.cat([turned, rest], dim=-1)


def overwrite(x, value, items):
    result = x.clone()
    result[items] = value
    return result


def tensor(case):
    if case is None:
        return None
    if isinstance(case, list):
        return [tensor(part) for part in case]
    data = [float(value) for value in case["data"]]
    return torch.tensor(data).reshape(case["shape"])


def python(value):
    if isinstance(value, list):
        return ", ".join(item(one) for one in value)
    return repr(value)


def item(one):
    if one["kind"] == "range":
        return f"slice({one['start']}, {one['stop']})"
    return "None" if one["kind"] == "new axis" else str(one["index"])


def rest(sizes):
    return ", ".join(f"{one['name']}={one['value']}" if "name" in one else str(one["value"]) for one in sizes)


def evaluate(case):
    inputs = {name: tensor(value) for name, value in case["inputs"].items()}
    words = {name: f"inputs[{name!r}]" for name in inputs}
    words |= {name: python(value) for name, value in case["attributes"].items()}
    words |= {name: rest(value) for name, value in case["rest"].items()}
    expression = re.sub(r"\{(\w+)\}", lambda match: words[match[1]], case["expression"])
    result = eval(expression, {**globals(), "inputs": inputs})
    if case["output"] is not None:
        result = result[case["output"]]
    return result


def plain(value):
    value = float(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def main(source, target):
    with open(source) as file:
        cases = json.load(file)
    goldens = {}
    for case in cases:
        try:
            result = evaluate(case)
        except Exception as error:
            raise RuntimeError(f"{case['key']}: {case['expression']}") from error
        values = [plain(value) for value in result.double().flatten().tolist()]
        goldens[case["key"]] = {"shape": list(result.shape), "data": values}
    lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in goldens.items())
    with open(target, "w") as file:
        file.write(f'{{\n "pytorch": {json.dumps(torch.__version__)},\n "goldens": {{\n{lines}\n }}\n}}\n')


main(*sys.argv[1:])
