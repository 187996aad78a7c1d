/**
 * The entries of the central directory: the first of the three views.
 *
 * Source: APPNOTE.TXT 4.3.12, 4.4.
 */
import { Fault } from '../../base/index.ts'
import { quoteName } from '../names.ts'
import { PageReader } from '../page-reader.ts'
import type { ZipContext } from './context.ts'
import type { Directory } from './end-records.ts'
import { parseExtra, widen, type ExtraFields } from './extra-fields.ts'
import { decodeMemberName, isSameName } from './member-name.ts'
import { CENTRAL } from './signatures.ts'

const ENTRY_BYTES = 46
/** More entries than any model is believed to need; each costs memory. */
const MOST_ENTRIES = 131_072
const ENCRYPTED_FLAGS = 0x0001 | 0x0040 | 0x2000
const UTF8_FLAG = 0x0800
const AES_METHOD = 99
const TYPE_MASK = 0o170_000
const FOLDER_TYPE = 0o040_000
const DOS_FOLDER = 0x10
/** No type, file, folder, and a pipe, which is what Info-ZIP calls what it read from one. */
const PLAIN_TYPES: readonly number[] = [0, 0o100_000, FOLDER_TYPE, 0o010_000]

/** One entry, as the directory tells it. */
export interface Entry {
  readonly name: string
  /** The bytes of the name, one character each. */
  readonly rawName: string
  readonly flags: number
  readonly method: number
  readonly crc: number
  readonly packedSize: number
  readonly size: number
  /** Where its local header begins in the file. */
  readonly headerFrom: number
  readonly isFolder: boolean
  /** Whether its attributes call it a folder, by which some readers go; whichever system wrote them. */
  readonly saysFolder: boolean
  readonly encrypted: boolean
}

/** Whether flags, method or extra fields say that content is encrypted. */
export function isEncrypted(flags: number, method: number, extra: Pick<ExtraFields, 'encrypted'>): boolean {
  return (flags & ENCRYPTED_FLAGS) !== 0 || method === AES_METHOD || extra.encrypted
}

/** Notes a Unicode path that says something else than the name. */
export function checkUnicodePath(
  { note }: ZipContext,
  { name, offset }: { readonly name: string; readonly offset: number },
  { unicode }: ExtraFields,
): void {
  if (unicode === undefined || (unicode.fits && isSameName(name, unicode.name))) return
  const why = unicode.fits ? 'differs from the name' : 'was made for another name'
  note('zip-unicode-path', `its Unicode path ${quoteName(unicode.name)} ${why}`, { member: quoteName(name), offset })
}

/** Reads the directory and claims it. @throws Fault `budget-items` */
export function readEntries(context: ZipContext, { from, to, declared, shift }: Directory): readonly Entry[] {
  const { source, facts, note, request } = context
  const cursor = new PageReader(source, { at: from })
  const entries: Entry[] = []
  let comments = 0
  while (cursor.at + ENTRY_BYTES <= to) {
    const { at } = cursor
    if (cursor.u32() !== CENTRAL) {
      cursor.seek(at)
      break
    }
    if (entries.length >= MOST_ENTRIES) throw new Fault('budget-items', `more than ${MOST_ENTRIES} members`)
    request.budget.spendItems()
    const entry = readEntry(context, { cursor, at, to, shift })
    if (entry === undefined) return entries
    if (entry.hasComment) comments += 1
    entries.push(entry)
  }
  facts.claim('index', from, cursor.at)
  if (comments > 0) note('zip-comment', `${comments} members carry a comment`, { offset: from })
  if (entries.length !== declared)
    note('zip-count', `the directory holds ${entries.length} entries and declares ${declared}`, { offset: from })
  return entries
}

interface Place {
  readonly cursor: PageReader
  readonly at: number
  readonly to: number
  readonly shift: number
}

function readEntry(
  context: ZipContext,
  { cursor, at, to, shift }: Place,
): (Entry & { hasComment: boolean }) | undefined {
  const { note } = context
  cursor.skip(4)
  const flags = cursor.u16()
  const method = cursor.u16()
  cursor.skip(4)
  const crc = cursor.u32()
  const packed = cursor.u32()
  const unpacked = cursor.u32()
  const lengths = [cursor.u16(), cursor.u16(), cursor.u16()]
  const disk = cursor.u16()
  cursor.skip(2)
  const attributes = cursor.u32()
  const mode = attributes >>> 16
  const stated = cursor.u32()
  const [nameLength = 0, extraLength = 0, commentLength = 0] = lengths
  if (cursor.at + nameLength + extraLength + commentLength > to) {
    note('zip-directory', `entry at ${at} reaches beyond the directory`, { offset: at })
    return undefined
  }
  const nameBytes = Buffer.from(cursor.view(nameLength))
  const extra = parseExtra(Buffer.from(cursor.view(extraLength)), nameBytes)
  cursor.skip(commentLength)
  const rawName = nameBytes.toString('latin1')
  const name = decodeMemberName(rawName)
  const wide = widen({ size: unpacked, packedSize: packed, offset: stated, disk }, extra)
  const place = { member: quoteName(name), offset: at }
  if (wide.contradicts) note('zip-zip64', 'the 64-bit field contradicts the entry', place)
  if ((wide.disk ?? 0) !== 0) note('zip-multi-disk', `it begins on disk ${wide.disk}`, place)
  if (!extra.wellFormed) note('zip-extra', 'its extra fields do not add up', place)
  if (!PLAIN_TYPES.includes(mode & TYPE_MASK))
    note('zip-link', `its mode is ${(mode & TYPE_MASK).toString(8)}, no file and no folder`, place)
  checkUnicodePath(context, { name, offset: at }, extra)
  return {
    name,
    rawName,
    flags: flags & (ENCRYPTED_FLAGS | UTF8_FLAG | 0x0008),
    method,
    crc,
    packedSize: wide.packedSize,
    size: wide.size,
    headerFrom: (wide.offset ?? 0) + shift,
    isFolder: rawName.endsWith('/'),
    saysFolder: (attributes & DOS_FOLDER) !== 0 || (mode & TYPE_MASK) === FOLDER_TYPE,
    encrypted: isEncrypted(flags, method, extra),
    hasComment: commentLength > 0,
  }
}
