"""Writes vectors.json: programs and data files as ExecuTorch writes them.

python3 src/formats/executorch/make-vectors.py > src/formats/executorch/vectors.json

Wants the packages torch and executorch, and flatc on the path. Each vector is {name, base64}.
"""
import base64
import json
import os
import tempfile

import torch
from executorch.backends.xnnpack.partition.xnnpack_partitioner import XnnpackPartitioner
from executorch.exir import ExecutorchBackendConfig, to_edge, to_edge_transform_and_lower


class Dense(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = torch.nn.Linear(3, 4)

    def forward(self, x):
        return torch.relu(self.dense(x))


def vectors():
    torch.manual_seed(0)
    exported = torch.export.export(Dense(), (torch.randn(1, 3),))
    yield "a dense layer", to_edge(exported).to_executorch().buffer
    traced = ExecutorchBackendConfig(emit_stacktrace=True)
    yield "a dense layer with stack traces", to_edge(exported).to_executorch(traced).buffer
    lowered = to_edge_transform_and_lower(exported, partitioner=[XnnpackPartitioner()])
    yield "a delegate", lowered.to_executorch().buffer
    external = to_edge(exported).to_executorch(ExecutorchBackendConfig(external_constants=True))
    yield "a program with its weights elsewhere", external.buffer
    with tempfile.TemporaryDirectory() as folder:
        external.write_tensor_data_to_file(folder)
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), "rb") as file:
                yield "the weights of that program", file.read()


print(json.dumps([{"name": name, "base64": base64.b64encode(data).decode()} for name, data in vectors()], indent=1))
