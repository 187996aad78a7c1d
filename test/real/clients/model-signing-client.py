"""Drives model_signing through its Python interface: one JSON request a line in, one JSON answer a line out.

Requests: {"do": "sign", "model", "signature", "key", "method"?, "hash"?, "shardSize"?, "symlinks"?, "git"?} and
{"do": "verify", "model", "signature", "key", "ignoreUnsigned"?, "git"?}. With "git" the files of git are not left out.
Answers: {"ok": true} or {"ok": false, "why": text}.
"""

import contextlib
import json
import pathlib
import sys

from model_signing import hashing, signing, verifying


def hashing_config(request):
    config = hashing.Config()
    algorithm = request.get("hash", "sha256")
    symlinks = request.get("symlinks", False)
    if request.get("method") == "shards":
        config.use_shard_serialization(
            hashing_algorithm=algorithm, shard_size=request["shardSize"], allow_symlinks=symlinks, max_workers=1
        )
    else:
        config.use_file_serialization(hashing_algorithm=algorithm, allow_symlinks=symlinks, max_workers=1)
    config.set_allow_symlinks(symlinks)
    return config.set_ignored_paths(paths=request.get("ignore", []), ignore_git_paths=not request.get("git", False))


def sign(request):
    config = signing.Config().use_elliptic_key_signer(private_key=pathlib.Path(request["key"]))
    config.set_hashing_config(hashing_config(request))
    config.sign(pathlib.Path(request["model"]), pathlib.Path(request["signature"]))


def verify(request):
    config = verifying.Config().use_elliptic_key_verifier(public_key=pathlib.Path(request["key"]))
    config.set_ignore_unsigned_files(request.get("ignoreUnsigned", False))
    if request.get("git"):
        config.set_hashing_config(hashing_config(request))
    config.verify(pathlib.Path(request["model"]), pathlib.Path(request["signature"]))


def answer(request):
    try:
        with contextlib.redirect_stdout(sys.stderr):
            {"sign": sign, "verify": verify}[request["do"]](request)
        return {"ok": True}
    except Exception as error:
        return {"ok": False, "why": f"{type(error).__name__}: {error}"[:2000]}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
