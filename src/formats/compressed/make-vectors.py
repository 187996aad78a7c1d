"""Makes vectors.json: streams by the compressors of Python, lz4 and Info-ZIP, and what they hold.

Run with a Python that has lz4 and, for Zstandard, either 3.14 or the package zstandard.
"""

import base64
import bz2
import gzip
import hashlib
import io
import json
import lzma
import pathlib
import random
import zipfile
import zlib

import lz4.frame

random.seed(20261126)
WORDS = ["the ", "tide ", "waits ", "for ", "no ", "man\n"]
CONTENTS = {
    "empty": b"",
    "letter": b"a",
    "words": "".join(random.choices(WORDS, k=400)).encode(),
    "zeros": bytes(200_000),
    "noise": random.randbytes(200),
    "runs": b"".join(bytes([random.randrange(256)]) * random.randrange(1, 400) for _ in range(60)),
}


def lzma2(content, **filters):
    return lzma.compress(content, filters=[{"id": lzma.FILTER_LZMA2, **filters}])


def lzma1(content, **filters):
    return lzma.compress(content, format=lzma.FORMAT_ALONE, filters=[{"id": lzma.FILTER_LZMA1, **filters}])


def gzip_with(content):
    out = io.BytesIO()
    with gzip.GzipFile("model.pkl", "wb", fileobj=out, mtime=0) as stream:
        stream.write(content)
    return out.getvalue()


def zipped(method):
    def compress(content):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as archive:
            archive.writestr(zipfile.ZipInfo("a.bin"), content, method)
        return out.getvalue()

    return compress


COMPRESSORS = {
    "gzip": {"gz": lambda c: gzip.compress(c, mtime=0), "named": gzip_with},
    "zlib": {"3": lambda c: zlib.compress(c, 3), "9": lambda c: zlib.compress(c, 9)},
    "bzip2": {"1": lambda c: bz2.compress(c, 1), "9": lambda c: bz2.compress(c, 9)},
    "xz": {
        "6": lzma.compress,
        "0": lambda c: lzma.compress(c, preset=0, check=lzma.CHECK_CRC32),
        "9": lambda c: lzma.compress(c, preset=9, check=lzma.CHECK_SHA256),
        "none": lambda c: lzma.compress(c, check=lzma.CHECK_NONE),
        "odd": lambda c: lzma2(c, preset=3, lc=0, lp=2, pb=0, dict_size=4096),
    },
    "lzma": {
        "alone": lambda c: lzma.compress(c, format=lzma.FORMAT_ALONE),
        "odd": lambda c: lzma1(c, preset=1, lc=1, lp=1, pb=4, dict_size=4096),
    },
    "lz4": {
        "frame": lz4.frame.compress,
        "blocks": lambda c: lz4.frame.compress(c, block_linked=False, content_checksum=True, block_checksum=True, block_size=4),
        "linked": lambda c: lz4.frame.compress(c, block_linked=True, store_size=False, block_size=4, compression_level=9),
    },
    "zip": {
        "deflated": zipped(zipfile.ZIP_DEFLATED),
        "bzip2": zipped(zipfile.ZIP_BZIP2),
        "lzma": zipped(zipfile.ZIP_LZMA),
    },
}

vectors = [
    {
        "format": format,
        "name": f"{content}.{variant}",
        "size": len(CONTENTS[content]),
        "sha256": hashlib.sha256(CONTENTS[content]).hexdigest(),
        "base64": base64.b64encode(compress(CONTENTS[content])).decode(),
    }
    for format, variants in COMPRESSORS.items()
    for variant, compress in variants.items()
    for content in CONTENTS
]
pathlib.Path(__file__).with_name("vectors.json").write_text(json.dumps(vectors, indent=1) + "\n")
