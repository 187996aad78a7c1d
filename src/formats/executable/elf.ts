/**
 * ELF: programs and libraries of Linux and its kin.
 *
 * Source: System V ABI, chapters 4 and 5.
 */
import { clampSize } from '../zip/extra-fields.ts'
import type { ByteSource } from '../byte-source.ts'
import type { PageReader } from '../page-reader.ts'
import { checkCount, cursorAt, refuse, wordOf, type Image } from './image.ts'

const KINDS = { 1: 'object', 2: 'executable', 3: 'library', 4: 'core' } as const
const MACHINES = { 3: 'x86', 40: 'arm', 62: 'x86-64', 183: 'arm64', 190: 'cuda', 224: 'amdgpu', 243: 'risc-v' } as const
const NO_BITS = 8

/** Where tables of segments or sections lie, and how each entry says what it covers. */
interface Table {
  readonly at: number
  readonly count: number
  readonly entry: number
  readonly end: (cursor: PageReader) => number
}

/** Reads the header of an ELF file. @throws Fault `exe-broken`, `truncated` */
export function readElf(source: ByteSource): Image {
  const [, , , , width = 0, order = 0] = source.read(0, Math.min(16, source.size))
  if (width < 1 || width > 2 || order < 1 || order > 2) refuse('a class or byte order that is not defined')
  const cursor = cursorAt(source, 16, order === 1)
  const isWide = width === 2
  const word = (from: PageReader): number => (isWide ? clampSize(from.u64()) : from.u32())
  const kind = cursor.u16()
  const machine = cursor.u16()
  cursor.skip(isWide ? 12 : 8)
  const segmentsAt = word(cursor)
  const sectionsAt = word(cursor)
  cursor.skip(6)
  const [segmentEntry, segments, sectionEntry, sections] = [cursor.u16(), cursor.u16(), cursor.u16(), cursor.u16()]
  const extent = (entry: PageReader): number => word(entry) + word(entry)
  const tables: readonly Table[] = [
    { at: segmentsAt, count: segments, entry: segmentEntry, end: (entry) => segmentEnd(entry, { isWide, word }) },
    {
      at: sectionsAt,
      count: sections,
      entry: sectionEntry,
      end: (entry) => {
        entry.skip(4)
        const type = entry.u32()
        entry.skip(isWide ? 16 : 8)
        return type === NO_BITS ? 0 : extent(entry)
      },
    },
  ]
  const ends = tables.map((table) => endOf(source, table, order === 1))
  return { machine: wordOf(MACHINES, machine), kind: wordOf(KINDS, kind), end: Math.max(...ends), parts: [] }
}

function segmentEnd(
  entry: PageReader,
  { isWide, word }: { readonly isWide: boolean; readonly word: (from: PageReader) => number },
): number {
  entry.skip(isWide ? 8 : 4)
  const offset = word(entry)
  entry.skip(isWide ? 16 : 8)
  return offset + word(entry)
}

function endOf(source: ByteSource, { at, count, entry, end }: Table, littleEndian: boolean): number {
  if (at === 0 || count === 0) return 0
  let last = at + count * entry
  for (let i = 0; i < checkCount(count, 'segments or sections'); i++)
    last = Math.max(last, end(cursorAt(source, at + i * entry, littleEndian)))
  return last
}
