/**
 * The content of members: unpacked where it must be, and held against its check sum.
 *
 * Guarantee: the memory that `unpacking/` takes, and nothing unpacked beyond what the member declares.
 * Source: APPNOTE.TXT 4.4.5, 4.4.7.
 */
import { crc32, inflateRawSync } from 'node:zlib'
import { Fault, isFault } from '../../base/index.ts'
import { Bzip2Unpacker } from '../bzip2/index.ts'
import { contentChunks, type ByteSource } from '../byte-source.ts'
import { memorySource } from '../memory-source.ts'
import { PageReader } from '../page-reader.ts'
import type { ReadRequest } from '../reader.ts'
import { sliceSource } from '../slice-source.ts'
import { Inflater, MOST_HELD, PackedInput, unpack, type Unpacker } from '../unpacking/index.ts'
import { AloneUnpacker } from '../xz/alone.ts'
import { XzUnpacker } from '../xz/index.ts'
import { ZstandardUnpacker } from '../zstandard/index.ts'
import type { ZipAnomaly } from './anomalies.ts'
import type { ZipMember } from './index.ts'
import { LOCAL } from './signatures.ts'

const STORED = 0
const DEFLATED = 8
const NAME_LENGTH_AT = 26

/** Unpackers by method of compression; the check sum of the member stands for those of the streams. */
const UNPACKERS: ReadonlyMap<number, (input: PackedInput, size: number) => Unpacker> = new Map([
  [DEFLATED, (input: PackedInput): Unpacker => new Inflater(input)],
  [12, (input: PackedInput): Unpacker => new Bzip2Unpacker(input, () => {})],
  [14, (input: PackedInput, size: number): Unpacker => new AloneUnpacker(input, size)],
  [93, (input: PackedInput): Unpacker => new ZstandardUnpacker(input, () => {})],
  [95, (input: PackedInput): Unpacker => new XzUnpacker(input, () => {})],
])

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
 * @param note what to do about content that is not as declared, which is then given as far as it comes out; without it
 *   a fault
 * @throws Fault `zip-encrypted`, `zip-method`, `expansion-bomb`, `budget-…`; without `note` `zip-size`, `zip-crc`,
 *   `zip-slack`
 */
export function openZipMember(request: ReadRequest, member: ZipMember, note: NoteContent = refuse): ByteSource {
  const placed = request.peek ? findContent(request.source, member) : member
  const { method, size, from, packedSize, encrypted } = placed
  if (encrypted) throw new Fault('zip-encrypted', 'it is encrypted')
  if (method === STORED) return sliceSource(request.source, from, size)
  const content = inflate(request, placed) ?? unpackAny(request, placed)
  if (content.broken !== undefined) {
    note('zip-size', `it does not unpack to the ${size} bytes that are declared: ${content.broken}`)
    return content.source
  }
  if (content.end !== from + packedSize)
    note('zip-slack', `its compressed data end after ${content.end - from} of ${packedSize} bytes`)
  if (content.crc !== member.crc)
    note('zip-crc', `its check sum is ${content.crc.toString(16)}; ${member.crc.toString(16)} is stored`)
  return content.source
}

/** A peek has not read the local headers; it reads that of a member that is opened. */
function findContent(source: ByteSource, member: ZipMember): ZipMember {
  const cursor = new PageReader(source, { at: member.headerFrom })
  if (cursor.u32() !== LOCAL) throw new Fault('zip-missing-header', `no local header at ${member.headerFrom}`)
  cursor.seek(member.headerFrom + NAME_LENGTH_AT)
  const behind = cursor.u16() + cursor.u16()
  return { ...member, from: cursor.at + behind }
}

interface Content {
  readonly source: ByteSource
  readonly crc: number
  /** Where the compressed data end. */
  readonly end: number
  /** Why no more came out, or what is amiss with the size. */
  readonly broken?: string
}

/** What fits into memory is inflated by the runtime, which is faster; undefined when it does not come out as declared. */
function inflate({ source, budget }: ReadRequest, { method, from, packedSize, size }: ZipMember): Content | undefined {
  if (method !== DEFLATED || size > MOST_HELD) return undefined
  const packed = Buffer.concat([...contentChunks(source, from, packedSize)].map((chunk) => Buffer.from(chunk)))
  try {
    // One byte more than declared is let through, so that too much is seen as that.
    const inflated = inflateRawSync(packed, { maxOutputLength: size + 1, info: true }) as unknown as Inflated
    if (inflated.buffer.length !== size) return undefined
    budget.spendUnpacked(size)
    const end = from + inflated.engine.bytesWritten
    return { source: memorySource(inflated.buffer, budget), crc: crc32(inflated.buffer), end }
  } catch (thrown) {
    if (isFault(thrown)) throw thrown
    return undefined
  }
}

interface Inflated {
  readonly buffer: Buffer
  readonly engine: { readonly bytesWritten: number }
}

function unpackAny({ source, budget }: ReadRequest, { method, from, packedSize, size }: ZipMember): Content {
  const make = UNPACKERS.get(method)
  if (make === undefined) throw new Fault('zip-method', `compression method ${method} is not known here`)
  let input = new PackedInput(source, from, from + packedSize)
  const start = (): Unpacker => {
    input = new PackedInput(source, from, from + packedSize)
    return make(input, size)
  }
  const { source: content, size: actual, crc, broken } = unpack({ start, packedSize, budget, limit: size })
  const why = broken?.message ?? (actual === size ? undefined : `${actual} bytes come out`)
  return { source: content, crc, end: input.offset, ...(why === undefined ? {} : { broken: why }) }
}
