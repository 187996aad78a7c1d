"""Makes vectors.json: tars by Python in its three dialects, by GNU tar and by Go, as base64 of gzip.

Run where `tar` and `go` are there; what is missing is left out with a word.
"""

import base64
import gzip
import io
import json
import pathlib
import shutil
import subprocess
import tarfile
import tempfile

LONG = "models/" + "a-very-long-folder/" * 7 + "end.txt"
FILES = {"a.txt": b"one\n", "dir/b.bin": bytes(700), LONG: b"long\n", "dir/modèle.txt": b"accents\n"}
GO = """package main
import ("archive/tar";"os")
func main() {
  t := tar.NewWriter(os.Stdout)
  for i := 1; i+1 < len(os.Args); i += 2 {
    t.WriteHeader(&tar.Header{Name: os.Args[i], Size: int64(len(os.Args[i+1])), Mode: 0644})
    t.Write([]byte(os.Args[i+1]))
  }
  t.Close()
}
"""


def by_python(format):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format) as archive:
        folder = tarfile.TarInfo("dir")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for name, content in FILES.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def by_gnu_tar(dialect):
    with tempfile.TemporaryDirectory() as folder:
        for name, content in FILES.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        command = ["tar", "--sort=name", "--mtime=@0", "--owner=0", "--group=0", f"--format={dialect}", "-c", "."]
        return subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout


def by_go():
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, "main.go")
        source.write_text(GO)
        pairs = [part for name, content in FILES.items() if b"\0" not in content for part in (name, content.decode())]
        return subprocess.run(["go", "run", str(source), *pairs], check=True, capture_output=True).stdout


archives = {f"python {format}": by_python(format) for format in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)}
archives |= {f"GNU tar {dialect}": by_gnu_tar(dialect) for dialect in ("v7", "ustar", "gnu", "posix") if dialect != "v7"}
if shutil.which("go"):
    archives["Go"] = by_go()
else:
    print("go is not there; its archive is left out")
vectors = [{"name": name, "base64": base64.b64encode(gzip.compress(content, mtime=0)).decode()} for name, content in archives.items()]
pathlib.Path(__file__).with_name("vectors.json").write_text(json.dumps(vectors, indent=1, ensure_ascii=False) + "\n")
