/**
 * The values of a message that a reader asked for, by name.
 *
 * Guarantee: texts are cut at 4,096 bytes and of a repeated field at most 65,536 values are held; `count` tells how many
 * there were.
 */
import type { PageReader } from '../page-reader.ts'
import type { ProtobufAnomaly } from './anomalies.ts'
import type { FieldType } from './schema.ts'
import { asSigned, FIXED32, FIXED64, LENGTH, readVarint, VARINT, type Range, type WireField } from './wire.ts'

const SHORT = 32
/** Bytes of a text that are kept. */
export const KEPT_TEXT = 4096

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const lenient = new TextDecoder('utf-8', { ignoreBOM: true })

/** What values are read with. */
export interface Reading {
  readonly cursor: PageReader
  note(code: ProtobufAnomaly, message: string, place: { readonly at: number; readonly to: number }): void
}

/** A held value. */
export type Value = string | number | bigint

interface Typed extends WireField {
  readonly type: FieldType
}

/** A short text of ASCII, which most names are; decoding it as UTF-8 takes ten times as long. */
function asAscii(bytes: Uint8Array): string | undefined {
  if (bytes.length > SHORT) return undefined
  let text = ''
  for (const byte of bytes) {
    if (byte > 0x7f) return undefined
    text += String.fromCharCode(byte)
  }
  return text
}

/** Reads a text of at most `most` bytes, cut on a whole character. */
export function readText(reading: Reading, { from, to }: Range, most = KEPT_TEXT): string {
  const { cursor } = reading
  cursor.seek(from)
  const bytes = cursor.view(Math.min(most, to - from))
  const plain = asAscii(bytes)
  if (plain !== undefined) return plain
  if (to - from > most) return lenient.decode(bytes).replace(/\uFFFD$/, '')
  try {
    return strict.decode(bytes)
  } catch {
    reading.note('pb-text', `at ${from}: a text that is not UTF-8`, { at: from, to })
    return lenient.decode(bytes)
  }
}

/** Reads bytes that usually are a text as one, whatever they are; cut. */
export function readLoosely({ cursor }: Pick<Reading, 'cursor'>, { from, to }: Range): string {
  cursor.seek(from)
  return lenient.decode(cursor.view(Math.min(KEPT_TEXT, to - from)))
}

const FIXED: Readonly<Partial<Record<FieldType['kind'], (cursor: PageReader) => number | bigint>>> = {
  float: (cursor) => cursor.f32(),
  double: (cursor) => cursor.f64(),
  fixed32: (cursor) => cursor.u32(),
  sfixed32: (cursor) => cursor.i32(),
  fixed64: (cursor) => cursor.u64(),
  sfixed64: (cursor) => cursor.i64(),
}

function unzigzag(value: number | bigint): number | bigint {
  const wide = BigInt(value)
  return asSigned(BigInt.asUintN(64, (wide >> 1n) ^ -(wide & 1n)))
}

function readNumber(cursor: PageReader, { kind }: FieldType): number | bigint {
  const fixed = FIXED[kind]
  if (fixed !== undefined) return fixed(cursor)
  const raw = readVarint(cursor)
  if (kind === 'uint32' || kind === 'uint64') return raw
  if (kind === 'sint32' || kind === 'sint64') return unzigzag(raw)
  const signed = asSigned(raw)
  return kind === 'int32' || kind === 'enum' ? Number(BigInt.asIntN(32, BigInt(signed))) : signed
}

/** See the module. */
export class Fields {
  readonly #reading: Reading
  readonly #most: number
  readonly #values = new Map<string, Value[]>()
  readonly #counts = new Map<string, number>()

  constructor(reading: Reading, most: number) {
    this.#reading = reading
    this.#most = most
  }

  #push(name: string, value: () => Value): void {
    const count = this.#counts.get(name) ?? 0
    this.#counts.set(name, count + 1)
    const list = this.#values.get(name) ?? []
    if (count === 0) this.#values.set(name, list)
    if (count < this.#most) list.push(value())
  }

  /** Reads and holds a value; of a packed run all values. */
  add(field: Typed): void {
    const { cursor } = this.#reading
    const { type, wire, from, to } = field
    if (type.kind === 'message') return this.#push(type.name, () => from)
    if (type.kind === 'string') return this.#push(type.name, () => readText(this.#reading, field))
    if (type.kind === 'bytes') return this.#push(type.name, () => readLoosely(this.#reading, field))
    cursor.seek(from)
    if (wire === VARINT || wire === FIXED32 || wire === FIXED64)
      return this.#push(type.name, () => readNumber(cursor, type))
    if (wire !== LENGTH) return
    while (cursor.at < to) this.#pushPacked(type)
  }

  #pushPacked(type: FieldType): void {
    const value = readNumber(this.#reading.cursor, type)
    this.#push(type.name, () => value)
  }

  /** Number of values that stand there. */
  count(name: string): number {
    return this.#counts.get(name) ?? 0
  }

  /** All values that are held. */
  all(name: string): readonly Value[] {
    return this.#values.get(name) ?? []
  }

  /** The last value, as a text; nothing when there is none. */
  text(name: string): string {
    return String(this.all(name).at(-1) ?? '')
  }

  /** The values as texts. */
  texts(name: string): readonly string[] {
    return this.all(name).map(String)
  }

  /** The last value as a number; 0 when there is none, as the encoding has it. */
  number(name: string): number {
    return Number(this.all(name).at(-1) ?? 0)
  }
}
