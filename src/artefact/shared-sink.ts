/**
 * Digests of a large file by two threads: the whole in one, the blocks in whichever has time.
 *
 * At the start of each block the reader looks how far the other thread is behind. If it keeps up, it gets the block
 * as well and the reader only reads on; otherwise the reader digests the block itself.
 */
import { createHash } from 'node:crypto'
import { BLOCK_SIZE } from '../base/index.ts'
import { PIECE_SIZE, type PieceDigester } from './digest-thread.ts'

const PIECES_PER_BLOCK = BLOCK_SIZE / PIECE_SIZE
/** Pieces that may wait while the thread still counts as keeping up. */
const KEEPS_UP = 16

/** Takes the pieces of one file, each of PIECE_SIZE but for the last. */
export class SharedSink {
  readonly #thread: PieceDigester
  /** Digests of the blocks, with a gap where the thread has one. */
  readonly #blocks: (string | undefined)[] = []
  #block = createHash('sha256')
  /** Pieces of the current block that were taken. */
  #taken = 0
  #isHandedOver = false

  constructor(thread: PieceDigester) {
    this.#thread = thread
  }

  /** Waits until the next piece can be taken. */
  ready(): Promise<void> {
    return this.#thread.ready()
  }

  /** Takes the next piece. */
  take(piece: Uint8Array, isLast: boolean): void {
    if (this.#taken === 0) this.#isHandedOver = this.#thread.waiting < KEEPS_UP
    const ends = isLast || this.#taken === PIECES_PER_BLOCK - 1
    this.#taken = ends ? 0 : this.#taken + 1
    if (this.#isHandedOver) this.#thread.put(piece, ends ? 'endOfBlock' : 'block')
    else {
      this.#thread.put(piece, 'none')
      this.#block.update(piece)
    }
    if (ends) this.#endBlock()
  }

  #endBlock(): void {
    if (this.#isHandedOver) this.#blocks.push(undefined)
    else {
      this.#blocks.push(this.#block.digest('hex'))
      this.#block = createHash('sha256')
    }
  }

  /** Ends the file. */
  async finish(): Promise<{ readonly sha256: string; readonly blocks: readonly string[] }> {
    const { sha256, blocks } = await this.#thread.finish()
    const handedOver = blocks.values()
    return { sha256, blocks: this.#blocks.map((digest) => digest ?? handedOver.next().value ?? '') }
  }
}
