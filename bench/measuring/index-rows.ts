/**
 * Rows of an index as models would give them, without models: drawn bits, and children at a given angle.
 *
 * Bits come from the key stream of AES, so that a million rows take seconds and a seed gives the same ones everywhere.
 */
import { createCipheriv, type Cipheriv } from 'node:crypto'
import { sha256 } from '../../src/base/index.ts'
import type { IndexRow } from '../../src/lineage/index.ts'

/** Shape of a model as far as the index asks. */
export interface RowShape {
  readonly layers: number
  readonly width: number
}

/** Digests of a row: fewer than a model has matrices, so that a million rows fit on a disk. */
const DIGESTS = 16

function keyStream(seed: number): Cipheriv {
  const key = Buffer.alloc(16)
  key.writeUInt32LE(seed)
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16))
}

function take(stream: Cipheriv, length: number): Uint8Array {
  return new Uint8Array(stream.update(Buffer.alloc(length)))
}

/** See the module. */
export class SyntheticRows {
  readonly #stream: Cipheriv

  constructor(seed: number) {
    this.#stream = keyStream(seed)
  }

  /** The next row. */
  make({ layers, width }: RowShape): IndexRow {
    const bytes = take(this.#stream, 64 + 512 + 128 + 8 * DIGESTS + 64 * layers)
    let at = 0
    const next = (length: number): Uint8Array => bytes.subarray(at, (at += length))
    const hex = Buffer.from(next(64)).toString('hex')
    const digests = Buffer.from(next(8 * DIGESTS)).toString('hex')
    return {
      model: `tw1:${hex.slice(0, 64)}`,
      fingerprint: hex.slice(64),
      place: sha256(`${layers} ${width}`).slice(0, 16),
      shape: sha256(`${width}`).slice(0, 16),
      width,
      layers,
      whole: next(512),
      wholeBits: 4096,
      gains: next(64),
      tokens: next(64),
      layerSketches: next(64 * layers),
      layerBits: 512,
      digests: Array.from({ length: DIGESTS }, (_, i) => digests.slice(16 * i, 16 * i + 16)).toSorted(),
    }
  }
}

/** Bits each of which is turned with the given probability, in 1/65536. */
function turnBits(bits: Uint8Array, share: number, stream: Cipheriv): Uint8Array {
  const draws = new Uint16Array(take(stream, 16 * bits.length).buffer)
  return bits.map((byte, i) => {
    let turned = byte
    for (let bit = 0; bit < 8; bit++) if ((draws[8 * i + bit] ?? 0) < share) turned ^= 1 << bit
    return turned
  })
}

/** A child whose weights have this cosine with those of a row's model: all its bits turn as sign bits at that angle do. */
export function childOf(row: IndexRow, cosine: number, seed: number): IndexRow {
  const stream = keyStream(0x1000_0000 + seed)
  const share = Math.round((65_536 * Math.acos(cosine)) / Math.PI)
  const turn = (bits: Uint8Array): Uint8Array => turnBits(bits, share, stream)
  const hex = Buffer.from(take(stream, 64)).toString('hex')
  return {
    ...row,
    model: `tw1:${hex.slice(0, 64)}`,
    fingerprint: hex.slice(64),
    whole: turn(row.whole),
    layerSketches: turn(row.layerSketches),
    gains: turn(row.gains),
    tokens: turn(row.tokens),
    digests: Array.from({ length: DIGESTS }, () => Buffer.from(take(stream, 8)).toString('hex')).toSorted(),
  }
}
