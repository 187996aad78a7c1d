/**
 * The extra fields behind a name: 64-bit sizes, a Unicode path, marks of encryption; the rest is passed over.
 *
 * Writers align data with zeros, or with a field of their own; both are harmless and known here by doing nothing.
 *
 * Source: APPNOTE.TXT 4.5, 4.6.9; AE-x specification of WinZip.
 */
import { crc32 } from 'node:zlib'

const WIDE = 0x0001
const UNICODE_PATH = 0x7075
/** What torch pads its members with: one byte, again and again. */
const PADDING = 0x4246
const ENCRYPTIONS: readonly number[] = [0x0017, 0x9901]
const ONES = 0xffffffff
const ONES_16 = 0xffff

/** What the extra fields of a member say. */
export interface ExtraFields {
  /** Content of each 64-bit field; more than one is a contradiction. */
  readonly wide: readonly Buffer[]
  /** The Unicode path, and whether it was made for the name that stands in the header. */
  readonly unicode?: { readonly name: string; readonly fits: boolean }
  readonly encrypted: boolean
  /** False when the fields do not add up to the length, other than by zeros at the end, or padding holds something. */
  readonly wellFormed: boolean
}

/** Reads the extra fields that stand behind `name`. */
export function parseExtra(extra: Uint8Array, name: Uint8Array): ExtraFields {
  const bytes = Buffer.from(extra.buffer, extra.byteOffset, extra.length)
  const wide: Buffer[] = []
  let unicode: ExtraFields['unicode']
  let encrypted = false
  let at = 0
  let isPadding = true
  while (at + 4 <= bytes.length) {
    const id = bytes.readUInt16LE(at)
    const end = at + 4 + bytes.readUInt16LE(at + 2)
    if (end > bytes.length) break
    const content = bytes.subarray(at + 4, end)
    if (id === WIDE) wide.push(content)
    if (id === UNICODE_PATH) unicode ??= readUnicodePath(content, name)
    if (ENCRYPTIONS.includes(id)) encrypted = true
    if (id === PADDING) isPadding &&= content.every((byte) => byte === content[0])
    at = end
  }
  const wellFormed = isPadding && bytes.subarray(at).every((byte) => byte === 0)
  return { wide, encrypted, wellFormed, ...(unicode === undefined ? {} : { unicode }) }
}

function readUnicodePath(content: Buffer, name: Uint8Array): ExtraFields['unicode'] {
  if (content.length < 5) return undefined
  return { name: content.subarray(5).toString('utf8'), fits: content.readUInt32LE(1) === crc32(name) }
}

/** Numbers of a header that the 64-bit field may widen. */
export interface Widened {
  readonly size: number
  readonly packedSize: number
  /** Only in the directory. */
  readonly offset?: number
  readonly disk?: number
}

/** A size beyond 2^53 lies outside any file, so the greatest number stands for all of them. */
export function clampSize(value: bigint): number {
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value)
}

/**
 * The numbers with those replaced that are all ones, and whether field and header contradict each other. Some writers
 * repeat every number in the field; what is repeated must be the same.
 */
export function widen(
  header: Widened,
  { wide }: Pick<ExtraFields, 'wide'>,
): Widened & { readonly contradicts: boolean } {
  const [field] = wide
  const numbers = [header.size, header.packedSize, ...(header.offset === undefined ? [] : [header.offset])]
  const wanted = numbers.filter((number) => number === ONES).length
  const disk = header.disk === ONES_16 ? 4 : 0
  const exact = wanted * 8 + disk
  if (field === undefined) return { ...header, contradicts: header.offset !== undefined && wanted > 0 }
  if (field.length === exact) return take(header, { field, numbers, contradicts: wide.length > 1, all: false })
  if (field.length < numbers.length * 8) return { ...header, contradicts: true }
  return take(header, { field, numbers, contradicts: wide.length > 1, all: true })
}

interface WideField {
  readonly field: Buffer
  readonly numbers: readonly number[]
  readonly contradicts: boolean
  /** Whether the field repeats the numbers that fit into the header. */
  readonly all: boolean
}

function take(header: Widened, { field, numbers, contradicts, all }: WideField): ReturnType<typeof widen> {
  let at = 0
  const pairs = numbers.map((number) => {
    if (number !== ONES && !all) return { number, value: number }
    at += 8
    return { number, value: clampSize(field.readBigUInt64LE(at - 8)) }
  })
  const [size = 0, packedSize = 0, offset] = pairs.map(({ value }) => value)
  const disk = header.disk === ONES_16 && at + 4 <= field.length ? field.readUInt32LE(at) : header.disk
  return {
    size,
    packedSize,
    ...(offset === undefined ? {} : { offset }),
    ...(disk === undefined ? {} : { disk }),
    contradicts: contradicts || pairs.some(({ number, value }) => number !== ONES && number !== value),
  }
}
