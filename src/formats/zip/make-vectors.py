"""Makes vectors.json: zips by Python, NumPy, torch, Info-ZIP, Java and Go, as base64 of gzip.

Run where these are there; what is missing is left out with a word. Every archive holds harmless content.
"""

import base64
import gzip
import io
import json
import pathlib
import shutil
import subprocess
import tempfile
import zipfile

FILES = {"a.txt": b"one two three\n" * 20, "dir/b.bin": bytes(range(256)), "dir/modèle.txt": b"accents\n"}
JAVA = """import java.io.*; import java.nio.file.*; import java.util.zip.*; import java.util.jar.*;
public class Z { public static void main(String[] a) throws Exception {
  try (ZipOutputStream z = a[0].equals("jar") ? new JarOutputStream(System.out, new Manifest()) : new ZipOutputStream(System.out)) {
    z.putNextEntry(new ZipEntry("dir/")); z.closeEntry();
    z.putNextEntry(new ZipEntry("a.txt")); z.write("one two three".getBytes()); z.closeEntry();
    ZipEntry s = new ZipEntry("stored.bin"); byte[] d = {1, 2, 3}; CRC32 c = new CRC32(); c.update(d);
    s.setMethod(0); s.setSize(3); s.setCrc(c.getValue()); z.putNextEntry(s); z.write(d); z.closeEntry();
  }
} }
"""
GO = """package main
import ("archive/zip";"os")
func main() {
  z := zip.NewWriter(os.Stdout)
  w, _ := z.Create("a.txt"); w.Write([]byte("one two three"))
  w, _ = z.CreateHeader(&zip.FileHeader{Name: "stored.bin", Method: zip.Store}); w.Write([]byte{1, 2, 3})
  z.Create("dir/"); w, _ = z.Create("dir/modèle.txt"); w.Write([]byte("accents"))
  z.Close()
}
"""


class Pipe:
    """A file that cannot seek."""

    def __init__(self):
        self.out = io.BytesIO()

    def write(self, data):
        return self.out.write(data)

    def flush(self):
        pass


def by_python(method=zipfile.ZIP_DEFLATED, pipe=False, wide=False):
    out = Pipe() if pipe else io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in FILES.items():
            with archive.open(zipfile.ZipInfo(name), "w", force_zip64=wide) as member:
                member.write(content)
    return (out.out if pipe else out).getvalue()


def in_folder(make):
    with tempfile.TemporaryDirectory() as folder:
        for name, content in FILES.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return make(folder)


def by_info_zip(*flags, feed=None):
    def make(folder):
        command = ["zip", "-q", *flags]
        done = subprocess.run(command, cwd=folder, check=True, capture_output=True, input=feed)
        made = pathlib.Path(folder, "m.zip")
        return made.read_bytes() if made.exists() else done.stdout

    return in_folder(make)


def by_source(name, text, command, *arguments):
    def make(folder):
        pathlib.Path(folder, name).write_text(text)
        return subprocess.run([*command, name, *arguments], cwd=folder, check=True, capture_output=True).stdout

    return in_folder(make)


def by_numpy(compressed):
    import numpy

    out = io.BytesIO()
    (numpy.savez_compressed if compressed else numpy.savez)(out, a=numpy.arange(40), b=numpy.zeros((2, 2)))
    return out.getvalue()


def by_torch(script):
    import torch

    out = io.BytesIO()
    if script:
        torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), out)
    else:
        torch.save({"a": torch.zeros(3), "b": torch.ones(100)}, out)
    return out.getvalue()


makers = {
    "Python": by_python,
    "Python, stored": lambda: by_python(zipfile.ZIP_STORED),
    "Python to a pipe": lambda: by_python(pipe=True),
    "Python, 64-bit": lambda: by_python(wide=True),
    "Python to a pipe, 64-bit": lambda: by_python(pipe=True, wide=True),
    "NumPy": lambda: by_numpy(False),
    "NumPy, compressed": lambda: by_numpy(True),
    "torch": lambda: by_torch(False),
    "TorchScript": lambda: by_torch(True),
    "Info-ZIP": lambda: by_info_zip("-r", "m.zip", "."),
    "Info-ZIP, stored": lambda: by_info_zip("-0", "-r", "m.zip", "."),
    "Info-ZIP with descriptors": lambda: by_info_zip("-fd", "-r", "m.zip", "."),
    "Info-ZIP to a pipe": lambda: by_info_zip("-r", "-", "."),
    "Info-ZIP from a pipe to a pipe": lambda: by_info_zip("-", "-", feed=b"content of a pipe"),
}
if shutil.which("java"):
    makers["Java"] = lambda: by_source("Z.java", JAVA, ["java"], "zip")
    makers["Java, jar"] = lambda: by_source("Z.java", JAVA, ["java"], "jar")
if shutil.which("go"):
    makers["Go"] = lambda: by_source("main.go", GO, ["go", "run"])

vectors = []
for name, make in makers.items():
    try:
        content = make()
    except (ImportError, OSError, subprocess.CalledProcessError) as error:
        print(f"{name} is left out: {error}")
        continue
    vectors.append({"name": name, "base64": base64.b64encode(gzip.compress(content, mtime=0)).decode()})
pathlib.Path(__file__).with_name("vectors.json").write_text(json.dumps(vectors, indent=1) + "\n")
