"""Makes vectors.json: blocks quantised by ggml's rules in numpy, merges worked out by PyTorch.

Run: python make-vectors.py > vectors.json   (numpy 2, torch 2; the tests do not need them)
"""
import base64, json
import numpy as np
import torch

F = np.float32
rng = np.random.default_rng(20261126)


def text(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def half(x):
    return x.astype(np.float16).view(np.uint8).reshape(len(x), 2)


def nibbles(q):
    return (q[:, :16] & 15) | ((q[:, 16:] & 15) << 4)


def fifths(q):
    bits = ((q.astype(np.uint32) >> 4) & 1) << np.arange(32, dtype=np.uint32)
    return bits.sum(1).astype(np.uint32).view(np.uint8).reshape(len(q), 4)


def inverse(d):
    with np.errstate(divide="ignore"):
        return np.where(d != 0, F(1) / d, F(0)).astype(F)


def symmetric(x, bits):
    centre = 2 ** (bits - 1)
    d = (x[np.arange(len(x)), np.abs(x).argmax(1)] / F(-centre)).astype(F)
    q = np.minimum(2 * centre - 1, ((x * inverse(d)[:, None]).astype(F) + F(centre + 0.5)).astype(np.int8)).astype(np.uint8)
    return np.concatenate([half(d), *([fifths(q)] if bits == 5 else []), nibbles(q)], 1)


def affine(x, bits):
    m = x.min(1)
    d = ((x.max(1) - m) / F(2**bits - 1)).astype(F)
    q = np.minimum(2**bits - 1, (((x - m[:, None]).astype(F) * inverse(d)[:, None]).astype(F) + F(0.5)).astype(np.uint8))
    return np.concatenate([half(d), half(m), *([fifths(q)] if bits == 5 else []), nibbles(q)], 1)


def bytewise(x):
    d = (np.abs(x).max(1) / F(127)).astype(F)
    v = (x * inverse(d)[:, None]).astype(F)
    q = (np.trunc(np.abs(v) + F(0.5)) * np.sign(v)).astype(np.int8).view(np.uint8)
    return np.concatenate([half(d), q], 1)


x = np.concatenate([rng.normal(0, 0.05, (10, 32)), rng.normal(3, 1, (2, 32)), np.zeros((1, 32)), np.round(rng.normal(0, 2, (3, 32)))]).astype(F)
blocks = {"q4_0": symmetric(x, 4), "q4_1": affine(x, 4), "q5_0": symmetric(x, 5), "q5_1": affine(x, 5), "q8_0": bytewise(x)}

torch.manual_seed(20261126)
w = [(torch.randn(4, 32) * 0.05).bfloat16() for _ in range(3)]
share = [0.7, 0.3]


def linear(dtype):
    stack = torch.stack([w[0].to(dtype), w[1].to(dtype)])
    weights = torch.tensor(share, dtype=dtype).reshape(2, 1, 1)
    return ((weights * stack).sum(0) / weights.sum(0)).bfloat16()


def task(dtype):
    base = w[2].to(dtype)
    stack = torch.stack([w[0].to(dtype) - base, w[1].to(dtype) - base])
    weights = torch.tensor(share, dtype=dtype).reshape(2, 1, 1)
    return (base + (weights * stack).sum(0)).bfloat16()


def bits(tensor):
    return text(tensor.view(torch.int16).numpy())


merges = {
    "models": [bits(each) for each in w],
    "linear": {"f32": bits(linear(torch.float32)), "bf16": bits(linear(torch.bfloat16))},
    "task_arithmetic": {"f32": bits(task(torch.float32)), "bf16": bits(task(torch.bfloat16))},
}
print(json.dumps({"values": text(x), "blocks": {k: text(v) for k, v in blocks.items()}, "merges": merges}, indent=1))
