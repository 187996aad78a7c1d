/**
 * The header of a block of xz, and the numbers of variable length in it.
 *
 * Source: the .xz file format 1.2.1, 1.2, 3.1.
 */
import { crc32 } from 'node:zlib'
import { Fault } from '../../base/index.ts'
import type { NoteStream } from '../compressed/stream-reader.ts'

const LZMA2 = 0x21
const LARGEST_SIZE = 40
const MOST_DIGITS = 9

/** A number of which each byte holds seven bits; the last has no high bit. @throws Fault `stream-broken` */
export function readVariable(next: () => number): number {
  let value = 0
  for (let i = 0; i < MOST_DIGITS; i++) {
    const byte = next()
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte >= 0x80) continue
    if ((byte === 0 && i > 0) || !Number.isSafeInteger(value)) break
    return value
  }
  throw new Fault('stream-broken', 'a number that is not in its shortest form')
}

/** What a block says of itself. */
export interface BlockHeader {
  readonly windowSize: number
  readonly packed?: number
  readonly size?: number
}

/** Parses a header with its first byte and its check sum. @throws Fault `stream-broken`, `stream-unsupported` */
export function readBlockHeader(header: Buffer, note: NoteStream): BlockHeader {
  const body = header.subarray(0, -4)
  if (header.readUInt32LE(body.length) !== crc32(body))
    note('stream-header', 'the check sum of a block header is wrong')
  let at = 2
  const next = (): number => {
    const byte = body[at++]
    if (byte === undefined) throw new Fault('stream-broken', 'a block header that is too short')
    return byte
  }
  const flags = body[1] ?? 0
  if ((flags & 0x3c) !== 0) throw new Fault('stream-unsupported', 'a block header with flags that are not defined')
  const packed = (flags & 0x40) === 0 ? {} : { packed: readVariable(next) }
  const size = (flags & 0x80) === 0 ? {} : { size: readVariable(next) }
  const filter = readVariable(next)
  const length = readVariable(next)
  if ((flags & 3) !== 0 || filter !== LZMA2 || length !== 1)
    throw new Fault('stream-unsupported', 'a block with a filter other than LZMA2')
  const code = next()
  if (code > LARGEST_SIZE) throw new Fault('stream-broken', 'a dictionary size that is not defined')
  if (body.subarray(at).some((byte) => byte !== 0)) throw new Fault('stream-broken', 'padding that is not zero')
  const windowSize = code === LARGEST_SIZE ? 2 ** 32 - 1 : (2 | (code & 1)) * 2 ** ((code >> 1) + 11)
  return { windowSize, ...packed, ...size }
}
