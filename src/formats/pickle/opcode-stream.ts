/**
 * Walks the opcodes of one pickle stream.
 *
 * A cursor rather than a list: the fields tell of the opcode that was read last, so that ten million opcodes cost no
 * memory. Payloads are passed over by their offsets and read only when somebody asks.
 *
 * Guarantee: nothing outside the source is read; what ends too early or is no opcode is a `Fault` whose code is an
 * anomaly's, and `end` is then where the last whole opcode ended.
 * Source: CPython `Lib/pickletools.py` for the forms of arguments.
 */
import { Fault } from '../../base/index.ts'
import type { PageReader } from '../page-reader.ts'
import { OPCODE_BY_BYTE, type ArgumentForm, type Opcode } from './opcodes.ts'

const NEWLINE = 10
const LARGEST = BigInt(Number.MAX_SAFE_INTEGER)

/** See the module. */
export class OpcodeStream {
  readonly cursor: PageReader
  /** The opcode read last. */
  opcode: Opcode | undefined
  /** Its first byte. */
  offset = 0
  /** Numeric argument of a fixed size; lengths of frames above 2^53 become Infinity. */
  value = 0
  /** First byte of the payload. */
  from = 0
  /** First byte after the payload, its newline not included. */
  to = 0
  /** First byte after the opcode read last. */
  end: number

  constructor(cursor: PageReader) {
    this.cursor = cursor
    this.end = cursor.at
  }

  /** Reads the next opcode. @throws Fault `pkl-truncated`, `pkl-length`, `pkl-unknown-opcode` */
  next(): Opcode {
    const { cursor } = this
    if (cursor.remaining === 0) throw new Fault('pkl-truncated', `the bytes end at ${cursor.at} without STOP`)
    this.offset = cursor.at
    const code = cursor.u8()
    const opcode = OPCODE_BY_BYTE[code]
    if (opcode === undefined) throw new Fault('pkl-unknown-opcode', `byte ${code} at ${this.offset} is no opcode`)
    if (opcode.form !== 'none') this.#readArgument(opcode)
    this.opcode = opcode
    this.end = cursor.at
    return opcode
  }

  #readArgument(opcode: Opcode): void {
    const needed = FIXED[opcode.form] ?? 0
    if (this.cursor.remaining < needed)
      throw new Fault('pkl-truncated', `the bytes end inside ${opcode.name} at ${this.offset}`)
    switch (opcode.form) {
      case 'line':
        this.#passLine(opcode)
        return
      case 'two-lines':
        this.#passLine(opcode)
        this.#passSecondLine(opcode)
        return
      case 'counted8':
      case 'counted32':
      case 'signed-counted32':
      case 'counted64':
        this.#passPayload(opcode, this.#readNumber(opcode.form))
        return
      default:
        this.value = this.#readNumber(opcode.form)
    }
  }

  #readNumber(form: ArgumentForm): number {
    const { cursor } = this
    switch (form) {
      case 'u8':
      case 'counted8':
        return cursor.u8()
      case 'u16':
        return cursor.u16()
      case 'u32':
      case 'counted32':
        return cursor.u32()
      case 'i32':
      case 'signed-counted32':
        return cursor.i32()
      case 'f64be':
        return readBigEndianDouble(cursor)
      default:
        return readLength(cursor)
    }
  }

  #passPayload(opcode: Opcode, length: number): void {
    const { remaining } = this.cursor
    if (length < 0 || length > remaining)
      throw new Fault('pkl-length', `${opcode.name} at ${this.offset} declares ${length} bytes; ${remaining} are left`)
    this.value = length
    this.from = this.cursor.at
    this.to = this.from + length
    this.cursor.skip(length)
  }

  #passLine(opcode: Opcode): void {
    this.from = this.cursor.at
    this.to = this.#findNewline(opcode)
    this.cursor.seek(this.to + 1)
  }

  #passSecondLine(opcode: Opcode): void {
    this.to = this.#findNewline(opcode)
    this.cursor.seek(this.to + 1)
  }

  #findNewline(opcode: Opcode): number {
    const newline = this.cursor.find(NEWLINE)
    if (newline < 0) throw new Fault('pkl-truncated', `the line of ${opcode.name} at ${this.offset} does not end`)
    return newline
  }

  /** At most `most` bytes of the payload of the opcode read last, valid until the next read. */
  payload(most: number): Uint8Array {
    this.cursor.seek(this.from)
    const bytes = this.cursor.view(Math.min(most, this.to - this.from))
    this.cursor.seek(this.end)
    return bytes
  }
}

const FIXED: Readonly<Partial<Record<ArgumentForm, number>>> = {
  u8: 1,
  u16: 2,
  u32: 4,
  i32: 4,
  u64: 8,
  f64be: 8,
  counted8: 1,
  counted32: 4,
  'signed-counted32': 4,
  counted64: 8,
}

function readLength(cursor: PageReader): number {
  const length = cursor.u64()
  return length > LARGEST ? Number.POSITIVE_INFINITY : Number(length)
}

function readBigEndianDouble(cursor: PageReader): number {
  cursor.littleEndian = false
  const value = cursor.f64()
  cursor.littleEndian = true
  return value
}
