/**
 * A thread that digests whole files beside the one that reads them.
 *
 * SHA-256 of a file cannot be split, so a second digest over the same bytes (the block list) needs a second core.
 * The reader copies pieces of 256 KiB into a ring in shared memory, the thread follows by `Atomics.wait`. Each byte is
 * read once. The reader digests the blocks, but hands a block to the thread as well whenever that keeps up: so both
 * are busy to the end.
 *
 * Measured, with U for one pass of `node:crypto` over the bytes: reading into the ring instead of copying saves
 * nothing, because the kernel is slow to overwrite what the other core holds in its cache (up to 0.4 U);
 * `crypto.subtle.digest`, which needs no thread, copies and wipes each block (0.2 U). A ring of 12 MiB is large
 * enough that the two hardly ever touch the same memory.
 *
 * The thread runs the source of one function of this module, so it needs no file of its own, in development and
 * after the build alike, and no type stripping of its own (15 MB of memory).
 */
import type { createHash } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import { Fault } from '../base/index.ts'

/** Bytes in a piece: one slot of the ring. A block is a whole number of pieces. */
export const PIECE_SIZE = 256 * 1024
const SLOTS = 48
/** Cells of the control array: pieces written, pieces read, then two for each slot: length and task. */
const WRITTEN = 0
const READ = 1
const FIRST_SLOT = 2
const CELLS_PER_SLOT = 2
const END_OF_FILE = 0

/** What the thread does with a piece beside digesting it into the whole. */
export const PIECE_TASKS = { none: 0, block: 1, endOfBlock: 2 } as const
/** See {@link PIECE_TASKS}. */
export type PieceTask = keyof typeof PIECE_TASKS

interface Ring {
  readonly bytes: SharedArrayBuffer
  readonly control: SharedArrayBuffer
  readonly slots: number
  readonly pieceSize: number
}

interface Digested {
  readonly of: 'block' | 'file'
  readonly digest: string
}

interface ThreadTools {
  readonly createHash: typeof createHash
  readonly post: (digested: Digested) => void
}

/** Runs in the thread, from its source text: nothing outside this function is in reach but its arguments. */
function followRing(ring: Ring, tools: ThreadTools): never {
  const bytes = new Uint8Array(ring.bytes)
  const control = new Int32Array(ring.control)
  let whole = tools.createHash('sha256')
  let block = tools.createHash('sha256')
  for (let read = 0; ;) {
    while (Atomics.load(control, 0) === read) Atomics.wait(control, 0, read)
    const slot = read % ring.slots
    const length = Atomics.load(control, 2 + 2 * slot)
    const task = Atomics.load(control, 3 + 2 * slot)
    const piece = bytes.subarray(slot * ring.pieceSize, slot * ring.pieceSize + length)
    whole.update(piece)
    if (task > 0) block.update(piece)
    if (task === 2) {
      tools.post({ of: 'block', digest: block.digest('hex') })
      block = tools.createHash('sha256')
    }
    if (length === 0) {
      tools.post({ of: 'file', digest: whole.digest('hex') })
      whole = tools.createHash('sha256')
    }
    read++
    Atomics.store(control, 1, read)
    Atomics.notify(control, 1)
  }
}

const SOURCE = `'use strict'
const { workerData, parentPort } = require('node:worker_threads')
const { createHash } = require('node:crypto')
;(${followRing.toString()})(workerData, { createHash, post: (digested) => parentPort.postMessage(digested) })`

/** What a sink needs of the thread. */
export type PieceDigester = Pick<DigestThread, 'waiting' | 'ready' | 'put' | 'finish'>

/** See the module. One file after another; `close` ends the thread. */
export class DigestThread {
  readonly #ring: Ring = {
    bytes: new SharedArrayBuffer(SLOTS * PIECE_SIZE),
    control: new SharedArrayBuffer((FIRST_SLOT + CELLS_PER_SLOT * SLOTS) * Int32Array.BYTES_PER_ELEMENT),
    slots: SLOTS,
    pieceSize: PIECE_SIZE,
  }
  readonly #bytes = new Uint8Array(this.#ring.bytes)
  readonly #control = new Int32Array(this.#ring.control)
  readonly #worker: Worker
  #written = 0
  #blocks: string[] = []
  #failure: Fault | undefined
  #onFailure: (failure: Fault) => void = () => {}
  #onFile: (digest: string) => void = () => {}

  constructor() {
    const resourceLimits = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 }
    this.#worker = new Worker(SOURCE, { eval: true, workerData: this.#ring, env: {}, execArgv: [], resourceLimits })
    const fail = (cause: unknown) => this.#fail(cause)
    this.#worker.once('error', fail).once('exit', fail)
    this.#worker.on('message', ({ of, digest }: Digested) => {
      if (of === 'block') this.#blocks.push(digest)
      else this.#onFile(digest)
    })
  }

  #fail(cause: unknown): void {
    this.#failure ??= new Fault('internal', 'the digest thread ended', { cause })
    this.#onFailure(this.#failure)
    Atomics.notify(this.#control, READ)
  }

  /** Pieces that wait for the thread. */
  get waiting(): number {
    return this.#written - Atomics.load(this.#control, READ)
  }

  /** Waits until there is room for a piece. @throws Fault `internal` when the thread ended */
  async ready(): Promise<void> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure
      const read = Atomics.load(this.#control, READ)
      if (this.#written - read < SLOTS) return
      const waiting = Atomics.waitAsync(this.#control, READ, read)
      if (waiting.async) await waiting.value
    }
  }

  /** Hands a piece over, once `ready`. */
  put(piece: Uint8Array, task: PieceTask): void {
    this.#bytes.set(piece, (this.#written % SLOTS) * PIECE_SIZE)
    this.#publish(piece.length, task)
  }

  #publish(length: number, task: PieceTask): void {
    const cell = FIRST_SLOT + CELLS_PER_SLOT * (this.#written % SLOTS)
    Atomics.store(this.#control, cell, length)
    Atomics.store(this.#control, cell + 1, PIECE_TASKS[task])
    this.#written++
    Atomics.store(this.#control, WRITTEN, this.#written)
    Atomics.notify(this.#control, WRITTEN)
  }

  /** Ends the file: its SHA-256, and those of the blocks that were handed over, in order. */
  async finish(): Promise<{ readonly sha256: string; readonly blocks: readonly string[] }> {
    await this.ready()
    const sha256 = await new Promise<string>((resolve, reject) => {
      this.#onFailure = reject
      this.#onFile = resolve
      this.#publish(END_OF_FILE, 'none')
    })
    const blocks = this.#blocks
    this.#blocks = []
    return { sha256, blocks }
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    await this.#worker.terminate()
  }
}
