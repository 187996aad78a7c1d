/**
 * The content of members: unpacked where it must be, and held against its check sum.
 *
 * Guarantee: no more memory than the limit below for any member, nothing unpacked beyond what the member declares.
 * Source: APPNOTE.TXT 4.4.5, 4.4.7; RFC 1951.
 */
import { crc32, inflateRawSync } from 'node:zlib'
import { Fault } from '../../base/index.ts'
import { contentChunks, type ByteSource } from '../byte-source.ts'
import { memorySource } from '../memory-source.ts'
import type { ReadRequest } from '../reader.ts'
import { sliceSource } from '../slice-source.ts'
import type { ZipAnomaly } from './anomalies.ts'
import type { ZipMember } from './index.ts'

const STORED = 0
const DEFLATED = 8
/** Unpacked bytes that are held in memory at once. */
const MOST_HELD = 32 * 1024 * 1024

/** What is done about content that is not as the archive says: by default it is a fault. */
export type NoteContent = (code: ZipAnomaly, message: string) => void

const refuse: NoteContent = (code, message) => {
  throw new Fault(code, message)
}

/** True when the content of the member lies in the archive as it is. */
export function isStored({ method, encrypted }: Pick<ZipMember, 'method' | 'encrypted'>): boolean {
  return method === STORED && !encrypted
}

/** CRC-32 of a range that is read once and never held. @throws Fault as the source does */
export function checkSumOf(source: ByteSource, from: number, length: number): number {
  let sum = 0
  for (const chunk of contentChunks(source, from, length)) sum = crc32(chunk, sum)
  return sum
}

/**
 * The content of a member as a source: a slice of the archive when it is stored, unpacked otherwise.
 *
 * @param note what to do about a wrong check sum and about bytes behind the compressed data; without it a fault
 * @throws Fault `zip-encrypted`, `zip-method`, `zip-size`, `zip-ratio`, and without `note` `zip-crc`, `zip-slack`
 */
export function openZipMember(request: ReadRequest, member: ZipMember, note: NoteContent = refuse): ByteSource {
  const { source, budget } = request
  if (member.encrypted) throw new Fault('zip-encrypted', 'it is encrypted')
  if (member.method === STORED) return sliceSource(source, member.from, member.size)
  if (member.method !== DEFLATED) throw new Fault('zip-method', `compression method ${member.method} is not known here`)
  return memorySource(inflate(source, member, note), budget)
}

function inflate(source: ByteSource, member: ZipMember, note: NoteContent): Uint8Array {
  const { from, packedSize, size } = member
  if (size > MOST_HELD) throw new Fault('budget-bytes', `${size} bytes unpacked; at most ${MOST_HELD} are held`)
  const packed = Buffer.concat([...contentChunks(source, from, packedSize)].map((chunk) => Buffer.from(chunk)))
  const { buffer, engine } = tryInflate(packed, size)
  if (buffer.length !== size) throw new Fault('zip-size', `${buffer.length} bytes unpacked, ${size} declared`)
  if (engine.bytesWritten !== packedSize)
    note('zip-slack', `its compressed data end after ${engine.bytesWritten} of ${packedSize} bytes`)
  const sum = crc32(buffer)
  if (sum !== member.crc) note('zip-crc', `its check sum is ${sum.toString(16)}; ${member.crc.toString(16)} is stored`)
  return buffer
}

interface Inflated {
  readonly buffer: Buffer
  readonly engine: { readonly bytesWritten: number }
}

function tryInflate(packed: Buffer, size: number): Inflated {
  try {
    // One byte more than declared is let through, so that too much is seen as that.
    return inflateRawSync(packed, { maxOutputLength: size + 1, info: true }) as unknown as Inflated
  } catch (cause) {
    const { message } = cause as Error
    throw new Fault('zip-size', `it does not unpack to the ${size} bytes that are declared: ${message}`, { cause })
  }
}
