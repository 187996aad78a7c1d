"""What Python's own unpicklers do with a stream, with everything that a stream could reach made inert.

The same file runs in CPython and in Pyodide. Every global resolves to a recorder: a class that does nothing but write
down that it was called, instantiated, built or changed. `loads(bytes)` cannot be given a `find_class` of one's own, so
there an audit hook puts a stub in the place of the module just before it is looked up. Tables of renamed modules are
emptied, so that all tell the names that stand in the stream.

Frames on standard input: u32 count, then for each stream u32 length, u8 flags (1: persistent ids are allowed), bytes.
Answer: u32 length and JSON, for each stream the ends (-1 where it cannot be told) and the outcomes, both in the order of
SEMANTICS; an outcome that equals the first one is 0, one that cannot be had is null. An outcome is
[finished, globals, events, result], each of them plain.
"""

import _compat_pickle
import _pickle
import io
import json
import pickle
import sys
import warnings

# A warning would read source files to show a line of them.
warnings.simplefilter("ignore")

for _table in ("NAME_MAPPING", "IMPORT_MAPPING", "REVERSE_NAME_MAPPING", "REVERSE_IMPORT_MAPPING"):
    getattr(_compat_pickle, _table).clear()

MOST_NODES = 4000
MOST_KEPT = 20000

resolved: list = []
events: list = []
known: dict = {}
stubbed: dict = {}
armed = False
wanted = ""


class Noting:
    """An attribute that notes its use, on an instance or on the class itself."""

    def __init__(self, what):
        self.what = what

    def __get__(self, owner, kind):
        label = ("instance of " if owner is not None else "") + kind.label
        return lambda *_args, **_named: events.append(f"{self.what} {label}")


class RecorderType(type):
    def __call__(cls, *_args, **_named):
        events.append(f"call {cls.label}")
        return object.__new__(cls)

    def __setitem__(cls, _key, _value):
        events.append(f"setitem {cls.label}")


class Recorder(metaclass=RecorderType):
    label = ""
    __setstate__ = Noting("build")
    append = Noting("append")
    extend = Noting("append")
    add = Noting("add")

    def __new__(cls, *_args, **_named):
        events.append(f"new {cls.label}")
        return object.__new__(cls)

    def __setitem__(self, _key, _value):
        events.append(f"setitem instance of {type(self).label}")


def recorder(module, name):
    label = f"{module}.{name}"
    found = known.get(label)
    if found is None:
        if len(known) > MOST_KEPT:
            known.clear()
        found = known[label] = RecorderType("Recorder", (Recorder,), {"label": label})
    return found


def find(module, name):
    """What a `find_class` of one's own does: it fails where the real one fails for the form of the name alone."""
    resolved.append(f"{module}.{name}")
    if module.partition(".")[0] == "":
        raise ValueError("Empty module name")
    if "<locals>" in name.split("."):
        raise AttributeError(name)
    return recorder(module, name)


class Link:
    """Stands for a module, and for what lies between it and the last part of a dotted name."""

    def __init__(self, module, name, depth):
        object.__setattr__(self, "at", (module, name, depth))

    def __getattribute__(self, part):
        module, name, depth = object.__getattribute__(self, "at")
        if depth == 0 and part in ("__spec__", "__path__"):
            raise AttributeError(part)
        parts = name.split(".")
        if part == name or (depth == len(parts) - 1 and part == parts[depth]):
            return recorder(module, name)
        return Link(module, name, depth + 1)


def watch(event, arguments):
    if not armed:
        return
    if event == "pickle.find_class":
        module, name = arguments
        resolved.append(f"{module}.{name}")
        # An import of a.b ends with one of a, whose value nobody looks at.
        for each in (module.partition(".")[0], module):
            if each not in stubbed:
                stubbed[each] = sys.modules.get(each)
            sys.modules[each] = Link(each, name, 0)
        return
    if event.startswith(("object.", "sys._getframe", "sys.excepthook", "sys.unraisablehook", "gc.")):
        return
    resolved.append(f"BREACH {event}")
    raise RuntimeError(f"a stream reached {event}")


sys.addaudithook(watch)


def unstub():
    for module, before in stubbed.items():
        if before is None:
            sys.modules.pop(module, None)
        else:
            sys.modules[module] = before
    stubbed.clear()


class NativeUnpickler(_pickle.Unpickler):
    def find_class(self, module, name):
        return find(module, name)


class PythonUnpickler(pickle._Unpickler):
    def find_class(self, module, name):
        return find(module, name)


class PersistentNative(NativeUnpickler):
    def persistent_load(self, _pid):
        return object.__new__(recorder("persistent", "id"))


class PersistentPython(PythonUnpickler):
    def persistent_load(self, _pid):
        return object.__new__(recorder("persistent", "id"))


def load_bytes(stream, _persistent):
    global armed
    armed = True
    try:
        return _pickle.loads(stream), -1
    finally:
        armed = False
        unstub()


def load_file(stream, persistent):
    file = io.BytesIO(stream)
    return (PersistentNative if persistent else NativeUnpickler)(file).load(), file.tell()


def load_peeking(stream, persistent):
    file = io.BufferedReader(io.BytesIO(stream), 16)
    return (PersistentNative if persistent else NativeUnpickler)(file).load(), file.tell()


def load_python(stream, persistent):
    file = io.BytesIO(stream)
    return (PersistentPython if persistent else PythonUnpickler)(file).load(), file.tell()


SEMANTICS = (load_bytes, load_file, load_peeking, load_python)


def describe(root):
    """The result as text: the same for the same values and the same sharing; sets by their plain members."""
    seen: dict = {}
    out: list = []
    todo = [root]
    while todo and len(out) < MOST_NODES:
        value = todo.pop()
        kind = type(value)
        if value is None or kind is bool or kind is str or kind is bytes:
            out.append(ascii(value))
        elif kind is float:
            out.append(value.hex())
        elif kind is int:
            out.append(hex(value))
        elif kind is RecorderType:
            out.append(f"<{value.label}>")
        elif id(value) in seen:
            out.append(f"#{seen[id(value)]}")
        else:
            seen[id(value)] = len(seen)
            if kind is tuple or kind is list:
                out.append(f"{kind.__name__} {len(value)}")
                todo.extend(reversed(value))
            elif kind is dict:
                out.append(f"dict {len(value)}")
                for key, item in value.items():
                    todo.append(item)
                    todo.append(key)
            elif kind is set or kind is frozenset:
                plain = sorted(ascii(each) for each in value if type(each) in PLAIN)
                out.append(f"{kind.__name__} {len(value)} {plain}")
            elif kind is bytearray:
                out.append(f"bytearray {bytes(value)!r}")
            elif isinstance(value, Recorder):
                out.append(f"instance of {kind.label}")
            else:
                out.append(f"other {kind.__name__}")
    return " ".join(out)


PLAIN = frozenset((type(None), bool, int, float, str, bytes))


def outcome(load, stream, persistent):
    resolved.clear()
    events.clear()
    try:
        value, end = load(stream, persistent)
        finished, result = 1, describe(value)
    except RecursionError:
        finished, end, result = 0, -1, "RecursionError"
    except MemoryError:
        finished, end, result = 0, -1, "MemoryError"
    except Exception as error:
        finished, end, result = 0, -1, type(error).__name__
    return end, [finished, list(resolved), list(events), result]


def run_batch(batch):
    answers = []
    for flags, stream in batch:
        ends, outcomes = [], []
        for load in SEMANTICS:
            end, each = (-1, None) if flags & 1 and load is load_bytes else outcome(load, stream, flags & 1)
            ends.append(end)
            outcomes.append(0 if each is not None and outcomes and outcomes[0] == each else each)
        answers.append([ends, outcomes])
    return json.dumps(answers, separators=(",", ":"))


def parse_batch(data):
    count = int.from_bytes(data[:4], "little")
    at, batch = 4, []
    for _ in range(count):
        length, flags = int.from_bytes(data[at : at + 4], "little"), data[at + 4]
        batch.append((flags, bytes(data[at + 5 : at + 5 + length])))
        at += 5 + length
    return batch


def limit():
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def serve():
    """Answers batches until standard input ends; each is preceded by its length."""
    limit()
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    greeting = json.dumps({"python": sys.version.split()[0]}).encode()
    sink.write(len(greeting).to_bytes(4, "little") + greeting)
    sink.flush()
    while True:
        head = source.read(4)
        if len(head) < 4:
            return
        data = source.read(int.from_bytes(head, "little"))
        answer = run_batch(parse_batch(data)).encode()
        sink.write(len(answer).to_bytes(4, "little") + answer)
        sink.flush()


if __name__ == "__main__" and sys.platform != "emscripten":
    serve()
