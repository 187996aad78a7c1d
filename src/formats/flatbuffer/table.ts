/**
 * A table of a FlatBuffer, by the names of its fields.
 *
 * Only for tables that a `FlatVerifier` has visited: offsets are followed as they stand. What is absent has the default
 * that is given.
 */
import { toSize } from '../../base/index.ts'
import type { FlatKind, FlatSchema } from './schema.ts'
import type { Window } from './window.ts'

const KEPT_TEXT = 4096

/** A vector of scalars or structs, where it lies. */
export interface FlatVector {
  /** Offset of the first item. */
  readonly at: number
  readonly count: number
  /** Bytes of one item. */
  readonly width: number
}

/** See the module. */
export class FlatTable {
  readonly #window: Window
  readonly #schema: FlatSchema
  readonly name: string
  readonly at: number

  constructor(window: Window, schema: FlatSchema, place: { readonly name: string; readonly at: number }) {
    this.#window = window
    this.#schema = schema
    this.name = place.name
    this.at = place.at
  }

  #find(name: string): { readonly kind: FlatKind; readonly slot: number; readonly at: number | undefined } {
    const fields = this.#schema.tables.get(this.name) ?? []
    const slot = fields.findIndex((field) => field.name === name)
    const kind = fields[slot]?.kind ?? { is: 'string' }
    const vtable = this.at - this.#window.i32(this.at)
    const listed = slot >= 0 && 4 + 2 * slot + 2 <= this.#window.u16(vtable)
    const place = listed ? this.#window.u16(vtable + 4 + 2 * slot) : 0
    return { kind, slot, at: place === 0 ? undefined : this.at + place }
  }

  #target(name: string): number | undefined {
    const { at } = this.#find(name)
    return at === undefined ? undefined : at + this.#window.u32(at)
  }

  #tableAt(name: string, at: number): FlatTable {
    return new FlatTable(this.#window, this.#schema, { name, at })
  }

  /** Whether the field is there. */
  has(name: string): boolean {
    return this.#find(name).at !== undefined
  }

  /** A number of 32 bits or less, or a floating-point number. */
  number(name: string, absent = 0): number {
    const { kind, at } = this.#find(name)
    if (at === undefined || kind.is !== 'scalar' || kind.type === 'i64' || kind.type === 'u64') return absent
    return this.#window[kind.type === 'bool' ? 'u8' : kind.type](at)
  }

  /** A 64-bit size. @throws Fault `size-overflow` */
  size64(name: string): number {
    const { at } = this.#find(name)
    return at === undefined ? 0 : toSize(this.#window.u64(at))
  }

  /** A text, cut to 4,096 bytes; undefined when it is absent. */
  string(name: string): string | undefined {
    const at = this.#target(name)
    return at === undefined ? undefined : this.#text(at)
  }

  #text(at: number): string {
    return Buffer.from(this.#window.bytes(at + 4, Math.min(KEPT_TEXT, this.#window.u32(at)))).toString('utf8')
  }

  /** The table under a field. */
  table(name: string): FlatTable | undefined {
    const { kind } = this.#find(name)
    const at = this.#target(name)
    return at === undefined || kind.is !== 'table' ? undefined : this.#tableAt(kind.table, at)
  }

  /** The value of a union, when its kind is known. */
  union(name: string): FlatTable | undefined {
    const { kind, slot } = this.#find(name)
    const at = this.#target(name)
    if (at === undefined || kind.is !== 'union') return undefined
    const vtable = this.at - this.#window.i32(this.at)
    const type = this.#window.u8(this.at + this.#window.u16(vtable + 4 + 2 * (slot - 1)))
    const table = this.#schema.unions.get(kind.union)?.[type - 1]
    return table === undefined ? undefined : this.#tableAt(table, at)
  }

  /** Number of items of a vector, 0 when it is absent. */
  count(name: string): number {
    const at = this.#target(name)
    return at === undefined ? 0 : this.#window.u32(at)
  }

  /** The tables of a vector, one after the other. */
  *tables(name: string): Generator<FlatTable> {
    const { kind } = this.#find(name)
    const at = this.#target(name)
    if (at === undefined || kind.is !== 'vector' || kind.of.is !== 'table') return
    const { table } = kind.of
    for (let i = 0; i < this.#window.u32(at); i++) {
      const item = at + 4 + 4 * i
      yield this.#tableAt(table, item + this.#window.u32(item))
    }
  }

  /** The texts of a vector, one after the other. */
  *strings(name: string): Generator<string> {
    const at = this.#target(name)
    if (at === undefined) return
    for (let i = 0; i < this.#window.u32(at); i++) {
      const item = at + 4 + 4 * i
      yield this.#text(item + this.#window.u32(item))
    }
  }

  /** Where a vector of scalars or structs lies; undefined when it is absent. */
  vector(name: string): FlatVector | undefined {
    const { kind } = this.#find(name)
    const at = this.#target(name)
    if (at === undefined || kind.is !== 'vector') return undefined
    const width = kind.of.is === 'scalar' || kind.of.is === 'struct' ? kind.of.bytes : 4
    return { at: at + 4, count: this.#window.u32(at), width }
  }

  /** The items of a vector of numbers, one after the other. */
  *numbers(name: string): Generator<number> {
    const { kind } = this.#find(name)
    const vector = this.vector(name)
    if (vector === undefined || kind.is !== 'vector' || kind.of.is !== 'scalar') return
    const { type } = kind.of
    for (let i = 0; i < vector.count; i++) {
      const at = vector.at + vector.width * i
      yield Number(this.#window[type === 'bool' ? 'u8' : type](at))
    }
  }
}
