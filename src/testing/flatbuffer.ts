/**
 * Writes FlatBuffers for tests, by the same schemas by which they are read.
 *
 * Every table has a list of fields of its own before it, and what it points to behind it. One object in two places
 * becomes one table.
 */
import { alignUp } from '../base/index.ts'
import type { FlatField, FlatKind, FlatSchema } from '../formats/flatbuffer/schema.ts'

/** Value of a field: a number, a text, a table, a list; for a union the name of the member and its table. */
export type FlatValue =
  | number
  | bigint
  | boolean
  | string
  | Uint8Array
  | FlatRecord
  | readonly FlatValue[]
  | readonly [member: string, record: FlatRecord]

/** A table by the names of its fields. */
export interface FlatRecord {
  readonly [field: string]: FlatValue
}

/** What to write. */
export interface FlatFile {
  readonly schema: FlatSchema
  readonly root: string
  readonly value: FlatRecord
  /** Four characters; absent: no identifier. */
  readonly identifier?: string
}

class FlatWriter {
  #bytes = new Uint8Array(1024)
  #view = new DataView(this.#bytes.buffer)
  #end = 0
  readonly #schema: FlatSchema
  readonly #written = new Map<FlatRecord, number>()

  constructor(schema: FlatSchema) {
    this.#schema = schema
  }

  get bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#end)
  }

  reserve(length: number, align: number): number {
    const at = alignUp(this.#end, align)
    this.#end = at + length
    if (this.#end > this.#bytes.length) {
      const wider = new Uint8Array(this.#end * 2)
      wider.set(this.#bytes)
      this.#bytes = wider
      this.#view = new DataView(wider.buffer)
    }
    return at
  }

  put(at: number, bytes: Uint8Array): void {
    this.#bytes.set(bytes, at)
  }

  point(at: number, target: number): void {
    this.#view.setUint32(at, target - at, true)
  }

  #scalar(at: number, type: string, value: FlatValue): void {
    const view = this.#view
    if (type === 'f32') view.setFloat32(at, Number(value), true)
    else if (type === 'f64') view.setFloat64(at, Number(value), true)
    else if (type.endsWith('64')) view.setBigUint64(at, BigInt.asUintN(64, BigInt(value as number)), true)
    else if (type.endsWith('32')) view.setInt32(at, Number(value), true)
    else if (type.endsWith('16')) view.setInt16(at, Number(value), true)
    else view.setInt8(at, Number(value))
  }

  #inline(at: number, kind: FlatKind, value: FlatValue): void {
    if (kind.is === 'scalar') this.#scalar(at, kind.type, value)
    else if (kind.is === 'struct') this.put(at, value as Uint8Array)
    else this.point(at, this.#outside(kind, value))
  }

  #outside(kind: FlatKind, value: FlatValue): number {
    if (kind.is === 'table') return this.table(kind.table, value as FlatRecord)
    if (kind.is === 'union') return this.table((value as readonly [string])[0], (value as [string, FlatRecord])[1])
    if (kind.is === 'vector') return this.#vector(kind.of, value as readonly FlatValue[] | Uint8Array)
    const text = Buffer.from(value as string)
    const at = this.reserve(4 + text.length + 1, 4)
    this.#view.setUint32(at, text.length, true)
    this.put(at + 4, text)
    return at
  }

  #vector(of: FlatKind, items: readonly FlatValue[] | Uint8Array): number {
    const [width, align] = of.is === 'scalar' || of.is === 'struct' ? [of.bytes, of.align] : [4, 4]
    const count = this.reserve(4, 4)
    const from = Math.max(alignUp(count + 4, align), count + 4)
    const at = from - 4
    this.reserve(from - this.#end + items.length * width, 1)
    this.#view.setUint32(at, items.length, true)
    items.forEach((item: FlatValue, i: number) => this.#inline(from + i * width, of, item))
    return at
  }

  table(name: string, record: FlatRecord): number {
    const at = this.#written.get(record) ?? this.#table(name, record)
    this.#written.set(record, at)
    return at
  }

  #table(name: string, record: FlatRecord): number {
    const fields = this.#schema.tables.get(name) ?? []
    const present = fields.filter((field, slot) => field.name in record || this.#typeOf(fields[slot + 1], record) > 0)
    const vtable = this.reserve(4 + 2 * fields.length, 2)
    const at = this.reserve(4, 8)
    this.#view.setUint16(vtable, 4 + 2 * fields.length, true)
    this.#view.setInt32(at, at - vtable, true)
    const places = present.map((field) => {
      const { kind } = field
      const inline = kind.is === 'scalar' || kind.is === 'struct'
      const place = this.reserve(inline ? kind.bytes : 4, inline ? kind.align : 4)
      this.#view.setUint16(vtable + 4 + 2 * fields.indexOf(field), place - at, true)
      return { field, place }
    })
    this.#view.setUint16(vtable + 2, this.#end - at, true)
    for (const { field, place } of places) {
      const type = this.#typeOf(fields[fields.indexOf(field) + 1], record)
      this.#inline(place, field.kind, record[field.name] ?? type)
    }
    return at
  }

  /** Kind of the union in a slot, 0 when it is none or absent. */
  #typeOf(field: FlatField | undefined, record: FlatRecord): number {
    if (field?.kind.is !== 'union') return 0
    const value = record[field.name] as readonly [string] | undefined
    return value === undefined ? 0 : (this.#schema.unions.get(field.kind.union) ?? []).indexOf(value[0]) + 1
  }
}

/** Writes a FlatBuffer. */
export function buildFlat({ schema, root, value, identifier }: FlatFile): Uint8Array {
  const writer = new FlatWriter(schema)
  const at = writer.reserve(4, 4)
  if (identifier !== undefined) writer.put(writer.reserve(4, 1), Buffer.from(identifier, 'latin1'))
  writer.point(at, writer.table(root, value))
  writer.reserve(0, 8)
  return writer.bytes
}
