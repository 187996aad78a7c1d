"""Makes the corpus of the audit benchmark: `make.py FOLDER`.

Three folders, hostile, broken and harmless, with one file or one folder for each case, and `cases.json`, which says what
each is. Nothing hostile is ever loaded here: those files are put together byte by byte. Harmless ones come from the
libraries that are installed. Broken ones are harmless ones, cut or spoilt.
"""

import json
import pathlib
import random
import sys

import harmless
import hostile_files
import hostile_pickles
from pack import pickle_call

CUT = (".pkl", ".joblib", ".npy", ".npz", ".pt", ".pth", ".keras", ".h5", ".onnx", ".skops", ".msgpack", ".ckpt", ".bin")


def write(out, cases, kind, name, family, content):
    path = out / kind / name
    if isinstance(content, dict):
        for inner, data in content.items():
            (path / inner).parent.mkdir(parents=True, exist_ok=True)
            (path / inner).write_bytes(data)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(content))
    cases.append({"path": f"{kind}/{name}", "kind": kind, "families": family.split("|")})


def write_hostile(out, cases):
    for name, module, function, arguments, protocol in hostile_pickles.CALLS:
        write(out, cases, "hostile", f"call-{name}.pkl", "PKL", pickle_call(module, function, *arguments, protocol=protocol))
    for name, family, content in hostile_pickles.structures():
        write(out, cases, "hostile", f"form-{name}.pkl", family, content)
    for source in (hostile_pickles.containers(), hostile_files.weights(), hostile_files.graphs()):
        for name, family, content in source:
            write(out, cases, "hostile", name, family, content)
    for name, family, content in hostile_files.folders():
        write(out, cases, "hostile", f"folder-{name}", family, content)
    try:
        import h5py
    except ImportError:
        return ["hostile HDF5: h5py is not installed"]
    for name, family in hostile_files.with_h5(h5py, out / "hostile"):
        cases.append({"path": f"hostile/{name}", "kind": "hostile", "families": [family]})
    return []


def write_broken(out, cases):
    choose = random.Random(3)
    by_ending = {}
    for path in sorted((out / "harmless").iterdir()):
        if path.is_file() and path.suffix in CUT and path.stat().st_size < 5_000_000:
            by_ending.setdefault(path.suffix, []).append(path)
    for ending, paths in sorted(by_ending.items()):
        for i, path in enumerate(choose.sample(paths, min(3, len(paths)))):
            data = path.read_bytes()
            cut = (len(data) // 2, len(data) - 1, max(8, len(data) // 5))[i % 3]
            write(out, cases, "broken", f"cut-{i}-{path.stem}{ending}", "*", data[:cut])
    noise = random.Random(5).randbytes(4096)
    for name in ("noise.bin", "noise.safetensors", "noise.gguf", "noise.pt", "noise.h5", "noise.onnx", "noise.pkl"):
        write(out, cases, "broken", name, "*", noise)
    write(out, cases, "broken", "empty.safetensors", "*", b"")
    write(out, cases, "broken", "config-folder", "*", {"config.json": b'{"model_type": "llama", ', "model.safetensors": hostile_files.SOUND})
    write(out, cases, "broken", "cut.safetensors", "*", hostile_files.SOUND[:-5])
    write(out, cases, "broken", "not-json.safetensors", "*", b"\x04\0\0\0\0\0\0\0{{{{" + bytes(16))
    sound = hostile_files.gguf([hostile_files.ARCHITECTURE], [hostile_files.PLAIN], bytes(32))
    write(out, cases, "broken", "cut.gguf", "*", sound[:-9])
    unknown = hostile_files.gguf([hostile_files.ARCHITECTURE], [("w", (4, 2), 250, 0)], bytes(32))
    write(out, cases, "broken", "type.gguf", "*", unknown)
    write(out, cases, "broken", "proto-twice.pkl", "*", b"\x80\x02\x80\x04N.")
    write(out, cases, "broken", "version.gguf", "*", sound[:4] + b"\x63" + sound[5:])


def main():
    out = pathlib.Path(sys.argv[1])
    for kind in ("hostile", "broken", "harmless"):
        (out / kind).mkdir(parents=True, exist_ok=True)
    cases = []
    missing = write_hostile(out, cases)
    write(out, cases, "harmless", "tiny.safetensors", "", hostile_files.SOUND)
    template = ("tokenizer.chat_template", hostile_files.TEMPLATE)
    write(out, cases, "harmless", "tiny.gguf", "", hostile_files.gguf([hostile_files.ARCHITECTURE], [hostile_files.PLAIN], bytes(32)))
    write(out, cases, "harmless", "template.gguf", "", hostile_files.gguf([hostile_files.ARCHITECTURE, template], [hostile_files.PLAIN], bytes(32)))
    missing += harmless.write_harmless(out / "harmless")
    known = {case["path"] for case in cases}
    for path in sorted((out / "harmless").iterdir()):
        if f"harmless/{path.name}" not in known:
            cases.append({"path": f"harmless/{path.name}", "kind": "harmless", "families": []})
    write_broken(out, cases)
    (out / "cases.json").write_text(json.dumps({"cases": cases, "missing": missing}, indent=1))
    print(json.dumps({"cases": len(cases), "missing": missing}))


main()
