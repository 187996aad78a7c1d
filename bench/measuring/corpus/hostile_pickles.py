"""Hostile pickles and what holds pickles. They would run something if they were loaded; nobody loads them."""

import base64
import gzip
import io
import tarfile
import zipfile
import zlib

from pack import npy, pickle_call, seven_zip, state_dict, torch_zip, u32, u64, zip_of

ECHO = "echo tidewaiter"

CALLS = [
    ("os-system", "os", "system", (ECHO,), 0),
    ("posix-system", "posix", "system", (ECHO,), 2),
    ("nt-system", "nt", "system", (ECHO,), 4),
    ("eval", "builtins", "eval", ("1+1",), 4),
    ("exec-python2", "__builtin__", "exec", ("pass",), 0),
    ("popen", "subprocess", "Popen", (ECHO,), 3),
    ("check-output", "subprocess", "check_output", (ECHO,), 4),
    ("import", "builtins", "__import__", ("this",), 4),
    ("import-module", "importlib", "import_module", ("this",), 4),
    ("runpy", "runpy", "run_path", ("x.py",), 4),
    ("pip", "pip._internal", "main", ("install",), 4),
    ("webbrowser", "webbrowser", "open", ("https://example.org",), 4),
    ("urlopen", "urllib.request", "urlopen", ("https://example.org",), 4),
    ("socket", "socket", "create_connection", ("example.org",), 4),
    ("open", "builtins", "open", ("x",), 4),
    ("rmtree", "shutil", "rmtree", ("x",), 4),
    ("getattr", "builtins", "getattr", ("x", "y"), 4),
    ("attrgetter", "operator", "attrgetter", ("system",), 4),
    ("methodcaller", "operator", "methodcaller", ("run",), 4),
    ("partial", "functools", "partial", ("x",), 4),
    ("torch-load", "torch", "load", ("x.pt",), 4),
    ("torch-hub", "torch.hub", "load", ("a/b", "c"), 4),
    ("torch-jit-eval", "torch.jit.unsupported_tensor_ops", "execWrapper", ("pass",), 4),
    ("numpy-load", "numpy", "load", ("x.npy",), 4),
    ("numpy-runstring", "numpy.testing._private.utils", "runstring", ("pass", "x"), 4),
    ("pandas-read-pickle", "pandas", "read_pickle", ("x",), 4),
    ("marshal", "marshal", "loads", ("x",), 4),
    ("timeit", "timeit", "timeit", ("pass",), 4),
    ("cprofile", "cProfile", "run", ("pass",), 4),
    ("pty-spawn", "pty", "spawn", ("sh",), 4),
    ("ctypes", "ctypes", "CDLL", ("x.so",), 4),
    ("collect-env", "torch.utils.collect_env", "run", (ECHO,), 4),
    ("locate", "pydoc", "locate", ("os.system",), 4),
    ("resolve-name", "pkgutil", "resolve_name", ("os:system",), 4),
    ("disarm", "picklescan.scanner", "scan_file_path", ("x",), 4),
    ("dill", "dill._dill", "_create_code", ("x",), 4),
    ("cloudpickle", "cloudpickle.cloudpickle", "_make_function", ("x",), 4),
    ("code-type", "types", "CodeType", ("x",), 4),
    ("dotted", "os", "path.os.system", (ECHO,), 4),
    ("logging-os", "logging", "os.system", (ECHO,), 4),
    ("read-csv", "pandas", "read_csv", ("https://example.org/x",), 4),
    ("mlflow", "mlflow.pyfunc", "load_model", ("x",), 4),
    ("bdb", "bdb", "Bdb.run", ("pass",), 4),
    ("unlisted-call", "acme.gadgets", "fire", ("x",), 4),
]


def short(text):
    return b"\x8c" + bytes([len(text)]) + text.encode()


def frame(body):
    return b"\x95" + u64(len(body)) + body


CALL = b"cos\nsystem\n(X\x04\x00\x00\x00echotR"


def structures():
    """(name, family, bytes): what is wrong is the form, or the form hides the call."""
    hidden = short("os") + b"\x94" + short("system") + b"\x94" + b"0" + b"0" + b"h\x00h\x01\x93" + b"(X\x01\x00\x00\x00xtR."
    yield "memo-hidden", "PKL", b"\x80\x04" + hidden
    yield "pop-hidden", "PKL", b"\x80\x02" + CALL + b"0}."
    yield "popmark-hidden", "PKL", b"\x80\x02(" + CALL + b"1}."
    yield "computed-name", "PKL", b"\x80\x04" + short("o") + short("s") + b"\x86" + short("system") + b"\x93."
    yield "broken-after-call", "PKL", b"\x80\x02" + CALL + b"\xff\xff\xff"
    yield "no-stop-after-call", "PKL", b"\x80\x02" + CALL
    yield "second-stream", "PKL", b"\x80\x02}." + b"\x80\x02" + CALL + b"."
    yield "inst", "PKL", b"(X\x04\x00\x00\x00echoios\nsystem\n."
    yield "obj", "PKL", b"(cos\nsystem\nX\x04\x00\x00\x00echoo."
    yield "build", "PKL", b"\x80\x02cos\nsystem\nX\x04\x00\x00\x00echob."
    yield "newobj", "PKL", b"\x80\x02csubprocess\nPopen\nX\x04\x00\x00\x00echo\x85\x81."
    yield "ext", "PKL", b"\x80\x02\x82\x01."
    yield "frame-straddle", "PKL", b"\x80\x04\x95" + u64(3) + b"\x8c\x20" + CALL + b"0" * 8 + b"N."
    yield "frame-nested", "PKL", b"\x80\x04" + frame(frame(b"N.")) + b"N."
    yield "dormant-base64", "PKL", b"\x80\x02X" + u32(len(base64.b64encode(pickle_call("os", "system", ECHO)))) + base64.b64encode(pickle_call("os", "system", ECHO)) + b"."
    yield "dormant-raw", "PKL", b"\x80\x03C" + bytes([len(pickle_call("os", "system", ECHO))]) + pickle_call("os", "system", ECHO) + b"."
    yield "dict-key-call", "PKL", b"\x80\x02}" + CALL + b"K\x01s."
    yield "setstate-trick", "PKL", b"\x80\x02cacme\nThing\n)\x81}X\x0c\x00\x00\x00__setstate__cos\nsystem\nsbX\x04\x00\x00\x00echob."
    yield "reduce-of-persid", "PKL", b"\x80\x02X\x01\x00\x00\x00xQ)R."
    yield "memo-expansion", "PKL", b"\x80\x02]q\x00" + b"".join(b"(" + b"h" + bytes([i]) + b"h" + bytes([i]) + b"h" + bytes([i]) + b"h" + bytes([i]) + b"tq" + bytes([i + 1]) for i in range(40)) + b"."


def clear_flag(data, signature, at, value):
    out = bytearray(data)
    position = out.find(signature)
    while position >= 0:
        out[position + at] = value
        position = out.find(signature, position + 4)
    return bytes(out)


def tar_of(members):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for info, content in members:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def link(name, target, kind=tarfile.SYMTYPE):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info, b""


def containers():
    """(file name, family, bytes)."""
    call = pickle_call("os", "system", ECHO, protocol=2)
    hostile = torch_zip(call)
    yield "torch.pt", "PKL", hostile
    yield "torch-renamed.safetensors", "FILE|PKL", hostile
    yield "torch-two-pickles.pt", "ARC", zip_of([("archive/data.pkl", state_dict()), ("archive/data/0", bytes(16)), ("archive/version", b"3\n"), ("archive/data.pkl", call)])
    yield "torch-other-pickle.pt", "PKL", torch_zip(state_dict(), more=[("archive/extra/constants.pkl", call)])
    yield "torch-flag.pt", "ARC", clear_flag(hostile, b"PK\x03\x04", 6, 1)
    yield "torch-flag-both.pt", "ARC", clear_flag(clear_flag(hostile, b"PK\x03\x04", 6, 1), b"PK\x01\x02", 8, 1)
    local = bytearray(torch_zip(state_dict()))
    at = local.find(b"archive/data.pkl")
    local[at : at + 16] = b"archive/evil.pkl"
    yield "torch-local-name.pt", "ARC", bytes(local)
    yield "torch-crc.pt", "ARC", bytes(hostile).replace(u32(zlib.crc32(call)), u32(1))
    yield "torch-storage.pt", "PKL", torch_zip(state_dict(numel=64, shape=(8, 8), stride=(8, 1)))
    yield "torch-stride.pt", "PKL", torch_zip(state_dict(shape=(2, 2), stride=(100, 1)))
    yield "torch-offset.pt", "PKL", torch_zip(state_dict(offset=3))
    magic = bytes.fromhex("80028a0a6cfc9c46f9206aa850192e")
    protocol = b"\x80\x02M\xe9\x03."
    info = b"\x80\x02}X\r\x00\x00\x00little_endian\x88s."
    yield "torch-legacy.pth", "PKL", magic + protocol + info + call + b"\x80\x02]."
    yield "torch-legacy-magic.pth", "PKL", pickle_call("builtins", "int", "1", protocol=2) + protocol + info + b"\x80\x02}." + b"\x80\x02]."
    code = b"def forward(self, x):\n  return torch.ops.aten.from_file(x)\n"
    yield "script-as-weights.pt", "TSC|PKL", zip_of([("m/data.pkl", b"\x80\x02c__torch__\nM\n)\x81}b."), ("m/code/__torch__.py", code), ("m/constants.pkl", b"\x80\x02)."), ("m/version", b"6\n")])
    yield "package.pt", "TSC|PKL", zip_of([("p/.data/extern_modules", b"os\n"), ("p/.data/python_version", b"3.11"), ("p/model/model.pkl", call), ("p/acme/evil.py", b"import os\nos.system('echo')\n")])
    yield "seven-zip.pt", "ARC", seven_zip("data.pkl", call[:-1])
    yield "seven-zip.bin", "ARC", seven_zip("data.pkl", call)
    yield "prepended.pt", "ARC|FILE", call + bytes(hostile)
    yield "appended.pt", "ARC|FILE", bytes(torch_zip(state_dict())) + call
    yield "escape.zip", "ARC", zip_of([("../../evil.py", b"x = 1\n")])
    yield "absolute.zip", "ARC", zip_of([("/opt/evil.py", b"x = 1\n")])
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("weights.bin", (2020, 1, 1, 0, 0, 0)), bytes(300 << 20), zipfile.ZIP_DEFLATED, 9)
    yield "bomb.zip", "ARC", bomb.getvalue()
    yield "nested.zip", "PKL", zip_of([("inner.zip", bytes(zip_of([("model.pkl", call)])))])
    yield "in-zip.zip", "PKL", zip_of([("model.pkl", call)])
    yield "case.zip", "ARC", zip_of([("Model.bin", b"a"), ("model.bin", b"b")])
    plain = tarfile.TarInfo("model.pkl")
    yield "model.tar", "PKL", tar_of([(plain, call)])
    yield "escape.tar", "ARC", tar_of([(tarfile.TarInfo("../../evil.py"), b"x")])
    yield "symlink.tar", "ARC", tar_of([link("weights.bin", "/etc/hostname")])
    yield "hardlink.tar", "ARC", tar_of([link("weights.bin", "../outside", tarfile.LNKTYPE)])
    yield "model.tar.gz", "PKL", gzip.compress(tar_of([(plain, call)]), mtime=0)
    yield "model.pkl.gz", "PKL", gzip.compress(call, mtime=0)
    yield "zlib.joblib", "PKL", zlib.compress(call)
    yield "plain.joblib", "PKL", call
    objects = pickle_call("os", "system", ECHO, protocol=4)
    yield "objects.npy", "PKL|NPY", npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", objects)
    yield "objects.npz", "PKL|NPY", zip_of([("a.npy", npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", objects))])
    yield "code-header.npy", "NPY", npy("{'descr': __import__('os').system('echo'), 'fortran_order': False, 'shape': (1,), }", bytes(8))
    yield "huge-shape.npy", "NPY", npy("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296), }", bytes(64))
