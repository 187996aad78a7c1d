/**
 * SHA-256, whole and in blocks of 4 MiB.
 *
 * The digest of a file is what a hub, an OCI registry and a certificate call it by; the list of block digests lets
 * the gate verify a range before it forwards it. Digests are lower-case hex everywhere in Tidewaiter.
 *
 * Source: FIPS 180-4; block size from `docs/adr/0006-block-list.md`.
 */
import { createHash } from 'node:crypto'
import { canonicalJson } from './canonical-json.ts'

/** Bytes in a block of a block list: 4 MiB; the last block of a file may be shorter. */
export const BLOCK_SIZE = 4 * 1024 * 1024

/** SHA-256 as lower-case hex. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** SHA-256 of the canonical JSON of a value, as lower-case hex. */
export function digestOf(value: unknown): string {
  return sha256(canonicalJson(value))
}

/** True for 64 lower-case hex digits. */
export function isSha256(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text)
}

/** What {@link BlockHasher} found: digest of all bytes and of each block, in order. */
export interface BlockDigests {
  readonly size: number
  readonly sha256: string
  readonly blocks: readonly string[]
}

/** Hashes a stream of bytes into a whole digest and a block list; each byte is hashed once for each of the two. */
export class BlockHasher {
  readonly #whole = createHash('sha256')
  readonly #blocks: string[] = []
  #block = createHash('sha256')
  #filled = 0
  #size = 0

  /** Takes the next bytes, of any length. */
  update(bytes: Uint8Array): void {
    this.#whole.update(bytes)
    this.#size += bytes.length
    for (let from = 0; from < bytes.length;) {
      const part = bytes.subarray(from, from + BLOCK_SIZE - this.#filled)
      this.#block.update(part)
      this.#filled += part.length
      from += part.length
      if (this.#filled === BLOCK_SIZE) this.#close()
    }
  }

  #close(): void {
    this.#blocks.push(this.#block.digest('hex'))
    this.#block = createHash('sha256')
    this.#filled = 0
  }

  /** Ends the stream. An empty file has no blocks. */
  finish(): BlockDigests {
    if (this.#filled > 0) this.#close()
    return { size: this.#size, sha256: this.#whole.digest('hex'), blocks: this.#blocks }
  }
}
