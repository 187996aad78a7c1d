/**
 * The block list of a file alone, for where another thread computes the digest of the whole.
 *
 * Same blocks as `BlockHasher` of `base/`, which hashes every byte for both.
 */
import { createHash } from 'node:crypto'
import { BLOCK_SIZE } from '../base/index.ts'

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
