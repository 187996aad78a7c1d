/**
 * Is an argument written as the picklers of CPython write it?
 *
 * One number can be written in many ways that one unpickler takes and another does not (`I 1_0`, `L5`, a LONG1 with
 * surplus bytes); a stream that uses them was not made by a pickler, and what it means depends on the reader.
 * Source: `Lib/pickle.py` (save_long, save_float, save_str, encode_long), `Modules/_pickle.c`.
 */
import { isUtf8 } from 'node:buffer'
import type { OpcodeStream } from './opcode-stream.ts'
import type { OpcodeName } from './opcodes.ts'

/** Longer numbers are refused, longer texts are not looked at. */
const LONGEST = 4096

const LINES: ReadonlyMap<OpcodeName, RegExp> = new Map<OpcodeName, RegExp>([
  ['INT', /^(00|01|0|-?[1-9]\d*)$/],
  ['LONG', /^(0|-?[1-9]\d*)L$/],
  ['FLOAT', /^-?((0|[1-9]\d*)\.\d+|\d(\.\d+)?e[+-]\d{2,3}|inf|nan)$/],
  ['GET', /^(0|[1-9]\d*)$/],
  ['PUT', /^(0|[1-9]\d*)$/],
  ['STRING', /^('([^'\\]|\\(['"\\nrt]|x[0-9a-f]{2}))*'|"([^"\\]|\\(['"\\nrt]|x[0-9a-f]{2}))*")$/],
  [
    'UNICODE',
    /^([^\\]|\\u(0[1-9a-f][0-9a-f]{2}|[1-9a-f][0-9a-f]{3}|00(00|0a|0d|1a|5c))|\\U00(0[1-9a-f]|10)[0-9a-f]{4})*$/,
  ],
])

/** True when the argument of the opcode read last is canonical, or has no form that could be otherwise. */
export function isCanonical(stream: OpcodeStream): boolean {
  const { opcode } = stream
  if (opcode === undefined) return true
  const length = stream.to - stream.from
  if (LINES.has(opcode.name)) {
    if (length > LONGEST) return opcode.kind === 'text'
    return isCanonicalLine(opcode.name, Buffer.from(stream.payload(LONGEST)).toString('latin1'))
  }
  if (opcode.name === 'LONG1' || opcode.name === 'LONG4')
    return isShortestLong(stream.payload(LONGEST), stream.value, opcode.name === 'LONG1' ? 1 : 4)
  return opcode.kind !== 'text' || length > LONGEST || isUtf8(stream.payload(LONGEST))
}

/** True when a line is the canonical argument of an opcode that takes one. */
export function isCanonicalLine(opcode: OpcodeName, line: string): boolean {
  return LINES.get(opcode)?.test(line) ?? true
}

/**
 * True when a long is written in as few bytes as it needs; a surplus last byte only repeats the sign of the byte before
 * it. Of LONG4 (a width of 4), CPython writes only what LONG1 cannot hold.
 */
export function isShortestLong(bytes: Uint8Array, length: number, width: number): boolean {
  if (width === 4 && length < 256) return false
  if (length > LONGEST) return true
  const last = bytes[length - 1]
  const before = bytes[length - 2] ?? 0
  if (last === 0) return before >= 0x80
  return last !== 0xff || before < 0x80
}
