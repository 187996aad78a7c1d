/**
 * Proves that a FlatBuffer is what its schema says, before anybody follows one of its offsets.
 *
 * Every table, list of fields, vector and string that the root leads to is visited once, whatever leads to it: it must
 * lie inside the file, at its alignment, and every field inside its table. Each becomes a range of bytes that it owns;
 * only what is one and the same structure may be shared. What a newer schema may have added (an unknown slot, an unknown
 * member of a union) is no fault, but it is told and it stays unread. A table owns the bytes of its fields: some writers
 * share a list of fields between tables of one shape, and the size in it is then that of the largest.
 *
 * Guarantee: each structure costs one item of the budget and nesting its depth; nothing is allocated from a declared
 * count. Source: the FlatBuffers documentation, "FlatBuffer Internals"; its C++ verifier for what a loader refuses.
 */
import { Fault, isFault, mulChecked } from '../../base/index.ts'
import type { Budget } from '../budget.ts'
import type { ClaimRole } from '../facts.ts'
import type { FlatAnomaly } from './anomalies.ts'
import type { FlatKind, FlatSchema } from './schema.ts'
import type { Window } from './window.ts'

/** More structures than any model of such a format has; each costs about a hundred bytes of memory. */
const MOST_STRUCTURES = 400_000

/** Bytes that one structure owns. */
export interface FlatRange {
  readonly from: number
  readonly to: number
  readonly role: ClaimRole
}

/** What the verifier tells about, beside faults. */
export interface FlatSink {
  readonly budget: Budget
  /** Told once for each kind of thing that only a newer schema could explain. */
  unknown(what: string): void
  misaligned(message: string, offset: number): void
}

/** A fault that becomes an anomaly of that code. */
export function flatFault(code: FlatAnomaly, message: string, offset: number): Fault {
  return new Fault(code, message, { details: { offset } })
}

/** Bytes that a field or an item takes where it stands. */
function widthOf(kind: FlatKind): number {
  return kind.is === 'scalar' || kind.is === 'struct' ? kind.bytes : 4
}

/** See the module. */
export class FlatVerifier {
  readonly #window: Window
  readonly #schema: FlatSchema
  readonly #sink: FlatSink
  readonly #seen = new Map<string, Set<number>>()
  readonly #told = new Set<string>()
  /** The greatest alignment that a structure wants. */
  alignment = 4
  /** What the structures own, in the order in which they were visited. */
  readonly ranges: FlatRange[] = []

  constructor(window: Window, schema: FlatSchema, sink: FlatSink) {
    this.#window = window
    this.#schema = schema
    this.#sink = sink
  }

  /** Verifies the table that the offset at `at` points to, and all below it; returns where it lies. @throws Fault `fbf-…`, `budget-…` */
  verifyRoot(table: string, at = 0): number {
    try {
      return this.#follow({ is: 'table', table }, at, 1)
    } catch (thrown) {
      if (!isFault(thrown) || (thrown.code !== 'truncated' && thrown.code !== 'size-overflow')) throw thrown
      throw new Fault('fbf-outside', thrown.message, { cause: thrown })
    }
  }

  /** False when the structure was visited before. */
  #visit(label: string, at: number): boolean {
    const seen = this.#seen.get(label) ?? new Set<number>()
    this.#seen.set(label, seen)
    if (seen.has(at)) return false
    if (this.ranges.length >= MOST_STRUCTURES)
      throw new Fault('budget-items', `more than ${MOST_STRUCTURES} structures in one FlatBuffer`)
    this.#sink.budget.spendItems()
    seen.add(at)
    return true
  }

  #own(from: number, length: number, role: ClaimRole = 'metadata'): void {
    if (from + length > this.#window.size)
      throw flatFault('fbf-outside', `a structure of ${length} bytes at ${from} ends outside the file`, from)
    this.ranges.push({ from, to: from + length, role })
  }

  #align(at: number, align: number, what: string): void {
    this.alignment = Math.max(this.alignment, align)
    if (at % align === 0) return
    this.#sink.misaligned(`${what} at ${at} is not at a multiple of ${align}`, at)
  }

  #tell(what: string): void {
    if (this.#told.has(what)) return
    this.#told.add(what)
    this.#sink.unknown(what)
  }

  /** Follows the offset at `at` to a table, string or vector. */
  #follow(kind: FlatKind, at: number, depth: number): number {
    const step = this.#window.u32(at)
    const target = at + step
    if (step < 4 || target + 4 > this.#window.size)
      throw flatFault('fbf-outside', `the offset ${step} at ${at} leads out of the file`, at)
    if (kind.is === 'table') this.#table(kind.table, target, depth)
    else if (kind.is === 'string') this.#string(target)
    else if (kind.is === 'vector') this.#vector(kind, target, depth)
    return target
  }

  #string(at: number): void {
    if (!this.#visit('string', at)) return
    this.#align(at, 4, 'a string')
    const length = this.#window.u32(at)
    this.#own(at, 4 + length + 1)
    if (this.#window.u8(at + 4 + length) !== 0) throw flatFault('fbf-string', `the string at ${at} has no end`, at)
  }

  #vector({ of, weights }: FlatKind & { readonly is: 'vector' }, at: number, depth: number): void {
    const width = widthOf(of)
    const align = of.is === 'scalar' || of.is === 'struct' ? of.align : 4
    if (!this.#visit(`vector of ${of.is === 'table' ? of.table : `${of.is} ${width}`}`, at)) return
    const count = this.#window.u32(at)
    this.#align(at, 4, 'a vector')
    if (count > 0) this.#align(at + 4, align, 'the items of a vector')
    this.#own(at, 4 + mulChecked(count, width), weights ? 'tensor' : 'metadata')
    if (of.is === 'scalar' || of.is === 'struct') return
    for (let i = 0; i < count; i++) this.#follow(of, at + 4 + 4 * i, depth)
  }

  #table(name: string, at: number, depth: number): void {
    if (!this.#visit(name, at)) return
    this.#sink.budget.checkDepth(depth)
    this.#align(at, 4, `a table ${name}`)
    const vtable = at - this.#window.i32(at)
    const { slots, size } = this.#vtable(name, at, vtable)
    const fields = this.#schema.tables.get(name) ?? []
    let used = 4
    for (let slot = 0; slot < slots; slot++) {
      const place = this.#window.u16(vtable + 4 + 2 * slot)
      if (place === 0) continue
      const kind = fields[slot]?.kind
      if (kind === undefined) this.#tell(`a field ${slot} of a table ${name}`)
      else this.#field(kind, { at, place, size, vtable, slot, depth })
      used = Math.max(used, kind === undefined ? size : place + widthOf(kind))
    }
    this.#own(at, used)
  }

  #vtable(name: string, at: number, vtable: number): { readonly slots: number; readonly size: number } {
    if (vtable < 0 || vtable + 4 > this.#window.size)
      throw flatFault('fbf-outside', `the fields of the table ${name} at ${at} lie outside the file`, at)
    const bytes = this.#window.u16(vtable)
    const size = this.#window.u16(vtable + 2)
    if (bytes < 4 || bytes % 2 !== 0 || size < 4)
      throw flatFault('fbf-vtable', `the table ${name} at ${at} has ${bytes} bytes of fields, and itself ${size}`, at)
    if (this.#visit('vtable', vtable)) {
      this.#align(vtable, 2, 'a list of fields')
      this.#own(vtable, bytes)
    }
    return { slots: (bytes - 4) / 2, size }
  }

  #field(kind: FlatKind, field: TableField): void {
    const { at, place, size } = field
    const inline = kind.is === 'scalar' || kind.is === 'struct'
    const align = inline ? kind.align : 4
    if (place < 4 || place + widthOf(kind) > size)
      throw flatFault('fbf-vtable', `field ${field.slot} of the table at ${at} lies outside it`, at)
    this.#align(at + place, align, 'a field')
    if (kind.is === 'union') this.#union(kind.union, field)
    else if (!inline) this.#follow(kind, at + place, field.depth + 1)
  }

  #union(name: string, { at, place, vtable, slot, depth }: TableField): void {
    const typePlace = slot === 0 ? 0 : this.#window.u16(vtable + 4 + 2 * (slot - 1))
    const type = typePlace === 0 ? 0 : this.#window.u8(at + typePlace)
    if (type === 0) throw flatFault('fbf-union', `a ${name} of the table at ${at} has a value and no kind`, at)
    const table = this.#schema.unions.get(name)?.[type - 1]
    if (table === undefined) this.#tell(`a ${name} of kind ${type}`)
    else this.#follow({ is: 'table', table }, at + place, depth + 1)
  }
}

interface TableField {
  /** Of the table. */
  readonly at: number
  /** Within the table. */
  readonly place: number
  /** Bytes of the table. */
  readonly size: number
  readonly vtable: number
  readonly slot: number
  readonly depth: number
}
