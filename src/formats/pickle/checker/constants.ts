/**
 * Constants in the one form that CPython's picklers write, as values of the checker.
 */
import type { Decoded, Decoder } from './decode.ts'
import { Refusal } from './refusal.ts'
import type { Value } from './values.ts'

const FORMS: ReadonlyMap<string, RegExp> = new Map([
  ['INT', /^(0[01]|0|-?[1-9]\d*)$/],
  ['LONG', /^(0|-?[1-9]\d*)L$/],
  ['FLOAT', /^-?((0|[1-9]\d*)\.\d+|\d(\.\d+)?e[+-]\d{2,3}|inf|nan)$/],
  ['GET', /^(0|[1-9]\d*)$/],
  ['PUT', /^(0|[1-9]\d*)$/],
])
const LETTERS: ReadonlyMap<string, string> = new Map([
  ['\\n', '\n'],
  ['\\r', '\r'],
  ['\\t', '\t'],
])
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The number of a line. @throws Refusal when it is not of the canonical form */
export function lineNumber(decoder: Decoder, op: Decoded): number {
  const line = decoder.latin1(op)
  if (!(FORMS.get(op.name) as RegExp).test(line))
    throw new Refusal(`${line.slice(0, 40)} is no canonical argument of ${op.name}`)
  return Number(line.replace('L', ''))
}

function text(value: string, native: boolean): Value {
  if (native && /[^\x00-\x7f]/.test(value)) throw new Refusal('a string of Python 2 is not ASCII')
  return { is: 'text', text: value, native }
}

function unicodeLine(line: string): Value {
  if (/\\(?!u[0-9a-f]{4}|U00[01][0-9a-f]{5})/.test(line)) throw new Refusal('a text has an escape of its own')
  const plain = line.replaceAll(/\\u.{4}|\\U.{8}/g, (escape) => {
    const code = Number.parseInt(escape.slice(2), 16)
    const needed = escape.length === 6 ? code > 0xff || [0, 10, 13, 26, 92].includes(code) : code > 0xffff
    if (!needed || code > 0x10ffff) throw new Refusal('a text has an escape that it does not need')
    return String.fromCodePoint(code)
  })
  return text(plain, false)
}

function stringLine(line: string): Value {
  if (!/^(['"])(?:(?!\1)[^\\]|\\(?:['"\\nrt]|x[0-9a-f]{2}))*\1$/.test(line))
    throw new Refusal('a string is not canonical')
  const inner = line.slice(1, -1).replaceAll(/\\(?:x..|.)/g, (escape) => {
    if (escape.length === 4) return String.fromCodePoint(Number.parseInt(escape.slice(2), 16))
    return LETTERS.get(escape) ?? escape.slice(1)
  })
  return text(inner, true)
}

/** Whether the last byte of a long only repeats the sign of the one before it, or of nothing. */
function isSurplus(bytes: Uint8Array): boolean {
  const isNegative = (bytes.at(-2) ?? 0) >= 128
  return bytes.at(-1) === (isNegative ? 255 : 0)
}

function long(decoder: Decoder, { from, to, name }: Decoded): Value {
  const bytes = decoder.bytes.subarray(from, to)
  if (isSurplus(bytes) || (name === 'LONG4' && bytes.length < 256)) throw new Refusal('a long has surplus bytes')
  if (bytes.length === 0) return { is: 'int', value: 0 }
  return { is: 'int', value: bytes.length > 6 ? Number.NaN : bytes.readIntLE(0, bytes.length) }
}

function utf8(decoder: Decoder, { from, to }: Decoded): Value {
  try {
    return text(strict.decode(decoder.bytes.subarray(from, to)), false)
  } catch {
    throw new Refusal(`the text at ${from} is not UTF-8`)
  }
}

/** The value of an opcode that pushes a constant; undefined for all others. @throws Refusal */
export function constantOf(decoder: Decoder, op: Decoded): Value | undefined {
  switch (op.name) {
    case 'NONE':
      return { is: 'none' }
    case 'NEWTRUE':
    case 'NEWFALSE':
      return { is: 'bool', value: Number(op.name === 'NEWTRUE') }
    case 'BININT1':
    case 'BININT2':
    case 'BININT':
      return { is: 'int', value: op.number | 0 }
    case 'BINFLOAT':
      return { is: 'float' }
    default:
      return lineOrPayload(decoder, op)
  }
}

function lineOrPayload(decoder: Decoder, op: Decoded): Value | undefined {
  const length = op.to - op.from
  switch (op.name) {
    case 'UNICODE':
      return unicodeLine(decoder.latin1(op))
    case 'STRING':
      return stringLine(decoder.latin1(op))
    case 'BINSTRING':
    case 'SHORT_BINSTRING':
      return text(decoder.latin1(op), true)
    case 'BYTEARRAY8':
      return { is: 'bytearray', length }
    case 'LONG1':
    case 'LONG4':
      return long(decoder, op)
    default:
      if (op.name.includes('BINBYTES')) return { is: 'bytes', length }
      return op.name.includes('UNICODE') ? utf8(decoder, op) : numberLine(decoder, op)
  }
}

function numberLine(decoder: Decoder, op: Decoded): Value | undefined {
  if (op.name !== 'INT' && op.name !== 'LONG' && op.name !== 'FLOAT') return undefined
  const value = lineNumber(decoder, op)
  if (op.name === 'FLOAT') return { is: 'float' }
  if (/^0[01]/.test(decoder.latin1(op))) return { is: 'bool', value }
  return { is: 'int', value: Number.isSafeInteger(value) ? value : Number.NaN }
}
