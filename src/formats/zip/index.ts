/**
 * Zip, in three views: what the central directory, the local headers and a reader of the stream see must be the same.
 *
 * A format that is a zip calls {@link readZip}, claims the data of the members with the role that they have in it, and
 * hands on what {@link openZipMember} gives. Every byte that is not data of a member is claimed here.
 *
 * Source: APPNOTE.TXT 6.3.10.
 */
import type { FactCollector } from '../fact-collector.ts'
import { NameLedger, escapeOf } from '../member-names.ts'
import { quoteName } from '../names.ts'
import type { ReadRequest } from '../reader.ts'
import { isBomb } from '../unpacking/index.ts'
import type { ZipAnomaly } from './anomalies.ts'
import { checkSumOf, isStored } from './content.ts'
import { makeContext, type ZipContext } from './context.ts'
import { findDirectory } from './end-records.ts'
import { readEntries } from './entries.ts'
import { salvageMembers } from './salvage.ts'
import { walkStream, type PlacedMember } from './stream-view.ts'

export { ANOMALIES as ZIP_ANOMALIES, type ZipAnomaly } from './anomalies.ts'
export { openZipMember } from './content.ts'
export { readZipMembers } from './members.ts'

/** One member. */
export interface ZipMember {
  readonly name: string
  /** 0: stored, 8: deflated. */
  readonly method: number
  /** First byte of its data. */
  readonly from: number
  readonly packedSize: number
  readonly size: number
  readonly crc: number
  /** First byte of its local header. */
  readonly headerFrom: number
  readonly isFolder: boolean
  readonly encrypted: boolean
}

/** What an archive holds. */
export interface ZipArchive {
  /** In the order of the directory; without those whose data could not be found. */
  readonly members: readonly ZipMember[]
  /** True when all views agree and nothing in the structure is amiss. */
  readonly sound: boolean
}

/** Anomalies that leave the structure sound: the archive is read by all in the same way. */
const HARMLESS: ReadonlySet<string> = new Set(['zip-comment', 'zip-backslash', 'zip-name-twin', 'zip-link'])

/**
 * Reads directory, local headers and stream view, notes where they disagree, claims every byte of structure and checks
 * the check sums of stored members.
 *
 * @param prefix bytes before the archive that belong to something else, in a format that ends in a zip
 * @throws Fault `budget-…`, and what the source throws
 */
export function readZip(request: ReadRequest, facts: FactCollector<ZipAnomaly>, prefix = 0): ZipArchive {
  const context = makeContext(request, facts, prefix)
  let amiss = 0
  const counting: ZipContext = {
    ...context,
    note: (code, message, place) => {
      if (!HARMLESS.has(code)) amiss += 1
      context.note(code, message, place)
    },
  }
  const directory = findDirectory(counting)
  if (directory === undefined) return { members: request.peek ? [] : salvageMembers(counting), sound: false }
  const entries = readEntries(counting, directory)
  const { members, overlapping } = walkStream(counting, entries, directory)
  checkRatio(counting, members)
  const names = new NameLedger()
  for (const member of members) {
    checkName(counting, member, names)
    checkContent(counting, member, overlapping)
  }
  return { members, sound: amiss === 0 }
}

function checkRatio({ source, note }: ZipContext, members: readonly PlacedMember[]): void {
  const total = members.reduce((sum, { size }) => sum + size, 0)
  if (isBomb(total, source.size)) note('zip-ratio', `${total} bytes are to come out of ${source.size}`, {})
}

function checkName({ note }: ZipContext, member: PlacedMember, names: NameLedger): void {
  const { name, headerFrom, isFolder, saysFolder, size } = member
  const place = { member: quoteName(name), offset: headerFrom }
  const escape = escapeOf(name)
  if (escape !== undefined) note('zip-escape', `its name is ${escape}`, place)
  else if (name.includes('\\')) note('zip-backslash', 'its name holds a backslash', place)
  if (name.includes('\0')) note('zip-name-nul', 'its name holds a zero byte', place)
  if ((isFolder || saysFolder) && size > 0) note('zip-folder-data', `a folder with ${size} bytes of content`, place)
  const seen = names.add(name)
  if (seen?.kind === 'duplicate') note('zip-duplicate-name', 'another member has the same name', place)
  if (seen?.kind === 'twin')
    note('zip-name-twin', `its name is that of ${quoteName(seen.other)} on some systems`, place)
}

/** Where members overlap, a few bytes could be content of very many, so nothing is summed up. */
function checkContent({ source, note, request }: ZipContext, member: PlacedMember, overlapping: boolean): void {
  const { name, encrypted, from, packedSize, size, crc } = member
  const place = { member: quoteName(name), offset: from, length: packedSize }
  if (encrypted) note('zip-encrypted', 'it is encrypted, or says so', place)
  if (!isStored(member)) return
  if (size !== packedSize) return note('zip-views-disagree', `stored, with ${packedSize} bytes for ${size}`, place)
  if (overlapping || request.peek) return
  const sum = checkSumOf(source, from, size)
  if (sum !== crc) note('zip-crc', `its check sum is ${sum.toString(16)}; ${crc.toString(16)} is stored`, place)
}
