/**
 * Space that no structure of an HDF5 file uses, and the claims that all the rest comes to.
 *
 * The library allocates in blocks and never gives space back, so real files have gaps: zeros where nothing was ever
 * written, remains where something was moved or deleted. Remains that begin as HDF5 structures do are let pass; other
 * bytes are noted, and a gap that begins as another file does is noted apart.
 */
import type { Hdf5File } from './file.ts'
import { foreignFile } from './foreign.ts'
import type { GlobalHeaps } from './heaps.ts'
import { areOldNames } from './old-names.ts'

const CHUNK = 64 * 1024
const LONGEST_NAMES = 1024 * 1024 + 1
const ALIGNMENT = 8
/** A few bytes of what was deleted stay in many files; more of them are noted. */
const MOST_LEFTOVER = 64
const STRUCTURES = 'TREE SNOD HEAP GCOL OHDR OCHK FRHP FHDB FHIB BTHD BTIN BTLF FAHD FADB EAHD EAIB EASB EADB FSHD FSSE'
const REMAINS: ReadonlySet<string> = new Set(STRUCTURES.split(' '))

interface Gap {
  readonly from: number
  readonly to: number
}

/** Claims everything that was found and everything between; notes overlaps and what gaps hold. */
export function settle(file: Hdf5File, heaps: GlobalHeaps | undefined): void {
  const isBroken = file.facts.anomalies.reason !== undefined
  if (!isBroken) for (const gap of gapsOf(file)) openHeaps(file, heaps, gap)
  file.locus = 'file'
  const gaps = isBroken ? [] : gapsOf(file)
  const leftover = gaps.map((gap) => claimGap(file, gap)).reduce((sum, length) => sum + length, 0)
  if (leftover >= MOST_LEFTOVER)
    file.note('h5-unused-bytes', `${leftover} bytes that no structure uses are not zero`, gaps[0]?.from)
  let end = 0
  for (const { from, to, role } of file.extents.inOrder()) {
    if (from < end) file.note('h5-overlap', `bytes ${from} to ${Math.min(to, end)} belong to two structures`, from)
    file.facts.claim(role, from, to)
    end = Math.max(end, to)
  }
}

function gapsOf(file: Hdf5File): readonly Gap[] {
  const gaps: Gap[] = []
  let at = 0
  for (const { from, to } of file.extents.inOrder()) {
    if (from > at) gaps.push({ from: at, to: from })
    at = Math.max(at, to)
  }
  if (at < file.sizes.end) gaps.push({ from: at, to: file.sizes.end })
  return gaps
}

/** The first byte of a gap that is not zero, or its end. */
function firstUsed({ source }: Hdf5File, { from, to }: Gap): number {
  for (let at = from; at < to; at += CHUNK) {
    const found = source.read(at, Math.min(CHUNK, to - at)).findIndex((byte) => byte !== 0)
    if (found >= 0) return at + found
  }
  return to
}

function signatureAt({ source }: Hdf5File, at: number): string {
  return Buffer.from(source.read(at, Math.min(4, source.size - at))).toString('latin1')
}

function aligned({ sizes }: Hdf5File, at: number): number {
  return at - ((at - sizes.base) % ALIGNMENT)
}

/** Claims heaps to which only the data of datasets lead, which are not read. */
function openHeaps(file: Hdf5File, heaps: GlobalHeaps | undefined, { from, to }: Gap): void {
  for (let at = firstUsed(file, { from, to }); at < to && signatureAt(file, at) === 'GCOL';) {
    const length = file.attempt(() => heaps?.open(at - file.sizes.base))
    if (length === undefined) return
    at = firstUsed(file, { from: at + length, to })
  }
}

/**
 * Claims a gap; gives the bytes in it that are neither zeros nor remains of structures. What begins as another file is
 * left unclaimed, so that it is read as what it is.
 */
function claimGap(file: Hdf5File, gap: Gap): number {
  const { source, extents } = file
  const used = firstUsed(file, gap)
  extents.add(gap.from, used, 'padding')
  if (used === gap.to) return 0
  const length = gap.to - used
  const title = foreignFile(source.read(used, Math.min(CHUNK, length)))
  if (title !== undefined) {
    file.note('h5-hidden-file', `${length} unused bytes from ${used} begin as ${title} does`, used)
    return 0
  }
  extents.add(used, gap.to, 'opaque')
  return isRemains(file, { from: used, to: gap.to }) ? 0 : length
}

/** True for what is left of a structure that was moved or deleted. */
function isRemains(file: Hdf5File, { from, to }: Gap): boolean {
  const start = aligned(file, from)
  if (REMAINS.has(signatureAt(file, start))) return true
  return areOldNames(file.source.read(start, Math.min(LONGEST_NAMES, to - start)), file.names)
}
