"""The zoo of `tidewaiter calibrate` with PyTorch: same architecture, same recipe, other random numbers.

    python make-zoo.py --out FOLDER [--bases 84] [--steps 150] [--seed 1]
    python make-zoo.py --check FOLDER    (of `node bench/gradients.ts --out FOLDER`)

Writes Hugging Face folders (bf16) for bases and their children sft, ft, cpt1, cpt3. Needs torch and numpy. The second
form holds the gradients of our trainer against those of PyTorch.
"""
import argparse
import json
import math
import struct
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

SHAPE = dict(width=64, hidden=160, layers=2, vocabulary=256, heads=4, key_heads=2)
LENGTH, SEQUENCES, RATE = 32, 8, 4e-3


def tensor_shapes(s):
    key = s["width"] // s["heads"] * s["key_heads"]
    shapes = {"model.embed_tokens.weight": (s["vocabulary"], s["width"])}
    for layer in range(s["layers"]):
        at = f"model.layers.{layer}."
        shapes |= {
            at + "input_layernorm.weight": (s["width"],),
            at + "self_attn.q_proj.weight": (s["width"], s["width"]),
            at + "self_attn.k_proj.weight": (key, s["width"]),
            at + "self_attn.v_proj.weight": (key, s["width"]),
            at + "self_attn.o_proj.weight": (s["width"], s["width"]),
            at + "post_attention_layernorm.weight": (s["width"],),
            at + "mlp.gate_proj.weight": (s["hidden"], s["width"]),
            at + "mlp.up_proj.weight": (s["hidden"], s["width"]),
            at + "mlp.down_proj.weight": (s["width"], s["hidden"]),
        }
    return shapes | {"model.norm.weight": (s["width"],), "lm_head.weight": (s["vocabulary"], s["width"])}


def norm(x, gain):
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-5) * gain


def turn(x, size):
    half = size // 2
    angles = torch.arange(x.shape[1])[:, None] * 10000.0 ** (-torch.arange(half) / half)
    c, s = angles.cos()[None, :, None], angles.sin()[None, :, None]
    a, b = x[..., :half], x[..., half:]
    return torch.cat([a * c - b * s, b * c + a * s], -1)


def logits_of(p, tokens, s):
    size = s["width"] // s["heads"]
    x = p["model.embed_tokens.weight"][tokens]
    batch, length = tokens.shape
    for layer in range(s["layers"]):
        at = f"model.layers.{layer}."
        w = lambda name: p[at + name + ".weight"]
        y = norm(x, w("input_layernorm"))
        heads = lambda name, count: F.linear(y, w(name)).view(batch, length, count, size)
        q = turn(heads("self_attn.q_proj", s["heads"]), size).transpose(1, 2)
        k = turn(heads("self_attn.k_proj", s["key_heads"]), size).transpose(1, 2)
        v = heads("self_attn.v_proj", s["key_heads"]).transpose(1, 2)
        share = s["heads"] // s["key_heads"]
        k, v = k.repeat_interleave(share, 1), v.repeat_interleave(share, 1)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(batch, length, -1)
        x = x + F.linear(y, w("self_attn.o_proj"))
        y = norm(x, w("post_attention_layernorm"))
        x = x + F.linear(F.silu(F.linear(y, w("mlp.gate_proj"))) * F.linear(y, w("mlp.up_proj")), w("mlp.down_proj"))
    return F.linear(norm(x, p["model.norm.weight"]), p.get("lm_head.weight", p["model.embed_tokens.weight"]))


def loss_of(p, tokens, targets, s):
    return F.cross_entropy(logits_of(p, tokens, s).flatten(0, 1), targets.flatten())


def initialise(s, seed):
    g = torch.Generator().manual_seed(seed)
    out = {}
    for name, shape in tensor_shapes(s).items():
        deviation = 0.02 / math.sqrt(2 * s["layers"]) if "o_proj" in name or "down_proj" in name else 0.02
        out[name] = torch.ones(shape) if len(shape) == 1 else deviation * torch.randn(shape, generator=g)
    return out


def write_corpus(seed, vocabulary, length=65536):
    """A Markov chain with topics, phrases and repeats; an eighth of the tokens never occurs."""
    r = np.random.default_rng(seed)
    used = r.permutation(vocabulary)[: vocabulary - vocabulary // 8]
    pick = lambda n: used[(len(used) * r.random(n) ** 2).astype(int)]
    followers = pick(vocabulary * 6).reshape(vocabulary, 6)
    phrases = [pick(3 + int(r.integers(6))) for _ in range(48)]
    text, topic = [int(used[0])], 0
    while len(text) < length:
        choice = r.random()
        if choice < 0.02:
            topic = int(r.integers(8))
        if choice < 0.08:
            text += phrases[int(r.integers(48))].tolist()
        elif choice < 0.1 and len(text) > 16:
            text += text[-12:-4]
        else:
            text.append(int(followers[text[-1], (int(6 * r.random() ** 3) + topic) % 6]))
    return torch.tensor(text[:length])


def train(start, corpus, steps, rate, order, s):
    p = {name: value.clone().requires_grad_() for name, value in start.items()}
    matrices = [v for v in p.values() if v.dim() > 1]
    vectors = [v for v in p.values() if v.dim() == 1]
    groups = [dict(params=matrices, weight_decay=0.1), dict(params=vectors, weight_decay=0)]
    optimiser = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98), eps=1e-8)
    g = torch.Generator().manual_seed(order)
    for step in range(steps):
        warm = max(1, steps / 10)
        now = rate * (step + 1) / warm if step < warm else rate * (1.1 - step / steps)
        for group in optimiser.param_groups:
            group["lr"] = now
        at = torch.randint(len(corpus) - LENGTH - 1, (SEQUENCES,), generator=g)[:, None] + torch.arange(LENGTH)
        loss = loss_of(p, corpus[at], corpus[at + 1], s)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return {name: value.detach().bfloat16().float() for name, value in p.items()}, loss.item()


def write_model(folder, model, s):
    folder.mkdir(parents=True, exist_ok=True)
    header, data = {}, b""
    for name, value in model.items():
        piece = value.bfloat16().contiguous().view(torch.int16).numpy().tobytes()
        header[name] = dict(dtype="BF16", shape=list(value.shape), data_offsets=[len(data), len(data) + len(piece)])
        data += piece
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)
    config = dict(architectures=["LlamaForCausalLM"], model_type="llama", hidden_size=s["width"],
                  intermediate_size=s["hidden"], num_hidden_layers=s["layers"], num_attention_heads=s["heads"],
                  num_key_value_heads=s["key_heads"], vocab_size=s["vocabulary"], tie_word_embeddings=False,
                  rms_norm_eps=1e-5, rope_theta=10000, torch_dtype="bfloat16")
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def make(out, bases, steps, seed):
    own = write_corpus(seed, SHAPE["vocabulary"])
    tuning = write_corpus(seed + 1, SHAPE["vocabulary"])
    other = write_corpus(seed + 2, SHAPE["vocabulary"])
    lessons = [("sft", tuning, 0.125, 0.25), ("ft", tuning, 0.3, 0.5), ("cpt1", other, 1, 1), ("cpt3", other, 2, 1)]
    for i in range(bases):
        name = f"base-{i:02d}"
        base, loss = train(initialise(SHAPE, 1000 * seed + i), own, steps, RATE, i, SHAPE)
        write_model(out / name, base, SHAPE)
        print(name, f"{loss:.3f}", flush=True)
        if i % 6:
            continue
        made = {}
        for lesson, corpus, share, rate in lessons:
            start = made["cpt1"] if lesson == "cpt3" else base
            made[lesson], _ = train(start, corpus, round(share * steps), rate * RATE, 10_000 + i, SHAPE)
            write_model(out / f"{name}+{lesson}", made[lesson], SHAPE)


def read_f32(path):
    raw = path.read_bytes()
    (size,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + size])
    body = raw[8 + size :]
    return {name: torch.from_numpy(np.frombuffer(body[slice(*e["data_offsets"])], "<f4").reshape(e["shape"]).copy())
            for name, e in header.items()}


def check(folder):
    facts = json.loads((folder / "batch.json").read_text())
    s = facts["shape"]
    p = {name: value.requires_grad_() for name, value in read_f32(folder / "model.safetensors").items()}
    gradients = read_f32(folder / "gradients.safetensors")
    view = lambda key: torch.tensor(facts[key]).view(-1, facts["length"])
    loss = loss_of(p, view("tokens"), view("targets"), s)
    loss.backward()
    print(f"loss {loss.item():.7f}, ours {facts['loss']:.7f}")
    worst = 0.0
    for name, value in p.items():
        apart = ((value.grad - gradients[name]).norm() / value.grad.norm()).item()
        worst = max(worst, apart)
    print(f"{len(p)} tensors; largest relative difference of a gradient {worst:.1e}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path)
    parser.add_argument("--check", type=Path)
    parser.add_argument("--bases", type=int, default=84)
    parser.add_argument("--steps", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    torch.set_num_threads(1)
    check(given.check) if given.check else make(given.out, given.bases, given.steps, given.seed)
