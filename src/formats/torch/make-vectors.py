"""Writes vectors.json: small files as torch saves them.

python src/formats/torch/make-vectors.py > src/formats/torch/vectors.json

Each vector is {name, format, base64, proved, tensors}: for each tensor that lies in the file as it is, its name, type,
shape and bytes. Made with torch 2.15.
"""
import base64
import collections
import io
import json
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import torch
from torch import nn

warnings.filterwarnings("ignore")
torch.manual_seed(7)
TYPES = {
    torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.float64: "F64", torch.int8: "I8",
    torch.uint8: "U8", torch.int16: "I16", torch.int32: "I32", torch.int64: "I64", torch.bool: "BOOL",
    torch.complex64: "C64", torch.float8_e4m3fn: "F8_E4M3", torch.float8_e5m2: "F8_E5M2", torch.uint16: "U16",
}


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.Linear(3, 2)

    def forward(self, x):
        return torch.relu(self.l(x))


def state():
    return {"a.weight": torch.randn(4, 3), "a.bias": torch.randn(4)}


def checkpoint():
    model = nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3))
    optimiser = torch.optim.AdamW(model.parameters())
    model(torch.randn(4, 3)).sum().backward()
    optimiser.step()
    return {"epoch": 3, "lr": 1e-3, "name": "oak", "model": model.state_dict(), "optimizer": optimiser.state_dict()}


def variants():
    base = torch.randn(6, 6)
    out = {str(kind).replace("torch.", ""): torch.ones(3).to(kind) for kind in TYPES}
    return {
        **out, "complex128": torch.ones(2, dtype=torch.complex128), "rows": base[2:5], "transposed": base.t(),
        "columns": base[:, 1:3], "tied.1": base, "tied.2": base, "parameter": nn.Parameter(torch.randn(2)),
        "empty": torch.zeros(0, 3), "scalar": torch.tensor(2.5), "expanded": torch.randn(1).expand(5),
        "hooked": torch.randn(2, requires_grad=True),
    }


def others():
    return {
        "quantised": torch.quantize_per_tensor(torch.randn(4), 0.1, 0, torch.qint8),
        "sparse": torch.eye(3).to_sparse(),
        "numpy": np.arange(3.0),
        "size": torch.Size([1, 2]),
        "device": torch.device("cpu"),
        "dtype": torch.float32,
        "ordered": collections.OrderedDict(a=1),
    }


def walk(value, path=""):
    if isinstance(value, torch.Tensor):
        yield path, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, (list, tuple)) else ()
    for key, item in items:
        yield from walk(item, f"{path}.{key}" if path else str(key))


def described(value):
    for name, tensor in walk(value):
        if tensor.layout != torch.strided or tensor.is_quantized or not tensor.is_contiguous():
            continue
        if tensor.dtype not in TYPES:
            continue
        data = tensor.detach().contiguous().reshape(-1).view(torch.uint8) if tensor.numel() else torch.zeros(0)
        yield [name, TYPES[tensor.dtype], list(tensor.shape), bytes(data.tolist()).hex() if tensor.numel() else ""]


def saved(value, **options):
    out = io.BytesIO()
    torch.save(value, out, **options)
    return out.getvalue()


def in_file(write):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive"
        write(str(path))
        return path.read_bytes()


def package(path):
    with torch.package.PackageExporter(path) as exporter:
        exporter.extern("**")
        exporter.save_pickle("model", "model.pkl", state())


def vectors():
    for name, value in (("state dict", state()), ("checkpoint", checkpoint()), ("variants", variants())):
        yield name, "torch-zip", saved(value), True, value
        plain = {key: each for key, each in value.items() if key not in ("uint16", "float8_e4m3fn", "float8_e5m2")}
        yield f"legacy {name}", "torch-legacy", saved(plain, _use_new_zipfile_serialization=False), True, plain
    yield "others", "torch-zip", saved(others()), True, {}
    for protocol in (1, 3, 4, 5):
        value = state()
        yield f"protocol {protocol}", "torch-zip", saved(value, pickle_protocol=protocol), True, value
        old = saved(value, pickle_protocol=protocol, _use_new_zipfile_serialization=False)
        yield f"legacy protocol {protocol}", "torch-legacy", old, True, value
    yield "module", "torch-zip", saved(nn.Sequential(nn.Linear(2, 2))), False, {}
    model = Net().eval()
    example = torch.randn(1, 3)
    weights = model.state_dict()
    yield "traced", "torchscript", in_file(torch.jit.trace(model, example).save), True, weights
    yield "scripted", "torchscript", in_file(torch.jit.script(model).save), True, weights
    yield "for mobile", "torchscript", in_file(torch.jit.script(model)._save_for_lite_interpreter), True, weights
    quantised = torch.ao.quantization.quantize_dynamic(model, {nn.Linear})
    yield "quantised", "torchscript", in_file(torch.jit.script(quantised).save), True, {}
    yield "package", "torch-package", in_file(package), True, {}
    yield "exported", "torch-export", saved_export(model, example), True, weights


def saved_export(model, example):
    out = io.BytesIO()
    torch.export.save(torch.export.export(model, (example,)), out)
    return out.getvalue()


def main():
    out = []
    for name, kind, data, proved, value in vectors():
        print(name, len(data), file=sys.stderr)
        entry = {"name": name, "format": kind, "base64": base64.b64encode(data).decode(), "proved": proved}
        out.append({**entry, "tensors": list(described(value))})
    print(json.dumps(out, indent=1))


main()
