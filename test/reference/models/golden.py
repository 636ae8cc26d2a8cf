"""Golden files: the safetensors format (an 8-byte length, a JSON header, raw little-endian data) and exact weights."""

import json
import pathlib
import struct

import numpy
import torch

FOLDER = pathlib.Path(__file__).parent / "goldens"
NAMES = {torch.float64: "F64", torch.float32: "F32", torch.int64: "I64"}


def rounded(*shape, scale=1.0, around=0.0):
    """Normal numbers that float32 holds exactly, as float64: every backend starts from the same values."""
    return (around + scale * torch.randn(*shape, dtype=torch.float64)).float().double()


def round_parameters(module):
    """Gives a module of torch.nn random parameters that float32 holds exactly."""
    for name, parameter in module.named_parameters():
        wide = parameter.dim() > 1
        around = 1.0 if name.split(".")[-2:][0].startswith("norm") and name.endswith("weight") else 0.0
        scale = parameter.shape[-1] ** -0.5 if wide else 0.3
        parameter.data = rounded(*parameter.shape, scale=scale, around=around)
    return module


def save(case, weights, inputs, expected):
    """Weights and inputs as float32 (or int64), expected values as float64 under `expected/` and the tensor's path."""
    exact = {name: value if value.dtype == torch.int64 else value.float() for name, value in {**weights, **inputs}.items()}
    wide = {f"expected/{path}": value.double() for path, value in expected.items()}
    tensors = {name: value.detach().contiguous() for name, value in {**exact, **wide}.items()}
    header, start = {"__metadata__": {"torch": torch.__version__, "numpy": numpy.__version__}}, 0
    for name, value in tensors.items():
        end = start + value.numel() * value.element_size()
        header[name] = {"dtype": NAMES[value.dtype], "shape": list(value.shape), "data_offsets": [start, end]}
        start = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    FOLDER.mkdir(exist_ok=True)
    with open(FOLDER / f"{case}.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for value in tensors.values():
            file.write(value.numpy().tobytes())


def agree(a, b):
    """Two ways to the same numbers: the formula that shows the intermediates, and the module of torch.nn."""
    torch.testing.assert_close(a, b, rtol=1e-12, atol=1e-12)
