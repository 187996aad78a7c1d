/**
 * PE: programs and libraries of Windows.
 *
 * Source: Microsoft PE format.
 */
import type { ByteSource } from '../byte-source.ts'
import { checkCount, cursorAt, nameOf, refuse, wordOf, type Image } from './image.ts'

const MACHINES = { 0x14c: 'x86', 0x8664: 'x86-64', 0xaa64: 'arm64', 0x1c4: 'arm' } as const
const LIBRARY = 0x2000
const SIGNATURE = 0x4550
const WIDE = 0x20b
/** Index of the directory entry that says where the certificates lie, which are in no section. */
const CERTIFICATES = 4

/** Reads the headers of a PE file. @throws Fault `exe-broken`, `truncated` */
export function readPortable(source: ByteSource): Image {
  const at = cursorAt(source, 60).u32()
  const cursor = cursorAt(source, at)
  if (cursor.u32() !== SIGNATURE) refuse(`no PE header at ${at}`)
  const machine = cursor.u16()
  const sections = checkCount(cursor.u16(), 'sections')
  cursor.skip(12)
  const optional = cursor.u16()
  const traits = cursor.u16()
  const table = cursor.at + optional
  const certificates = optional < 96 ? 0 : certificatesEnd(source, cursor.at)
  const parts: string[] = []
  const rows = cursorAt(source, table)
  let end = table
  for (let i = 0; i < sections; i++) {
    parts.push(nameOf(rows.view(8)))
    rows.skip(8)
    const length = rows.u32()
    const from = rows.u32()
    if (length > 0) end = Math.max(end, from + length)
    rows.skip(16)
  }
  const kind = (traits & LIBRARY) === 0 ? 'executable' : 'library'
  return { machine: wordOf(MACHINES, machine), kind, end: Math.max(end, rows.at, certificates), parts }
}

function certificatesEnd(source: ByteSource, optionalAt: number): number {
  const isWide = cursorAt(source, optionalAt).u16() === WIDE
  const cursor = cursorAt(source, optionalAt + (isWide ? 108 : 92))
  if (cursor.u32() <= CERTIFICATES) return 0
  cursor.skip(CERTIFICATES * 8)
  const from = cursor.u32()
  return from === 0 ? 0 : from + cursor.u32()
}
