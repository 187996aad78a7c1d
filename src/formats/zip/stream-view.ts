/**
 * The members in the order in which they lie: the third view, that of whoever reads the archive as a stream.
 *
 * Each member must begin where the one before it, with its descriptor, ends, and the directory must begin where the
 * last one ends. What lies between is claimed by nobody; a local header there is a member that the directory hides.
 */
import { quoteName } from '../names.ts'
import { PageReader } from '../page-reader.ts'
import type { ZipContext } from './context.ts'
import type { Directory } from './end-records.ts'
import type { Entry } from './entries.ts'
import { findDescriptor, readLocalHeader } from './local-headers.ts'
import { LOCAL } from './signatures.ts'

/** A member with the place of its data. */
export interface PlacedMember extends Entry {
  readonly from: number
}

/** Whether two members share bytes is told beside the members. */
export interface StreamView {
  /** In the order of the directory. */
  readonly members: readonly PlacedMember[]
  readonly overlapping: boolean
}

/** What the directory alone says: where the data begin is then known only when a member is opened. */
function trustDirectory(entries: readonly Entry[]): StreamView {
  return { members: entries.map((entry) => ({ ...entry, from: entry.headerFrom })), overlapping: false }
}

/** Walks the members in the order of the file; claims headers and descriptors. A peek reads none of them. */
export function walkStream(context: ZipContext, entries: readonly Entry[], { from: end }: Directory): StreamView {
  if (context.request.peek) return trustDirectory(entries)
  const order = entries.map((_entry, i) => i).toSorted((a, b) => at(entries, a).headerFrom - at(entries, b).headerFrom)
  const placed = new Map<Entry, PlacedMember>()
  let reached = context.prefix
  let overlapping = false
  for (const [rank, index] of order.entries()) {
    const entry = at(entries, index)
    const { headerFrom } = entry
    const following = order[rank + 1]
    const next = following === undefined ? end : Math.min(end, at(entries, following).headerFrom)
    if (headerFrom < reached) {
      overlapping = true
      context.note('zip-overlap', `begins at ${headerFrom}, before the end of another at ${reached}`, placeOf(entry))
    } else checkGap(context, { from: reached, to: headerFrom, isFirst: rank === 0 })
    const header = readLocalHeader(context, entry, end)
    if (header === undefined) continue
    const dataEnd = header.from + entry.packedSize
    if (dataEnd > end) {
      overlapping = true
      context.note('zip-overlap', `its ${entry.packedSize} bytes reach into the directory at ${end}`, placeOf(entry))
      continue
    }
    placed.set(entry, { ...entry, from: header.from, encrypted: entry.encrypted || header.encrypted })
    reached = Math.max(reached, header.described ? passDescriptor(context, entry, { at: dataEnd, next }) : dataEnd)
  }
  checkGap(context, { from: reached, to: end, isFirst: order.length === 0 })
  return { members: entries.flatMap((entry) => placed.get(entry) ?? []), overlapping }
}

function at(entries: readonly Entry[], index: number): Entry {
  return entries[index] as Entry
}

function placeOf({ name, headerFrom }: Entry): { readonly member: string; readonly offset: number } {
  return { member: quoteName(name), offset: headerFrom }
}

function passDescriptor(
  context: ZipContext,
  entry: Entry,
  where: { readonly at: number; readonly next: number },
): number {
  const end = findDescriptor(context, entry, where)
  if (end === undefined)
    context.note('zip-descriptor', 'the descriptor behind it is missing or says something else', {
      member: quoteName(entry.name),
      offset: where.at,
    })
  else context.facts.claim('header', where.at, end)
  return end ?? where.at
}

function checkGap(
  { source, note }: ZipContext,
  { from, to, isFirst }: { readonly from: number; readonly to: number; readonly isFirst: boolean },
): void {
  if (to <= from) return
  const place = { offset: from, length: to - from }
  if (to - from >= 4 && new PageReader(source, { at: from }).u32() === LOCAL)
    note('zip-hidden-member', `a local header at ${from} belongs to no entry of the directory`, place)
  if (isFirst) note('zip-prepended', `${to - from} bytes stand before the first member`, place)
}
