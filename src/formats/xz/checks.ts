/**
 * The check sums that a stream of xz may have for each block.
 *
 * Source: the .xz file format 1.2.1, 2.1.1.2.
 */
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { Crc64 } from './crc64.ts'

/** A check sum that is being made; undefined for kinds that are not known, whose size alone is. */
export interface Check {
  readonly length: number
  update(bytes: Uint8Array): void
  digest(): Buffer | undefined
}

const LENGTHS: readonly number[] = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64]

function crc32Check(): Check {
  let sum = 0
  return {
    length: 4,
    update: (bytes) => void (sum = crc32(bytes, sum)),
    digest: () => {
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32LE(sum)
      return bytes
    },
  }
}

function crc64Check(): Check {
  const sum = new Crc64()
  return { length: 8, update: (bytes) => void sum.update(bytes), digest: () => sum.digest() }
}

function sha256Check(): Check {
  const hash = createHash('sha256')
  return { length: 32, update: (bytes) => void hash.update(bytes), digest: () => hash.digest() }
}

/** A check of the kind that the flags of the stream name. */
export function makeCheck(kind: number): Check {
  if (kind === 1) return crc32Check()
  if (kind === 4) return crc64Check()
  if (kind === 10) return sha256Check()
  return { length: LENGTHS[kind] ?? 0, update: () => {}, digest: () => undefined }
}
