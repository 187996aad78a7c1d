/**
 * Texts of a stream, read only when somebody asks: the engine keeps where a string stands, not the string.
 */
import { Buffer } from 'node:buffer'
import { OPCODE_BY_BYTE, type Opcode } from '../opcodes.ts'
import type { Machine } from './machine.ts'

const lenient = new TextDecoder('utf-8', { ignoreBOM: true })
const HEADERS: Readonly<Partial<Record<Opcode['form'], number>>> = {
  counted8: 1,
  counted32: 4,
  'signed-counted32': 4,
  counted64: 8,
}
const NEWLINE = 10
const PIECE = 65_536
const LONGEST_TEXT = 1 << 24
/** First byte of the last characters of Latin-1 in UTF-8. */
const LAST_LEAD = 0xc3

/** Where the payload of the opcode at `offset` lies. The stream has been walked, so the lengths are true. */
export function payloadAt(m: Machine, offset: number): { readonly from: number; readonly length: number } {
  const code = m.read(offset, 1)[0] as number
  const width = HEADERS[OPCODE_BY_BYTE[code]?.form ?? 'none'] ?? 0
  const head = m.read(offset + 1, width)
  let length = 0
  for (let i = width - 1; i >= 0; i--) length = length * 256 + (head[i] as number)
  return { from: offset + 1 + width, length }
}

/** The text of the opcode at `offset`, when it has at most `most` bytes; else undefined. */
export function textAt(m: Machine, offset: number, most = 4096): string | undefined {
  const code = m.read(offset, 1)[0] as number
  if (code === 0x56 || code === 0x53) return lineAt(m, offset, most)
  const { from, length } = payloadAt(m, offset)
  if (length > most) return undefined
  const bytes = m.read(from, length)
  return code === 0x54 || code === 0x55 ? latin1(bytes) : lenient.decode(bytes)
}

/** Bytes as Latin-1. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}

function lineAt(m: Machine, offset: number, most: number): string | undefined {
  const bytes = m.read(offset + 1, Math.min(most + 1, m.to - offset - 1))
  const end = bytes.indexOf(NEWLINE)
  if (end < 0) return undefined
  const line = latin1(bytes.subarray(0, end))
  if (m.read(offset, 1)[0] === 0x56) return decodeUnicode(line)
  return decodeString(line)
}

function fromCode(hex: string): string {
  const code = Number.parseInt(hex, 16)
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'
}

/** Raw Unicode escapes, as protocol 0 writes them. */
function decodeUnicode(line: string): string {
  return line.replaceAll(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (_all, short?: string, long?: string) =>
    fromCode(short ?? long ?? ''),
  )
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])

/** A string literal of Python 2 without its quotes. */
function decodeString(line: string): string {
  return line
    .slice(1, -1)
    .replaceAll(/\\(?:x([0-9a-f]{2})|([^x]))/g, (_all, hex?: string, letter?: string) =>
      hex === undefined ? (ESCAPES.get(letter ?? '') ?? letter ?? '') : fromCode(hex),
    )
}

/** Number of characters of the text at `offset` when all of them are of Latin-1, which is its bytes then; else undefined. */
export function countLatin1(m: Machine, offset: number): number | undefined {
  const code = m.read(offset, 1)[0] as number
  if (code === 0x56) {
    const text = textAt(m, offset, LONGEST_TEXT)
    return text !== undefined && /^[\0-\xff]*$/.test(text) ? text.length : undefined
  }
  const { from, length } = payloadAt(m, offset)
  let count = 0
  for (let at = from; at < from + length; at += PIECE) {
    for (const byte of m.read(at, Math.min(PIECE, from + length - at))) {
      if (byte > LAST_LEAD) return undefined
      if ((byte & 0xc0) !== 0x80) count += 1
    }
  }
  return count
}
