"""Makes vectors.json: what PyTorch's CPU generator draws. Run: python make-vectors.py > vectors.json (torch 2)"""
import json
import torch

out = []
for seed in [0, 1, 42, 1234, 3407]:
    torch.manual_seed(seed)
    first = torch.empty(3, 32).normal_(0, 0.02)
    uneven = torch.empty(5, 7).normal_(0, 1)
    linear = torch.nn.Linear(16, 4)
    out.append({
        "seed": seed,
        "normal": first.flatten().tolist(),
        "uneven": uneven.flatten().tolist(),
        "weight": linear.weight.flatten().tolist(),
        "bias": linear.bias.tolist(),
    })
print(json.dumps([{k: ([round(x, 7) for x in v] if isinstance(v, list) else v) for k, v in each.items()} for each in out]))
