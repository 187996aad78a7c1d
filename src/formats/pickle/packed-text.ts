/**
 * May a text hold a pickle, as it stands or packed as base64 or hexadecimal?
 *
 * Asked of every text of every pickle, so it looks at a few bytes in place before it looks at all.
 */
import { OPCODE_BY_BYTE } from './opcodes.ts'

const STOP = 0x2e
const PROTO = 0x80
const NEWLINE = 0x0a
const SPACE = 0x20
const PADDING = 0x3d
const SHORTEST_PACKED = 8
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** What base64, in both alphabets, and hexadecimal are written with. */
const PACKING = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte < 0x80 && /[A-Za-z0-9+/_\s=-]/.test(String.fromCharCode(byte))),
)
/** Digits of base64; -1 for whatever is none. */
const DIGITS = Int8Array.from({ length: 256 }, (_, byte) =>
  ALPHABET.indexOf(String.fromCharCode(byte === 0x2d ? 0x2b : byte === 0x5f ? 0x2f : byte)),
)
const HEX = Int8Array.from({ length: 256 }, (_, byte) => '0123456789abcdef'.indexOf(String.fromCharCode(byte | 0x20)))
/** Whether a byte can begin a pickle, or a text that packs one. */
const BEGINS = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(PACKING[byte] === 1 || OPCODE_BY_BYTE[byte] !== undefined),
)
/** Whether a byte can end one. */
const ENDS = Uint8Array.from({ length: 256 }, (_, byte) => Number(PACKING[byte] === 1 || byte === STOP))

function entry(table: Int8Array | Uint8Array, index: number): number {
  return table[index & 255] as number
}

function holds(bytes: Uint8Array, byte: number, [from, to]: readonly [number, number]): boolean {
  for (let i = from; i < to; i++) if (bytes[i] === byte) return true
  return false
}

/** Whether the bytes [from, to) may be a pickle: all end with STOP, and without PROTO only lines name a global. */
export function mayBePickle(bytes: Uint8Array, from: number, to: number): boolean {
  return bytes[to - 1] === STOP && (bytes[from] === PROTO || holds(bytes, NEWLINE, [from, to]))
}

/** Whether the bytes [from, to) may be a pickle that is packed as text. */
export function mayBePacked(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < SHORTEST_PACKED || !(mayBeHex(bytes, from, to) || mayBeBase64(bytes, from, to))) return false
  for (let i = from; i < to; i++) if (PACKING[bytes[i] as number] === 0) return false
  return true
}

function mayBeHex(bytes: Uint8Array, from: number, to: number): boolean {
  const a = entry(HEX, bytes[from] as number)
  const b = entry(HEX, bytes[from + 1] as number)
  const y = entry(HEX, bytes[to - 2] as number)
  const z = entry(HEX, bytes[to - 1] as number)
  return a >= 0 && b >= 0 && y >= 0 && z >= 0 && entry(BEGINS, a * 16 + b) === 1 && entry(ENDS, y * 16 + z) === 1
}

function mayBeBase64(bytes: Uint8Array, from: number, to: number): boolean {
  let end = to
  while (end > from + 4 && bytes[end - 1] === PADDING) end -= 1
  const a = entry(DIGITS, bytes[from] as number)
  const b = entry(DIGITS, bytes[from + 1] as number)
  const y = entry(DIGITS, bytes[end - 2] as number)
  const z = entry(DIGITS, bytes[end - 1] as number)
  const isPlain = a >= 0 && b >= 0 && y >= 0 && z >= 0
  const last = lastByte(y, z, (end - from) % 4)
  if (isPlain && entry(BEGINS, (a << 2) | (b >> 4)) === 1 && entry(ENDS, last) === 1) return true
  return !isPlain || holds(bytes, NEWLINE, [from, to]) || holds(bytes, SPACE, [from, to])
}

/** The byte that the last two digits end, by the number of digits beyond a multiple of four. */
function lastByte(y: number, z: number, beyond: number): number {
  if (beyond === 2) return (y << 2) | (z >> 4)
  return beyond === 3 ? ((y & 15) << 4) | (z >> 2) : ((y & 3) << 6) | z
}
