"""Checks an exhibit of tidewaiter: python check-exhibit.py exhibit.json folder-of-A folder-of-B (safetensors, numpy)."""
import base64, hashlib, json, pathlib, struct, sys
import numpy as np

def load(folder):
    tensors = {}
    for path in sorted(pathlib.Path(folder).glob("*.safetensors")):
        raw = path.read_bytes()
        size = struct.unpack("<Q", raw[:8])[0]
        for name, fact in json.loads(raw[8 : 8 + size]).items():
            if name == "__metadata__": continue
            data = raw[8 + size + fact["data_offsets"][0] : 8 + size + fact["data_offsets"][1]]
            if fact["dtype"] == "BF16": values = (np.frombuffer(data, "<u2").astype("<u4") << 16).view("<f4")
            else: values = np.frombuffer(data, {"F16": "<f2", "F32": "<f4", "F64": "<f8"}[fact["dtype"]])
            tensors[name] = values.astype(np.float64).reshape(fact["shape"])
    return tensors

def read(model, part, norm, role):  # one row a unit, token or head row, over the residual stream
    rows = model[part["tensor"]].reshape(-1, model[part["tensor"]].shape[-1])[part["firstRow"] :][: part["rows"]]
    rows = rows.T if (role in ("down", "o")) != part["transposed"] else rows
    return rows if norm is None else rows * model[norm["tensor"]].reshape(-1)

def planes(rows, factors):  # complex factors of the planes of the rotary embedding
    half = len(rows) // 2
    turned = (rows[:half] + 1j * rows[half:]) * factors[:, None]
    return np.concatenate([turned.real, turned.imag])

def build(rows, role, layer):
    if role in ("gate", "up", "down"):
        return rows[layer["units"]] * (1 if role == "gate" else np.array(layer[role])[:, None])
    heads = layer["heads"]
    size, share = heads["size"], len(heads["queries"]) // len(heads["groups"])
    take = lambda head: rows[head * size : (head + 1) * size]
    mix = [np.array(m).reshape(size, size) for m in heads["mix"]]
    c = [np.array([complex(*p) for p in group]) for group in heads["planes"]]
    if role == "k": parts = [planes(take(h), c[g]) for g, h in enumerate(heads["groups"])]
    if role == "q": parts = [planes(take(h), 1 / np.conj(c[i // share])) for i, h in enumerate(heads["queries"])]
    if role == "v": parts = [mix[g] @ take(h) for g, h in enumerate(heads["groups"])]
    if role == "o": parts = [np.linalg.inv(mix[i // share]).T @ take(h) for i, h in enumerate(heads["queries"])]
    return np.concatenate(parts)

exhibit = json.loads(pathlib.Path(sys.argv[1]).read_text())
A, B = load(sys.argv[2]), load(sys.argv[3])
data = base64.b64decode(exhibit["rotation"]["values"])
R = np.frombuffer(data, "<f4").astype(np.float64).reshape(exhibit["rotation"]["rows"], -1)
assert hashlib.sha256(data).hexdigest() == exhibit["rotation"]["digest"], "the rotation has another digest"
print("rotation: largest element of R'R - I", np.abs(R.T @ R - np.eye(R.shape[1])).max())
wrong = 0
for layer in [*exhibit["layers"], {"b": -1, "matrices": exhibit["matrices"]}]:
    for matrix in layer["matrices"]:
        role = matrix["role"]
        a, b = read(A, matrix["a"], matrix["normA"], role) @ R, read(B, matrix["b"], matrix["normB"], role)
        if "units" in layer: a = build(a, role, layer)
        rows = np.array(layer["units"]) >= 0 if role in ("gate", "up", "down") else slice(0, min(len(a), len(b)))
        left = np.linalg.norm(b[rows] - a[rows]) / np.linalg.norm(b[rows])
        wrong += abs(left - matrix["residual"]) > 1e-3
        print(f"layer {layer['b']:3d} {role:9s} left over {left:.5f}, stated {matrix['residual']:.5f}")
print("holds" if wrong == 0 else f"{wrong} residuals are not as stated")
sys.exit(wrong > 0)
