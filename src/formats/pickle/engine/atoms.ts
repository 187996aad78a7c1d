/**
 * Opcodes that push a constant: numbers, texts, bytes.
 *
 * Source: CPython `Lib/pickletools.py`; the canonical forms are those of its picklers (`canonical.ts`).
 */
import { isUtf8 } from 'node:buffer'
import { Fault } from '../../../base/index.ts'
import { isCanonicalLine, isShortestLong } from '../canonical.ts'
import type { OpcodeName } from '../opcodes.ts'
import { lookInside } from './dormant.ts'
import type { Machine } from './machine.ts'
import { latin1 } from './texts.ts'
import { BOOL, BYTEARRAY, BYTES, FLOAT, INT, NATIVE, NONE, STR, withDetail } from './values.ts'

/** What an opcode does. */
export type Handler = (m: Machine) => void

/** Longer lines and numbers are not looked at. */
const LONGEST_LOOKED_AT = 4096
/** Payloads above this are passed over by the digest of the proof. */
export const LONG_PAYLOAD = 64 * 1024
const NATIVE_STR = withDetail(STR, NATIVE)

function byteAt(m: Machine): number {
  return m.bytes[m.at++] as number
}

function u32(m: Machine): number {
  const { bytes, at } = m
  m.at = at + 4
  return (
    (bytes[at] as number) +
    (bytes[at + 1] as number) * 0x100 +
    (bytes[at + 2] as number) * 0x10000 +
    (bytes[at + 3] as number) * 0x1000000
  )
}

function u64(m: Machine): number {
  const low = u32(m)
  return low + u32(m) * 0x1_0000_0000
}

/** Reads a little-endian number of so many bytes, which are resident. */
export function readUnsigned(m: Machine, width: number): number {
  if (width === 1) return byteAt(m)
  if (width === 2) return byteAt(m) + byteAt(m) * 256
  return width === 4 ? u32(m) : u64(m)
}

/** Passes a payload of a declared length and gives where it begins. @throws Fault `pkl-length` */
function passPayload(m: Machine, length: number): number {
  const from = m.position
  const left = m.to - from
  if (length < 0 || length > left)
    throw new Fault('pkl-length', `${m.name} at ${m.offset} declares ${length} bytes; ${left} are left`)
  m.skipTo(from + length)
  return from
}

function pushText(kind: number, width: number, signed = false): Handler {
  return (m) => {
    const before = m.direct
    const declared = readUnsigned(m, width)
    const length = signed && declared >= 0x8000_0000 ? declared - 0x1_0000_0000 : declared
    const from = passPayload(m, length)
    m.push(kind, m.offset)
    if (kind === STR) {
      m.direct = Math.min(2, before + 1)
      if (length <= LONGEST_LOOKED_AT && !isAscii(m, from, length) && !isUtf8(m.read(from, length)))
        m.misform('pkl-string', `the argument of ${m.name} at ${m.offset} is not in canonical form`)
    }
    if (kind === NATIVE_STR) checkNative(m, from, length)
    if (length > LONG_PAYLOAD) m.longPayloads.push({ from, to: from + length })
    if (length >= 4) lookInside(m, from, length)
  }
}

/** Whether a payload is at hand and ASCII. */
function isAscii({ bytes, base }: Machine, from: number, length: number): boolean {
  const start = from - base
  const end = start + length
  if (start < 0 || end > bytes.length) return false
  for (let i = start; i < end; i++) if ((bytes[i] as number) >= 0x80) return false
  return true
}

/** What a string of Python 2 is, the loader's `encoding` decides, unless it is ASCII. */
function checkNative(m: Machine, from: number, length: number): void {
  for (let at = from; at < from + length; at += LONG_PAYLOAD) {
    const piece = m.read(at, Math.min(LONG_PAYLOAD, from + length - at))
    if (piece.every((byte) => byte < 0x80)) continue
    return m.fail('a string of Python 2', 'it is not ASCII, so that the encoding of the loader decides what it is')
  }
}

function pushLine(kind: number, name: OpcodeName): Handler {
  return (m) => {
    const before = m.direct
    const from = m.position
    const length = m.passLine() - from
    const looked = m.read(from, Math.min(length, LONGEST_LOOKED_AT))
    const isText = kind === STR || kind === NATIVE_STR
    const canonical = length > LONGEST_LOOKED_AT ? isText : isCanonicalLine(name, latin1(looked))
    if (!canonical)
      m.misform(isText ? 'pkl-string' : 'pkl-number', `the argument of ${name} at ${m.offset} is not in canonical form`)
    if (isText) {
      m.push(kind, m.offset)
      m.direct = kind === STR ? Math.min(2, before + 1) : 0
      if (kind === NATIVE_STR && /[^\x20-\x7e]|\\x[89a-f]/i.test(latin1(looked)))
        m.fail('a string of Python 2', 'it is not ASCII, so that the encoding of the loader decides what it is')
      if (length > LONG_PAYLOAD) m.longPayloads.push({ from, to: from + length })
      if (length >= 4) lookInside(m, from, length)
    } else pushNumber(m, name, latin1(looked))
  }
}

function pushNumber(m: Machine, name: OpcodeName, line: string): void {
  if (name === 'FLOAT') return m.push(FLOAT, Number.NaN)
  if (name === 'INT' && (line === '00' || line === '01')) return m.push(BOOL, Number(line))
  const value = Number(line.replace(/L$/, ''))
  m.push(INT, Number.isSafeInteger(value) ? value : Number.NaN)
}

function pushLong(width: number): Handler {
  return (m) => {
    const length = readUnsigned(m, width)
    const from = passPayload(m, width === 4 && length >= 0x8000_0000 ? length - 0x1_0000_0000 : length)
    const bytes = m.read(from, Math.min(length, LONGEST_LOOKED_AT))
    if (!isShortestLong(bytes, length, width))
      m.misform('pkl-number', `the argument of ${m.name} at ${m.offset} is not in canonical form`)
    if (length > LONG_PAYLOAD) m.longPayloads.push({ from, to: from + length })
    m.push(INT, length > 7 ? Number.NaN : readSigned(bytes))
  }
}

/** The number of a LONG1 of at most seven bytes: little-endian two's complement. */
function readSigned(bytes: Uint8Array): number {
  let value = 0
  for (let i = bytes.length - 1; i >= 0; i--) value = value * 256 + (bytes[i] as number)
  const negative = bytes.length > 0 && (bytes[bytes.length - 1] as number) >= 0x80
  const signed = negative ? value - 2 ** (8 * bytes.length) : value
  return Number.isSafeInteger(signed) ? signed : Number.NaN
}

/** Handlers by the name of the opcode. */
export const ATOMS: readonly (readonly [OpcodeName, Handler])[] = [
  ['NONE', (m) => m.push(NONE, 0)],
  ['NEWTRUE', (m) => m.push(BOOL, 1)],
  ['NEWFALSE', (m) => m.push(BOOL, 0)],
  ['BININT1', (m) => m.push(INT, byteAt(m))],
  ['BININT2', (m) => m.push(INT, byteAt(m) + byteAt(m) * 256)],
  ['BININT', (m) => m.push(INT, u32(m) | 0)],
  [
    'BINFLOAT',
    (m) => {
      m.at += 8
      m.push(FLOAT, 0)
    },
  ],
  ['INT', pushLine(INT, 'INT')],
  ['LONG', pushLine(INT, 'LONG')],
  ['FLOAT', pushLine(FLOAT, 'FLOAT')],
  ['LONG1', pushLong(1)],
  ['LONG4', pushLong(4)],
  ['STRING', pushLine(NATIVE_STR, 'STRING')],
  ['UNICODE', pushLine(STR, 'UNICODE')],
  ['BINSTRING', pushText(NATIVE_STR, 4, true)],
  ['SHORT_BINSTRING', pushText(NATIVE_STR, 1)],
  ['SHORT_BINUNICODE', pushText(STR, 1)],
  ['BINUNICODE', pushText(STR, 4)],
  ['BINUNICODE8', pushText(STR, 8)],
  ['SHORT_BINBYTES', pushText(BYTES, 1)],
  ['BINBYTES', pushText(BYTES, 4)],
  ['BINBYTES8', pushText(BYTES, 8)],
  ['BYTEARRAY8', pushText(BYTEARRAY, 8)],
]
