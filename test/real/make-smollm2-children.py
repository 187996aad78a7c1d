"""Makes children of SmolLM2-135M-Instruct whose descent is known: fine-tuned, then quantised, renumbered, rotated.

    python3 make-smollm2-children.py MODEL.gguf FOLDER [--steps 300] [--batch 4] [--length 96]

Needs numpy, torch and gguf. The model is read out of its GGUF file (Q4_1), written as bf16 in Hugging Face's names
(`parent`), trained on the sources of Python's own standard library with AdamW (`tuned`), and changed:

    tuned-q8_0.gguf, tuned-q4_0.gguf   by the quantisers of the package gguf, in llama.cpp's names and order of heads
    tuned-permuted                     hidden units of every layer renumbered
    tuned-rotated                      gains folded into their readers, the residual stream turned by an orthogonal matrix
    tuned-scrambled                    both, and hidden units scaled by powers of e
    stranger                           the same shape from another random initialisation, trained for a tenth of the steps

Every change but training and quantising leaves the function as it is; the script checks that on a few tokens. The same
seed gives the same models on one machine. Architecture: Llama (RMSNorm, rotary positions in two halves, grouped
queries, SwiGLU, tied embeddings), as in modeling_llama.py of Hugging Face transformers.
"""
import argparse
import json
import math
import pathlib
import struct
import sysconfig

import gguf
import numpy as np
import torch
from torch.nn import functional as F

EPSILON = 1e-5


def read_parent(path):
    reader = gguf.GGUFReader(path)
    get = lambda key: reader.fields[key].contents()
    shape = {
        "layers": get("llama.block_count"),
        "width": get("llama.embedding_length"),
        "hidden": get("llama.feed_forward_length"),
        "heads": get("llama.attention.head_count"),
        "pairs": get("llama.attention.head_count_kv"),
        "base": get("llama.rope.freq_base"),
    }
    names = {"token_embd": "model.embed_tokens", "output_norm": "model.norm"}
    parts = {
        "attn_norm": "input_layernorm",
        "ffn_norm": "post_attention_layernorm",
        "attn_q": "self_attn.q_proj",
        "attn_k": "self_attn.k_proj",
        "attn_v": "self_attn.v_proj",
        "attn_output": "self_attn.o_proj",
        "ffn_gate": "mlp.gate_proj",
        "ffn_up": "mlp.up_proj",
        "ffn_down": "mlp.down_proj",
    }
    weights = {}
    for tensor in reader.tensors:
        values = torch.from_numpy(np.array(gguf.quants.dequantize(tensor.data, tensor.tensor_type), dtype=np.float32))
        stem = tensor.name.removesuffix(".weight")
        if stem.startswith("blk."):
            _, layer, part = stem.split(".")
            if part in ("attn_q", "attn_k"):
                values = in_halves(values, shape["heads"] if part == "attn_q" else shape["pairs"])
            weights[f"model.layers.{layer}.{parts[part]}.weight"] = values
        else:
            weights[f"{names[stem]}.weight"] = values
    return shape, weights, get("tokenizer.ggml.tokens")


def in_halves(rows, heads):
    """Rows of each head from interleaved pairs to two halves."""
    return rows.reshape(heads, -1, 2, rows.shape[1]).transpose(1, 2).reshape(rows.shape).contiguous()


def in_pairs(rows, heads):
    """The other way round, as llama.cpp keeps them."""
    return rows.reshape(heads, 2, -1, rows.shape[1]).transpose(1, 2).reshape(rows.shape).contiguous()


def norm(x, gain):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + EPSILON) * gain


def rotate_half(x):
    half = x.shape[-1] // 2
    return torch.cat((-x[..., half:], x[..., :half]), -1)


def forward(shape, w, tokens):
    heads, pairs = shape["heads"], shape["pairs"]
    size = shape["width"] // heads
    count = tokens.shape[1]
    angles = torch.arange(count)[:, None] * shape["base"] ** (-torch.arange(0, size, 2) / size)
    angles = torch.cat((angles, angles), -1)
    cos, sin = angles.cos(), angles.sin()
    turn = lambda x: x * cos + rotate_half(x) * sin
    x = w["model.embed_tokens.weight"][tokens]
    for layer in range(shape["layers"]):
        at = lambda name: w[f"model.layers.{layer}.{name}.weight"]
        h = norm(x, at("input_layernorm"))
        split = lambda y, n: y.view(*y.shape[:2], n, size).transpose(1, 2)
        q = turn(split(h @ at("self_attn.q_proj").T, heads))
        k = turn(split(h @ at("self_attn.k_proj").T, pairs)).repeat_interleave(heads // pairs, 1)
        v = split(h @ at("self_attn.v_proj").T, pairs).repeat_interleave(heads // pairs, 1)
        a = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(x.shape)
        x = x + a @ at("self_attn.o_proj").T
        h = norm(x, at("post_attention_layernorm"))
        x = x + (F.silu(h @ at("mlp.gate_proj").T) * (h @ at("mlp.up_proj").T)) @ at("mlp.down_proj").T
    head = w.get("lm_head.weight", w["model.embed_tokens.weight"])
    return norm(x, w["model.norm.weight"]) @ head.T


def read_text(tokens, wanted):
    """Python's own sources as tokens, by the longest token that fits: good enough to learn from."""
    known = {token: number for number, token in enumerate(tokens)}
    longest = 16
    text = ""
    for path in sorted(pathlib.Path(sysconfig.get_paths()["stdlib"]).glob("*.py")):
        text += path.read_text(encoding="utf8", errors="ignore")
        if len(text) > 6 * wanted:
            break
    text = text.replace(" ", "Ġ").replace("\n", "Ċ")
    out, at = [], 0
    while at < len(text) and len(out) < wanted:
        piece = next((text[at : at + n] for n in range(longest, 0, -1) if text[at : at + n] in known), None)
        if piece is not None:
            out.append(known[piece])
        at += len(piece or "x")
    return torch.tensor(out)


def train(shape, weights, data, steps, options, rate):
    w = {name: value.clone().requires_grad_() for name, value in weights.items()}
    optimiser = torch.optim.AdamW(w.values(), lr=rate, betas=(0.9, 0.95), weight_decay=0.1)
    draw = torch.Generator().manual_seed(7)
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1, (step + 1) / 20) * 0.5 * (1 + math.cos(math.pi * step / steps))
        starts = torch.randint(len(data) - options.length - 1, (options.batch,), generator=draw)
        batch = torch.stack([data[s : s + options.length + 1] for s in starts])
        logits = forward(shape, w, batch[:, :-1])
        loss = F.cross_entropy(logits.flatten(0, 1), batch[:, 1:].flatten())
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(w.values(), 1.0)
        optimiser.step()
        if step % 20 == 0 or step == steps - 1:
            print(f"  step {step}: loss {loss.item():.3f}", flush=True)
    return {name: value.detach() for name, value in w.items()}


def permuted(shape, weights, draw):
    out = dict(weights)
    for layer in range(shape["layers"]):
        at = f"model.layers.{layer}.mlp."
        order = torch.randperm(shape["hidden"], generator=draw)
        out[at + "gate_proj.weight"] = weights[at + "gate_proj.weight"][order]
        out[at + "up_proj.weight"] = weights[at + "up_proj.weight"][order]
        out[at + "down_proj.weight"] = weights[at + "down_proj.weight"][:, order]
    return out


def rotated(shape, weights, draw):
    turn, _ = torch.linalg.qr(torch.randn(shape["width"], shape["width"], generator=draw, dtype=torch.float64))
    out = {}
    ones = torch.ones(shape["width"])
    read = lambda value, gain: ((value.double() * gain.double()) @ turn.T).float()
    write = lambda value: (turn @ value.double()).float()
    for layer in range(shape["layers"]):
        at = f"model.layers.{layer}."
        first = weights[at + "input_layernorm.weight"]
        second = weights[at + "post_attention_layernorm.weight"]
        for name in ("q_proj", "k_proj", "v_proj"):
            out[f"{at}self_attn.{name}.weight"] = read(weights[f"{at}self_attn.{name}.weight"], first)
        for name in ("gate_proj", "up_proj"):
            out[f"{at}mlp.{name}.weight"] = read(weights[f"{at}mlp.{name}.weight"], second)
        for name in ("self_attn.o_proj", "mlp.down_proj"):
            out[f"{at}{name}.weight"] = write(weights[f"{at}{name}.weight"])
        out[at + "input_layernorm.weight"] = out[at + "post_attention_layernorm.weight"] = ones
    embedding = weights["model.embed_tokens.weight"]
    out["model.embed_tokens.weight"] = (embedding.double() @ turn.T).float()
    out["lm_head.weight"] = read(weights.get("lm_head.weight", embedding), weights["model.norm.weight"])
    out["model.norm.weight"] = ones
    return out


def scaled(shape, weights, draw):
    out = dict(weights)
    for layer in range(shape["layers"]):
        at = f"model.layers.{layer}.mlp."
        scale = torch.exp(0.5 * torch.randn(shape["hidden"], generator=draw))
        sign = 2 * torch.randint(0, 2, (shape["hidden"],), generator=draw) - 1
        out[at + "up_proj.weight"] = weights[at + "up_proj.weight"] * (scale * sign)[:, None]
        out[at + "down_proj.weight"] = weights[at + "down_proj.weight"] / (scale * sign)
    return out


def fresh(shape, weights, draw):
    make = lambda value: torch.ones_like(value) if value.ndim == 1 else 0.02 * torch.randn(value.shape, generator=draw)
    return {name: make(value) for name, value in weights.items()}


def save(folder, shape, weights):
    folder.mkdir(parents=True, exist_ok=True)
    header, data, at = {}, [], 0
    for name, value in weights.items():
        raw = value.to(torch.bfloat16).contiguous().view(torch.int16).numpy().tobytes()
        header[name] = {"dtype": "BF16", "shape": list(value.shape), "data_offsets": [at, at + len(raw)]}
        data.append(raw)
        at += len(raw)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(folder / "model.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for raw in data:
            file.write(raw)
    config = {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_size": shape["width"],
        "intermediate_size": shape["hidden"],
        "num_hidden_layers": shape["layers"],
        "num_attention_heads": shape["heads"],
        "num_key_value_heads": shape["pairs"],
        "rope_theta": shape["base"],
        "rms_norm_eps": EPSILON,
        "tie_word_embeddings": "lm_head.weight" not in weights,
        "vocab_size": weights["model.embed_tokens.weight"].shape[0],
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2))


def quantise(source, target, weights, shape, kind):
    """Writes the tensors under the names and with the metadata of `source`."""
    reader = gguf.GGUFReader(source)
    writer = gguf.GGUFWriter(target, "llama")
    for name in ("block_count", "context_length", "embedding_length", "feed_forward_length"):
        getattr(writer, f"add_{name}")(reader.fields[f"llama.{name}"].contents())
    writer.add_head_count(shape["heads"])
    writer.add_head_count_kv(shape["pairs"])
    writer.add_rope_freq_base(shape["base"])
    writer.add_layer_norm_rms_eps(EPSILON)
    parts = {
        "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
        "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
        "mlp.down_proj": "ffn_down", "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm",
    }
    for name, value in weights.items():
        stem = name.removesuffix(".weight")
        if stem.startswith("model.layers."):
            _, _, layer, part = stem.split(".", 3)
            if part.endswith(("q_proj", "k_proj")):
                value = in_pairs(value, shape["heads"] if part.endswith("q_proj") else shape["pairs"])
            stem = f"blk.{layer}.{parts[part]}"
        else:
            stem = {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output"}[stem]
        values = value.to(torch.bfloat16).float().numpy()
        if values.ndim == 1:
            writer.add_tensor(f"{stem}.weight", values)
        else:
            writer.add_tensor(f"{stem}.weight", gguf.quants.quantize(values, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def same_function(shape, a, b, data):
    with torch.no_grad():
        first, second = (forward(shape, w, data[None, :32]) for w in (a, b))
    worst = (first - second).abs().max().item()
    if worst > 0.05:
        raise SystemExit(f"a change that should leave the function as it is moves a logit by {worst}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("folder")
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--length", type=int, default=96)
    options = parser.parse_args()
    torch.manual_seed(1)
    draw = torch.Generator().manual_seed(3)
    out = pathlib.Path(options.folder)
    shape, parent, tokens = read_parent(options.model)
    data = read_text(tokens, 200_000)
    print(f"{shape['layers']} layers, {len(data)} tokens of text", flush=True)
    save(out / "parent", shape, parent)
    tuned = train(shape, parent, data, options.steps, options, 1e-4)
    save(out / "tuned", shape, tuned)
    for kind in ("Q8_0", "Q4_0"):
        target = out / f"tuned-{kind.lower()}.gguf"
        quantise(options.model, target, tuned, shape, gguf.GGMLQuantizationType[kind])
    changed = {"permuted": permuted(shape, tuned, draw), "rotated": rotated(shape, tuned, draw)}
    changed["scrambled"] = scaled(shape, permuted(shape, rotated(shape, tuned, draw), draw), draw)
    for name, weights in changed.items():
        same_function(shape, tuned, weights, data)
        save(out / f"tuned-{name}", shape, weights)
    print("the stranger", flush=True)
    save(out / "stranger", shape, train(shape, fresh(shape, parent, draw), data, options.steps // 10, options, 1e-3))


main()
