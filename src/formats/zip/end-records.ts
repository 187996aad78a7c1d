/**
 * The end of a zip: where its central directory lies and how many entries it declares.
 *
 * The end record stands last, before a comment of any bytes; readers search it backwards and differ in which of
 * several they take. Here the last one is taken, and any other that fits is an anomaly. The 64-bit record repeats the
 * fields of the other, so the two are held against each other.
 *
 * Source: APPNOTE.TXT 4.3.14 to 4.3.16.
 */
import type { ByteSource } from '../byte-source.ts'
import { PageReader } from '../page-reader.ts'
import type { ZipContext } from './context.ts'
import { clampSize } from './extra-fields.ts'
import { CENTRAL, END, END_64, LOCATOR_64, signatureBytes } from './signatures.ts'

const END_BYTES = 22
const END_64_BYTES = 56
const LOCATOR_BYTES = 20
const LONGEST_COMMENT = 0xffff

/** Where the central directory lies. */
export interface Directory {
  readonly from: number
  readonly to: number
  /** Entries that the archive says it has. */
  readonly declared: number
  /** What is to be added to the offsets that the archive gives, because bytes were put before it. */
  readonly shift: number
}

interface End {
  readonly at: number
  readonly disks: readonly number[]
  readonly counts: readonly number[]
  readonly size: number
  readonly offset: number
}

/** Finds and checks the end; undefined when there is none, which is then noted. */
export function findDirectory(context: ZipContext): Directory | undefined {
  const at = findEnd(context)
  if (at === undefined) return undefined
  const end = readEnd(context, at)
  const wide = readWideEnd(context, end)
  const { disks, counts, size, offset } = wide ?? end
  const [here = 0, all = 0] = counts
  if (disks.some((disk) => disk !== 0) || here !== all)
    context.note('zip-multi-disk', `disks ${disks.join(' and ')}, ${here} of ${all} entries here`, { offset: end.at })
  const to = wide?.at ?? end.at
  const from = locate(context, { to, size, offset })
  return from === undefined ? undefined : { from, to, declared: all, shift: from - offset }
}

function isEntry(source: ByteSource, at: number): boolean {
  return at >= 0 && at + 4 <= source.size && new PageReader(source, { at }).u32() === CENTRAL
}

interface Stated {
  readonly to: number
  readonly size: number
  readonly offset: number
}

/** The directory ends where the end records begin; or else, with something between them, it lies where it is said. */
function locate({ source, note }: ZipContext, { to, size, offset }: Stated): number | undefined {
  const expected = to - size
  if (size === 0) return to
  const isExpected = isEntry(source, expected)
  const isStated = expected !== offset && offset + size <= to && isEntry(source, offset)
  if (isExpected && isStated)
    note('zip-several-ends', `directories at ${expected} and at ${offset}`, { offset, length: size })
  if (isExpected && expected >= offset) return expected
  if (isStated) return offset
  note('zip-directory', `no directory of ${size} bytes lies at ${offset} or before ${to}`, { offset: to })
  return undefined
}

function findEnd({ source, facts, note }: ZipContext): number | undefined {
  const length = Math.min(source.size, END_BYTES + LONGEST_COMMENT)
  const from = source.size - length
  const tail = Buffer.from(source.read(from, length))
  const signature = signatureBytes(END)
  const last = tail.lastIndexOf(signature, length - END_BYTES)
  if (last < 0) {
    note('zip-no-end', `no end record in the last ${length} bytes`, { offset: source.size })
    return undefined
  }
  const endsAt = (at: number): number => at + END_BYTES + tail.readUInt16LE(at + 20)
  for (let at = tail.lastIndexOf(signature, last - 1); last > 0 && at >= 0; at = before(tail, at)) {
    if (endsAt(at) === length)
      note('zip-several-ends', `end records at ${from + at} and ${from + last}`, { offset: from + at })
  }
  const end = Math.min(endsAt(last), length)
  if (endsAt(last) > length) note('zip-no-end', `the archive ends inside its comment`, { offset: from + last })
  if (end > last + END_BYTES)
    note('zip-comment', `a comment of ${end - last - END_BYTES} bytes`, { offset: from + last })
  if (end < length) note('zip-trailing', `${length - end} bytes follow the archive`, { offset: from + end })
  facts.claim('index', from + last, from + last + END_BYTES)
  // A comment that is no text is left to nobody: what lies there is looked at as in any gap.
  if (isText(tail.subarray(last + END_BYTES, end))) facts.claim('text', from + last + END_BYTES, from + end)
  return from + last
}

/** Printable characters of any language, or the code page of old; no control characters but line ends. */
function isText(bytes: Buffer): boolean {
  return !/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(bytes.toString('latin1'))
}

/** Where the signature of an end record stands before `at`, or -1. */
function before(tail: Buffer, at: number): number {
  return at === 0 ? -1 : tail.lastIndexOf(signatureBytes(END), at - 1)
}

function readEnd({ source }: ZipContext, at: number): End {
  const cursor = new PageReader(source, { at: at + 4 })
  const disks = [cursor.u16(), cursor.u16()]
  const counts = [cursor.u16(), cursor.u16()]
  return { at, disks, counts, size: cursor.u32(), offset: cursor.u32() }
}

function readWideEnd(context: ZipContext, end: End): End | undefined {
  const { source, facts, note } = context
  const locator = end.at - LOCATOR_BYTES
  const isThere = locator >= END_64_BYTES && new PageReader(source, { at: locator }).u32() === LOCATOR_64
  if (!isThere) {
    if (end.size === 0xffffffff || end.offset === 0xffffffff)
      note('zip-zip64', 'the end record refers to a 64-bit record that is not there', { offset: end.at })
    return undefined
  }
  const cursor = new PageReader(source, { at: locator + 4 })
  const disk = cursor.u32()
  const stated = cursor.u64()
  const disks = cursor.u32()
  if (disk !== 0 || disks > 1)
    note('zip-multi-disk', `the 64-bit record lies on disk ${disk} of ${disks}`, { offset: locator })
  const at = findWideEnd(source, { stated, locator })
  if (at === undefined) {
    note('zip-zip64', `no 64-bit end record at ${stated}`, { offset: locator })
    return undefined
  }
  facts.claim('index', at, locator + LOCATOR_BYTES)
  return compare(context, end, parseWideEnd(source, { at, locator, note }))
}

/** The record lies where the locator says, or else, in a file that was put behind others, right before the locator. */
function findWideEnd(
  source: ByteSource,
  { stated, locator }: { readonly stated: bigint; readonly locator: number },
): number | undefined {
  const isRecord = (at: number): boolean => new PageReader(source, { at }).u32() === END_64
  if (stated <= BigInt(locator - END_64_BYTES) && isRecord(Number(stated))) return Number(stated)
  return isRecord(locator - END_64_BYTES) ? locator - END_64_BYTES : undefined
}

function parseWideEnd(
  source: ByteSource,
  { at, locator, note }: { readonly at: number; readonly locator: number } & Pick<ZipContext, 'note'>,
): End {
  const cursor = new PageReader(source, { at: at + 4 })
  const length = cursor.u64()
  if (length !== BigInt(locator - at - 12))
    note('zip-zip64', `the 64-bit end record says ${length} bytes and has ${locator - at - 12}`, { offset: at })
  cursor.skip(4)
  const disks = [cursor.u32(), cursor.u32()]
  const counts = [clampSize(cursor.u64()), clampSize(cursor.u64())]
  return { at, disks, counts, size: clampSize(cursor.u64()), offset: clampSize(cursor.u64()) }
}

function compare({ note }: ZipContext, end: End, wide: End): End {
  const narrow = [...end.counts, end.size, end.offset]
  const full = [...wide.counts, wide.size, wide.offset]
  const ones = [0xffff, 0xffff, 0xffffffff, 0xffffffff]
  const differs = narrow.some((value, i) => value !== ones[i] && value !== full[i])
  if (differs)
    note('zip-zip64', `the end record says ${narrow.join(', ')}, the 64-bit one ${full.join(', ')}`, { offset: end.at })
  return wide
}
