/**
 * Mach-O: programs and libraries of macOS, for one processor or, in a fat file, for several.
 *
 * Source: `mach-o/loader.h` and `mach-o/fat.h` of XNU.
 */
import type { ByteSource } from '../byte-source.ts'
import { clampSize } from '../zip/extra-fields.ts'
import { checkCount, cursorAt, nameOf, refuse, wordOf, type Image } from './image.ts'

const FAT = 0xcafebabe
const NARROW = 0xfeedface
const WIDE = 0xfeedfacf
const KINDS = { 1: 'object', 2: 'executable', 6: 'library', 8: 'library' } as const
const MACHINES = { 7: 'x86', 0x1000007: 'x86-64', 12: 'arm', 0x100000c: 'arm64' } as const
const SEGMENT = 1
const WIDE_SEGMENT = 0x19

/** Reads the headers of a Mach-O file. @throws Fault `exe-broken`, `truncated` */
export function readMachO(source: ByteSource): Image {
  return cursorAt(source, 0, false).u32() === FAT ? readFat(source) : readThin(source, 0)
}

function readFat(source: ByteSource): Image {
  const cursor = cursorAt(source, 4, false)
  const images: Image[] = []
  for (let left = checkCount(cursor.u32(), 'processors'); left > 0; left--) {
    cursor.skip(8)
    const from = cursor.u32()
    const end = from + cursor.u32()
    cursor.skip(4)
    images.push({ ...readThin(source, from), end })
  }
  const [first] = images
  if (first === undefined) return refuse('a fat file for no processor')
  return {
    machine: images.map(({ machine }) => machine).join(' and '),
    kind: first.kind,
    end: Math.max(...images.map(({ end }) => end)),
    parts: first.parts,
  }
}

function readThin(source: ByteSource, from: number): Image {
  const magic = cursorAt(source, from).u32()
  const littleEndian = magic === NARROW || magic === WIDE
  const cursor = cursorAt(source, from, littleEndian)
  const isWide = cursor.u32() === WIDE
  const machine = cursor.u32()
  cursor.skip(4)
  const kind = cursor.u32()
  const commands = checkCount(cursor.u32(), 'commands')
  cursor.skip(isWide ? 12 : 8)
  const parts: string[] = []
  let end = cursor.at
  for (let i = 0; i < commands; i++) {
    const { at } = cursor
    const command = cursor.u32()
    const length = cursor.u32()
    if (length < 8) refuse(`a command of ${length} bytes`)
    if (command === SEGMENT || command === WIDE_SEGMENT) {
      parts.push(nameOf(cursor.view(16)))
      cursor.skip(command === WIDE_SEGMENT ? 16 : 8)
      const word = (): number => (command === WIDE_SEGMENT ? clampSize(cursor.u64()) : cursor.u32())
      end = Math.max(end, from + word() + word())
    }
    cursor.seek(at + length)
  }
  return { machine: wordOf(MACHINES, machine), kind: wordOf(KINDS, kind), end: Math.max(end, cursor.at), parts }
}
