/**
 * The local header before each member, held against the directory: the second view.
 *
 * Source: APPNOTE.TXT 4.3.7, 4.3.9.
 */
import { readContent } from '../byte-source.ts'
import { quoteName } from '../names.ts'
import type { ZipContext } from './context.ts'
import { checkUnicodePath, isEncrypted, type Entry } from './entries.ts'
import { parseExtra, widen, clampSize } from './extra-fields.ts'
import { decodeMemberName } from './member-name.ts'
import { DESCRIPTOR, LOCAL } from './signatures.ts'

const HEADER_BYTES = 30
/** Room for the extra fields of most headers, so that one read suffices. */
const USUAL_EXTRA = 160
const DESCRIPTOR_FLAG = 0x0008
const UTF8_FLAG = 0x0800

/** Where a member's data lie, after its local header was read. */
export interface LocalHeader {
  /** First byte of the data. */
  readonly from: number
  /** Whether a data descriptor follows the data. */
  readonly described: boolean
  readonly encrypted: boolean
}

/** Reads and compares the local header; undefined when there is none. `before`: where the directory begins. */
export function readLocalHeader(context: ZipContext, entry: Entry, before: number): LocalHeader | undefined {
  const { note } = context
  const { headerFrom } = entry
  const place = { member: quoteName(entry.name), offset: headerFrom }
  const bytes = readHeader(context, entry, before)
  if (bytes === undefined) {
    note('zip-missing-header', `no local header at ${headerFrom}`, place)
    return undefined
  }
  const name = bytes.subarray(HEADER_BYTES, HEADER_BYTES + bytes.readUInt16LE(26))
  const extra = parseExtra(bytes.subarray(HEADER_BYTES + name.length), name)
  const flags = bytes.readUInt16LE(6)
  const method = bytes.readUInt16LE(8)
  const rawName = name.toString('latin1')
  if (rawName !== entry.rawName)
    note('zip-name-differs', `its local header calls it ${quoteName(decodeMemberName(rawName))}`, place)
  if (!extra.wellFormed) note('zip-extra', 'the extra fields of its local header do not add up', place)
  checkUnicodePath(context, { name: decodeMemberName(rawName), offset: headerFrom }, extra)
  const encrypted = isEncrypted(flags, method, extra)
  const said = widen({ size: bytes.readUInt32LE(22), packedSize: bytes.readUInt32LE(18) }, extra)
  if (said.contradicts) note('zip-zip64', 'the 64-bit field contradicts the local header', place)
  const local = { ...said, method, crc: bytes.readUInt32LE(14), encrypted, flags }
  const differences = compare(entry, local)
  if (differences.length > 0) note('zip-views-disagree', `its local header says ${differences.join(', ')}`, place)
  const from = headerFrom + bytes.length
  context.facts.claim('header', headerFrom, from)
  return { from, described: (flags & DESCRIPTOR_FLAG) !== 0, encrypted }
}

function readHeader({ source }: ZipContext, { headerFrom, rawName }: Entry, before: number): Buffer | undefined {
  if (headerFrom < 0 || headerFrom + HEADER_BYTES > before) return undefined
  const usual = HEADER_BYTES + rawName.length + USUAL_EXTRA
  const first = Buffer.from(readContent(source, headerFrom, Math.min(usual, before - headerFrom)))
  if (first.readUInt32LE(0) !== LOCAL) return undefined
  const length = HEADER_BYTES + first.readUInt16LE(26) + first.readUInt16LE(28)
  if (headerFrom + length > before) return undefined
  return length <= first.length ? first.subarray(0, length) : Buffer.from(readContent(source, headerFrom, length))
}

interface Said {
  readonly method: number
  readonly crc: number
  readonly size: number
  readonly packedSize: number
  readonly flags: number
  readonly encrypted: boolean
}

/** Numbers that a descriptor brings later may be zero in the header. */
function compare(entry: Entry, local: Said): readonly string[] {
  const later = (local.flags & DESCRIPTOR_FLAG) !== 0
  const differs = (key: 'crc' | 'size' | 'packedSize'): boolean =>
    local[key] !== entry[key] && !(later && local[key] === 0)
  const isNonAscii = /[^\0-\x7f]/.test(entry.rawName)
  return [
    ...(local.method === entry.method ? [] : [`method ${local.method} for ${entry.method}`]),
    ...(local.encrypted === entry.encrypted ? [] : [local.encrypted ? 'encrypted' : 'not encrypted']),
    ...(isNonAscii && ((local.flags ^ entry.flags) & UTF8_FLAG) !== 0 ? ['another encoding of the name'] : []),
    ...(differs('crc') ? [`check sum ${local.crc.toString(16)} for ${entry.crc.toString(16)}`] : []),
    ...(differs('packedSize') ? [`${local.packedSize} packed bytes for ${entry.packedSize}`] : []),
    ...(differs('size') ? [`${local.size} bytes for ${entry.size}`] : []),
  ]
}

/** Where the descriptor behind the data of a member ends: with or without a signature, with sizes of 4 or 8 bytes. */
export function findDescriptor(
  { source }: ZipContext,
  entry: Entry,
  { at, next }: { readonly at: number; readonly next: number },
): number | undefined {
  const bytes = Buffer.from(readContent(source, at, Math.max(0, Math.min(24, next - at))))
  const forms = [
    { length: 16, skip: 4 },
    { length: 24, skip: 4 },
    { length: 12, skip: 0 },
    { length: 20, skip: 0 },
  ]
  const fitting = forms.filter(({ length, skip }) => length <= bytes.length && fits(bytes, { entry, length, skip }))
  const exact = fitting.find(({ length }) => at + length === next)
  const found = exact ?? fitting[0]
  return found === undefined ? undefined : at + found.length
}

function fits(
  bytes: Buffer,
  { entry, length, skip }: { readonly entry: Entry; readonly length: number; readonly skip: number },
): boolean {
  if (skip > 0 && bytes.readUInt32LE(0) !== DESCRIPTOR) return false
  if (bytes.readUInt32LE(skip) !== entry.crc) return false
  const isWide = length - skip === 20
  const read = (at: number): number => (isWide ? clampSize(bytes.readBigUInt64LE(at)) : bytes.readUInt32LE(at))
  return read(skip + 4) === entry.packedSize && read(skip + (isWide ? 12 : 8)) === entry.size
}
