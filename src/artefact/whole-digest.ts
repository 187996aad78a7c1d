/**
 * The digest of whole files, computed in a thread beside the one that reads.
 *
 * SHA-256 of a file cannot be split, so a second digest over the same bytes (the block list) needs a second core.
 * The reader writes pieces of 256 KiB into a ring in shared memory and goes on to hash the blocks itself while they
 * are in its cache; the thread follows by `Atomics.wait`. Each byte is read once and copied never.
 *
 * Measured: `crypto.subtle.digest`, which needs no thread, copies and wipes each block, 0.2 U of CPU time more (U is
 * one pass of `node:crypto` over the bytes). In a ring of 4 MiB the reader overwrites what is still in the cache of
 * the other core, which costs up to 0.4 U where cores are far apart; in one of 12 MiB hardly any of it.
 *
 * The thread runs the source of one function of this module, so it needs no file of its own, in development and
 * after the build alike, and no type stripping of its own (15 MB of memory).
 */
import type { createHash } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import { Fault } from '../base/index.ts'

/** Bytes in a piece: one slot of the ring. */
export const PIECE_SIZE = 256 * 1024
const SLOTS = 48
/** Cells of the control array: pieces written, pieces read, then the length of the piece in each slot. */
const WRITTEN = 0
const READ = 1
const LENGTHS = 2
const END_OF_FILE = 0

interface Ring {
  readonly bytes: SharedArrayBuffer
  readonly control: SharedArrayBuffer
  readonly slots: number
  readonly pieceSize: number
}

interface ThreadTools {
  readonly createHash: typeof createHash
  readonly post: (digest: string) => void
}

/** Runs in the thread, from its source text: nothing outside this function is in reach but its arguments. */
function followRing(ring: Ring, tools: ThreadTools): never {
  const bytes = new Uint8Array(ring.bytes)
  const control = new Int32Array(ring.control)
  let hash = tools.createHash('sha256')
  for (let read = 0; ;) {
    while (Atomics.load(control, 0) === read) Atomics.wait(control, 0, read)
    const slot = read % ring.slots
    const length = Atomics.load(control, 2 + slot)
    if (length > 0) hash.update(bytes.subarray(slot * ring.pieceSize, slot * ring.pieceSize + length))
    else {
      tools.post(hash.digest('hex'))
      hash = tools.createHash('sha256')
    }
    read++
    Atomics.store(control, 1, read)
    Atomics.notify(control, 1)
  }
}

const SOURCE = `'use strict'
const { workerData, parentPort } = require('node:worker_threads')
const { createHash } = require('node:crypto')
;(${followRing.toString()})(workerData, { createHash, post: (digest) => parentPort.postMessage(digest) })`

/** See the module. One file after another; `close` ends the thread. */
export class WholeDigestThread {
  readonly #ring: Ring = {
    bytes: new SharedArrayBuffer(SLOTS * PIECE_SIZE),
    control: new SharedArrayBuffer((LENGTHS + SLOTS) * Int32Array.BYTES_PER_ELEMENT),
    slots: SLOTS,
    pieceSize: PIECE_SIZE,
  }
  readonly #bytes = new Uint8Array(this.#ring.bytes)
  readonly #control = new Int32Array(this.#ring.control)
  readonly #worker: Worker
  #written = 0
  #failure: Fault | undefined
  #onFailure: (failure: Fault) => void = () => {}

  constructor() {
    const resourceLimits = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 }
    this.#worker = new Worker(SOURCE, { eval: true, workerData: this.#ring, env: {}, execArgv: [], resourceLimits })
    const fail = (cause: unknown) => this.#fail(cause)
    this.#worker.once('error', fail).once('exit', fail)
  }

  #fail(cause: unknown): void {
    this.#failure ??= new Fault('internal', 'the digest thread ended', { cause })
    this.#onFailure(this.#failure)
    Atomics.notify(this.#control, READ)
  }

  /** A place of {@link PIECE_SIZE} bytes for the next piece, as soon as one is free. */
  async room(): Promise<Uint8Array> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure
      const read = Atomics.load(this.#control, READ)
      if (this.#written - read < SLOTS) break
      const waiting = Atomics.waitAsync(this.#control, READ, read)
      if (waiting.async) await waiting.value
    }
    const from = (this.#written % SLOTS) * PIECE_SIZE
    return this.#bytes.subarray(from, from + PIECE_SIZE)
  }

  /** Hands over what was written into the room: its first `length` bytes. */
  put(length: number): void {
    Atomics.store(this.#control, LENGTHS + (this.#written % SLOTS), length)
    this.#written++
    Atomics.store(this.#control, WRITTEN, this.#written)
    Atomics.notify(this.#control, WRITTEN)
  }

  /** Ends the file; its SHA-256 as hex. */
  async finish(): Promise<string> {
    await this.room()
    return new Promise((resolve, reject) => {
      this.#onFailure = reject
      this.#worker.once('message', resolve)
      this.put(END_OF_FILE)
    })
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    await this.#worker.terminate()
  }
}
