/**
 * SHA-256, whole and in blocks of 4 MiB.
 *
 * The digest of a file is what a hub, an OCI registry and a certificate call it by; the list of block digests lets
 * the gate verify a range before it forwards it. Digests are lower-case hex everywhere in Tidewaiter.
 *
 * Source: FIPS 180-4; block size from `docs/adr/0006-block-list.md`.
 */
import { createHash } from 'node:crypto'
import { BlockList } from './block-list.ts'
import { canonicalJson } from './canonical-json.ts'

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
  readonly #blocks = new BlockList()
  #size = 0

  /** Takes the next bytes, of any length. */
  update(bytes: Uint8Array): void {
    this.#whole.update(bytes)
    this.#blocks.update(bytes)
    this.#size += bytes.length
  }

  /** Ends the stream. An empty file has no blocks. */
  finish(): BlockDigests {
    return { size: this.#size, sha256: this.#whole.digest('hex'), blocks: this.#blocks.finish() }
  }
}
