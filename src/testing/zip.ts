/**
 * Writes zips for tests: right ones by default, and wrong in exactly the way that a test asks for.
 */
import { crc32, deflateRawSync } from 'node:zlib'

/** Fields of a header that a test may set to something else. */
export interface ZipFields {
  readonly name?: string | Uint8Array
  readonly flags?: number
  readonly method?: number
  readonly crc?: number
  readonly packedSize?: number
  readonly size?: number
  readonly extra?: Uint8Array
}

/** One member. */
export interface ZipMemberOptions {
  readonly name: string | Uint8Array
  readonly data?: Uint8Array | string
  /** 8 unless told: deflated. */
  readonly method?: number
  /** Compressed bytes to write instead of the true ones. */
  readonly packed?: Uint8Array
  /** A descriptor of this many bytes behind the data; the local header then has no sizes. */
  readonly descriptor?: 12 | 16 | 20 | 24
  readonly local?: ZipFields
  readonly central?: ZipFields & {
    readonly offset?: number
    readonly external?: number
    readonly madeBy?: number
    readonly comment?: string
    readonly disk?: number
  }
  /** Bytes before the local header. */
  readonly before?: Uint8Array
  /** True to leave the member out of the directory. */
  readonly hidden?: boolean
}

/** What to write around the members. */
export interface ZipOptions {
  readonly comment?: string | Uint8Array
  /** Bytes before the first member that the offsets do not count. */
  readonly prepend?: Uint8Array
  readonly append?: Uint8Array
  /** Writes the 64-bit end record as well, with these changes. */
  readonly wideEnd?: { readonly count?: number; readonly size?: number; readonly offset?: number }
  readonly end?: { readonly count?: number; readonly size?: number; readonly offset?: number; readonly disk?: number }
  /** Bytes between the last member and the directory, and between directory and end. */
  readonly beforeDirectory?: Uint8Array
  readonly beforeEnd?: Uint8Array
}

type Field = readonly [bytes: 1 | 2 | 4 | 8, value: number]

function record(fields: readonly Field[]): Buffer {
  const bytes = Buffer.alloc(fields.reduce((sum, [length]) => sum + length, 0))
  let at = 0
  for (const [length, value] of fields) {
    if (length === 8) bytes.writeBigUInt64LE(BigInt(value), at)
    else bytes.writeUIntLE(value, at, length)
    at += length
  }
  return bytes
}

/** One extra field. */
export function extraField(id: number, content: Uint8Array): Buffer {
  return Buffer.concat([record([[2, id], [2, content.length]]), content]) // prettier-ignore
}

interface Written {
  readonly bytes: Buffer
  readonly entry: Buffer
}

interface Header extends Required<ZipFields> {
  readonly flags: number
}

function headerFields({ name, flags, method, crc, packedSize, size, extra }: Header): readonly Field[] {
  return [
    [2, 20],
    [2, flags],
    [2, method],
    [2, 0],
    [2, 0x21],
    [4, crc],
    [4, packedSize],
    [4, size],
    [2, Buffer.from(name).length],
    [2, extra.length],
  ]
}

function writeDescriptor(length: number | undefined, { crc, packedSize, size }: Header): Buffer {
  if (length === undefined) return Buffer.alloc(0)
  const wide = length === 20 || length === 24 ? 8 : 4
  const sums: readonly Field[] = [
    [4, crc],
    [wide, packedSize],
    [wide, size],
  ]
  return record(length === 16 || length === 24 ? [[4, 0x08074b50], ...sums] : sums)
}

function pack({ data = '', method = 8, packed }: ZipMemberOptions): Buffer {
  const content = Buffer.from(data)
  return Buffer.from(packed ?? (method === 8 ? deflateRawSync(content) : content))
}

function writeMember(options: ZipMemberOptions, offset: number): Written {
  const { name, data = '', method = 8, descriptor, local = {}, central = {} } = options
  const content = Buffer.from(data)
  const packed = pack(options)
  const sums = { crc: crc32(content), packedSize: packed.length, size: content.length }
  const base = { name, method, flags: descriptor === undefined ? 0 : 8, ...sums, extra: new Uint8Array(0) }
  const head = { ...base, ...(descriptor === undefined ? {} : { crc: 0, packedSize: 0, size: 0 }), ...local }
  const entry = { ...base, offset, external: 0, madeBy: 20, comment: '', disk: 0, ...central }
  const before: readonly Field[] = [[4, 0x02014b50], [2, entry.madeBy], ...headerFields(entry)]
  const after: readonly Field[] = [
    [2, entry.comment.length],
    [2, entry.disk],
    [2, 0],
    [4, entry.external],
    [4, entry.offset],
  ]
  const localHeader = record([[4, 0x04034b50], ...headerFields(head)])
  return {
    bytes: Buffer.concat([localHeader, Buffer.from(head.name), head.extra, packed, writeDescriptor(descriptor, base)]),
    entry: Buffer.concat([
      record([...before, ...after]),
      Buffer.from(entry.name),
      entry.extra,
      Buffer.from(entry.comment),
    ]),
  }
}

/** A zip of these members. */
export function writeZip(members: readonly ZipMemberOptions[], options: ZipOptions = {}): Buffer {
  const empty = Buffer.alloc(0)
  const { comment = '', prepend = empty, append = empty, beforeDirectory = empty, beforeEnd = empty } = options
  const parts: Uint8Array[] = []
  const entries: Buffer[] = []
  let offset = 0
  for (const member of members) {
    const { before = empty, hidden = false } = member
    const { bytes, entry } = writeMember(member, offset + before.length)
    parts.push(before, bytes)
    if (!hidden) entries.push(entry)
    offset += before.length + bytes.length
  }
  const directory = Buffer.concat(entries)
  const stated = { count: entries.length, size: directory.length, offset: offset + beforeDirectory.length, disk: 0 }
  const end = { ...stated, ...options.end }
  const wideAt = stated.offset + directory.length + beforeEnd.length
  const wide = { ...stated, ...options.wideEnd }
  const wideEnd =
    options.wideEnd === undefined
      ? empty
      : record([
          [4, 0x06064b50], [8, 44], [2, 45], [2, 45], [4, 0], [4, 0], [8, wide.count], [8, wide.count], [8, wide.size],
          [8, wide.offset], [4, 0x07064b50], [4, 0], [8, wideAt], [4, 1],
        ]) // prettier-ignore
  const last = record([
    [4, 0x06054b50], [2, end.disk], [2, end.disk], [2, end.count], [2, end.count], [4, end.size], [4, end.offset],
    [2, Buffer.from(comment).length],
  ]) // prettier-ignore
  return Buffer.concat([
    prepend, ...parts, beforeDirectory, directory, beforeEnd, wideEnd, last, Buffer.from(comment), append,
  ]) // prettier-ignore
}
