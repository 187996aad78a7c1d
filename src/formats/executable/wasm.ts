/**
 * WebAssembly: sections, each with its length.
 *
 * Source: WebAssembly core specification 2.0, 5.5.
 */
import type { ByteSource } from '../byte-source.ts'
import type { PageReader } from '../page-reader.ts'
import { checkCount, cursorAt, refuse, type Image } from './image.ts'

const SECTIONS: readonly string[] = [
  'custom',
  'type',
  'import',
  'function',
  'table',
  'memory',
  'global',
  'export',
  'start',
  'element',
  'code',
  'data',
  'data count',
  'tag',
]

function readLength(cursor: PageReader): number {
  let value = 0
  for (let i = 0; i < 5; i++) {
    const byte = cursor.u8()
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return value
  }
  return refuse('a length of more than 32 bits')
}

/** Walks the sections of a module. @throws Fault `exe-broken`, `truncated` */
export function readWasm(source: ByteSource): Image {
  const cursor = cursorAt(source, 4)
  const version = cursor.u32()
  if (version !== 1) return { machine: 'wasm', kind: `version ${version}`, end: source.size, parts: [] }
  const parts: string[] = []
  while (cursor.remaining > 0) {
    const name = SECTIONS[cursor.u8()]
    if (name === undefined) return { machine: 'wasm', kind: 'module', end: cursor.at - 1, parts }
    const length = readLength(cursor)
    if (length > cursor.remaining) refuse(`a section of ${length} bytes, ${cursor.remaining} left`)
    cursor.skip(length)
    parts.push(name)
    checkCount(parts.length, 'sections')
  }
  return { machine: 'wasm', kind: 'module', end: cursor.at, parts }
}
