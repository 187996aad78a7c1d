/**
 * The block list of a file: the SHA-256 of each block of 4 MiB.
 *
 * It stands alone where another thread computes the digest of the whole; `BlockHasher` computes both.
 *
 * Source: FIPS 180-4; block size from `docs/adr/0006-block-list.md`.
 */
import { createHash } from 'node:crypto'

/** Bytes in a block of a block list: 4 MiB; the last block of a file may be shorter. */
export const BLOCK_SIZE = 4 * 1024 * 1024

/** Takes the bytes of a file in order, in pieces of any length. */
export class BlockList {
  readonly #blocks: string[] = []
  #block = createHash('sha256')
  #filled = 0

  /** Takes the next bytes. */
  update(bytes: Uint8Array): void {
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

  /** Ends the file: the SHA-256 of each block of 4 MiB, the last one as long as it is. */
  finish(): readonly string[] {
    if (this.#filled > 0) this.#close()
    return this.#blocks
  }
}
