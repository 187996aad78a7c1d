"""The yardstick of `compare`: load two safetensors models in PyTorch and print the mean cosine over their tensors."""
import json
import sys

import torch


def load(folder):
    with open(folder + "/model.safetensors", "rb") as file:
        data = bytearray(file.read())
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    start = 8 + size
    return {
        name: torch.frombuffer(data, dtype=torch.bfloat16, offset=start + entry["data_offsets"][0], count=(entry["data_offsets"][1] - entry["data_offsets"][0]) // 2)
        for name, entry in header.items()
        if name != "__metadata__"
    }


first, second = load(sys.argv[1]), load(sys.argv[2])
cosines = [torch.nn.functional.cosine_similarity(first[name].float(), second[name].float(), dim=0).item() for name in first]
print(sum(cosines) / len(cosines))
