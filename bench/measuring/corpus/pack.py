"""Writers of the containers that the corpus needs, by hand, so that nothing in them is what a library would refuse to write."""

import io
import json
import struct
import zipfile
import zlib


def u32(value):
    return struct.pack("<I", value)


def u64(value):
    return struct.pack("<Q", value)


def pickle_call(module, name, *arguments, protocol=0):
    """A stream that calls a global with texts. Nobody ever loads it."""
    args = b"".join(b"X" + u32(len(each)) + each for each in (a.encode() for a in arguments))
    head = b"" if protocol < 2 else b"\x80" + bytes([protocol])
    if protocol >= 4:
        texts = b"".join(b"\x8c" + bytes([len(each)]) + each for each in (module.encode(), name.encode()))
        return head + texts + b"\x93(" + args + b"tR."
    return head + b"c" + module.encode() + b"\n" + name.encode() + b"\n(" + args + b"tR."


def zip_of(members, **options):
    """A zip of stored members, in order; names may repeat."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", **options) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content)
    return bytearray(buffer.getvalue())


def torch_zip(pickled, storages=((b"0", 16),), more=()):
    """What `torch.save` writes, with a stream of one's own."""
    members = [("archive/data.pkl", pickled), ("archive/byteorder", b"little")]
    members += [(f"archive/data/{key.decode()}", bytes(size)) for key, size in storages]
    members += [*more, ("archive/version", b"3\n"), ("archive/.data/serialization_id", b"0" * 40)]
    return zip_of(members)


def state_dict(numel=4, shape=(2, 2), stride=(2, 1), offset=0, storage="FloatStorage"):
    """The stream of a state dict with one tensor."""

    def number(value):
        return b"K" + bytes([value]) if value < 256 else b"J" + struct.pack("<i", value)

    def text(value):
        return b"X" + u32(len(value)) + value.encode()

    def numbers(values):
        return b"(" + b"".join(map(number, values)) + b"t"

    persid = b"(" + text("storage") + b"ctorch\n" + storage.encode() + b"\n" + text("0") + text("cpu") + number(numel) + b"tQ"
    hooks = b"ccollections\nOrderedDict\n)R"
    tensor = b"ctorch._utils\n_rebuild_tensor_v2\n(" + persid + number(offset) + numbers(shape) + numbers(stride) + b"\x89" + hooks + b"tR"
    return b"\x80\x02}" + text("weight") + tensor + b"s."


def npy(header, body=b"", version=1):
    text = header.encode()
    text += b" " * (-(10 + len(text) + 1) % 64) + b"\n"
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H", len(text)) + text + body


def safetensors(header, body=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return u64(len(text)) + text + body


def gguf_text(value):
    data = value if isinstance(value, bytes) else value.encode()
    return u64(len(data)) + data


def gguf_entry(key, value):
    """A key with a text or a number."""
    if isinstance(value, str):
        return gguf_text(key) + u32(8) + gguf_text(value)
    return gguf_text(key) + u32(4) + u32(value)


def gguf(entries, tensors=(), data=b"", alignment=32, version=3, counts=None):
    """entries: (key, value); tensors: (name, dimensions, type, offset)."""
    n_tensors, n_entries = counts or (len(tensors), len(entries))
    out = b"GGUF" + u32(version) + u64(n_tensors) + u64(n_entries)
    out += b"".join(gguf_entry(*each) for each in entries)
    for name, dimensions, kind, offset in tensors:
        out += gguf_text(name) + u32(len(dimensions)) + b"".join(map(u64, dimensions)) + u32(kind) + u64(offset)
    if tensors or data:
        out += bytes(-len(out) % alignment)
    return out + data


def varint(value):
    out = b""
    while True:
        out += bytes([value & 127 | (128 if value > 127 else 0)])
        value >>= 7
        if value == 0:
            return out


def field(number, value):
    """A field of a protocol buffer: a number, a text or bytes."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else bytes(value)
    return varint(number << 3 | 2) + varint(len(data)) + data


def onnx_model(nodes=b"", tensors=b"", opsets=None, more=b"", functions=b""):
    graph = nodes + field(2, "graph") + tensors
    imports = field(8, field(1, "") + field(2, 17)) if opsets is None else opsets
    return field(1, 8) + field(2, "corpus") + field(7, graph) + imports + functions + more


def onnx_node(op, domain="", attributes=b""):
    return field(1, field(1, "x") + field(2, "y") + field(3, op) + field(4, op) + attributes + (field(7, domain) if domain else b""))


def onnx_external(location, offset="0", length="16", more=()):
    """An initialiser of four f32 that stands in another file."""
    pairs = [("location", location), ("offset", offset), ("length", length), *more]
    entries = b"".join(field(13, field(1, key) + field(2, value)) for key, value in pairs)
    return field(5, field(1, 4) + field(2, 1) + field(8, "w") + entries + field(14, 1))


def graph_def(*ops, library=b""):
    """A TensorFlow graph of nodes with these operators; an item may be (operator, attributes)."""
    out = b""
    for i, op in enumerate(ops):
        name, attributes = op if isinstance(op, tuple) else (op, {})
        attrs = b"".join(field(5, field(1, key) + field(2, value)) for key, value in attributes.items())
        out += field(1, field(1, f"node{i}") + field(2, name) + attrs)
    return out + (field(2, library) if library else b"")


def saved_model(graph):
    return field(1, 1) + field(2, field(1, field(4, "serve")) + field(2, graph))


def seven_zip(name, content):
    """A 7z archive of one file that is not compressed."""
    names = b"\x00" + name.encode("utf-16-le") + b"\x00\x00"
    streams = b"\x04\x06\x00\x01\x09" + bytes([len(content)]) + b"\x00"
    streams += b"\x07\x0b\x01\x00\x01\x01\x00\x0c" + bytes([len(content)]) + b"\x00\x08\x0a\x01" + u32(zlib.crc32(content)) + b"\x00\x00"
    header = b"\x01" + streams + b"\x05\x01\x11" + bytes([len(names)]) + names + b"\x00\x00"
    start = u64(len(content)) + u64(len(header)) + u32(zlib.crc32(header))
    return b"7z\xbc\xaf\x27\x1c\x00\x04" + u32(zlib.crc32(start)) + start + content + header


def elf():
    """The head of a native executable, and nothing that would run."""
    return b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, 0x400000, 64, 0, 0, 64, 56, 1, 64, 0, 0) + bytes(200)
