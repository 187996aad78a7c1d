"""Draws probes as `beacon.ts` describes it, in another language: draw.py SEED_HEX SIZE COUNT."""

import hashlib
import sys


def words(seed):
    block = 0
    while True:
        digest = hashlib.sha256(seed + b"tidewaiter/draw/v1" + block.to_bytes(8, "big")).digest()
        for at in range(0, 32, 8):
            yield int.from_bytes(digest[at : at + 8], "big")
        block += 1


def draw(seed, size, count):
    left = list(range(size))
    source = words(seed)
    for j in range(count):
        n = size - j
        word = next(source)
        while word >= (1 << 64) // n * n:
            word = next(source)
        at = j + word % n
        left[j], left[at] = left[at], left[j]
    return left[:count]


if __name__ == "__main__":
    print(draw(bytes.fromhex(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
