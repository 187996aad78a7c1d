/**
 * Walks protobuf messages by a schema, one field at a time, and holds what a reader asks for.
 *
 * A model of gigabytes is a message of a few thousand small fields and some huge ones; the huge ones are passed over by
 * their offsets. Messages that a reader does not ask about are walked all the same, so that a file whose structure is
 * broken anywhere is never read as sound.
 *
 * Guarantee: memory is that of the fields that were asked for, each cut; nesting beyond 100 levels and more than 20
 * million fields end the walk with a `Fault`.
 */
import { Fault, isFault } from '../../base/index.ts'
import type { FactCollector } from '../fact-collector.ts'
import { PageReader } from '../page-reader.ts'
import type { ReadRequest } from '../reader.ts'
import { sliceSource } from '../slice-source.ts'
import type { ProtobufAnomaly } from './anomalies.ts'
import { Fields } from './fields.ts'
import { messageOf, type FieldType, type MessageType, type Schema } from './schema.ts'
import { LENGTH, readField, readVarint, stop, type Range, type WireField } from './wire.ts'

const DEEPEST = 100
const MOST_FIELDS = 20_000_000
const KEPT_VALUES = 65_536
const SHORTEST_MEMBER = 16
const MOST_OPENED = 16

/** A value of a field, with its payload as the range. */
export interface FieldValue extends WireField {
  readonly type: FieldType
  /** Levels above it. */
  readonly depth: number
}

/** What a reader wants of one message. */
export interface Plan {
  /** Names of fields whose values are held. */
  readonly keep?: readonly string[]
  /** Called for each value of a field. Messages that a reader takes it walks itself. */
  readonly on?: Readonly<Record<string, (value: FieldValue) => void>>
}

/** A message: where it stands and how deep. */
export interface Place extends Range {
  readonly depth: number
}

/** See the module. */
export class Walker<Code extends string> {
  readonly facts: FactCollector<Code | ProtobufAnomaly>
  readonly budget: ReadRequest['budget']
  readonly size: number
  readonly path: string
  readonly source: ReadRequest['source']
  readonly cursor: PageReader
  readonly #request: ReadRequest
  readonly #schema: Schema
  /** What to do with messages of a name wherever they stand, unless a reader takes their field itself. */
  readonly #watch = new Map<string, (value: FieldValue) => void>()
  #fields = 0
  #opened = 0
  #claimed = 0

  constructor(request: ReadRequest, facts: FactCollector<Code | ProtobufAnomaly>, schema: Schema) {
    this.#request = request
    this.facts = facts
    this.budget = request.budget
    this.size = request.source.size
    this.path = request.path
    this.source = request.source
    this.cursor = new PageReader(request.source)
    this.#schema = schema
  }

  /** Hands on every message of the name that no reader takes by its field; it walks the message itself. */
  watch(name: string, take: (value: FieldValue) => void): void {
    this.#watch.set(name, take)
  }

  /** The file as one message. */
  get whole(): Place {
    return { from: 0, to: this.size, depth: 0 }
  }

  /** Notes an anomaly of protobuf. */
  note(code: ProtobufAnomaly, message: string, { at, to }: { readonly at: number; readonly to: number }): void {
    this.facts.anomalies.add(code, message, { locus: `bytes ${at} to ${to}`, offset: at, length: to - at })
  }

  /**
   * Walks the outermost message and claims the file; a break in the structure becomes an anomaly and leaves the rest
   * unclaimed. @returns whether the walk came to the end
   */
  walkFile(step: () => void): boolean {
    try {
      step()
    } catch (thrown) {
      if (!isFault(thrown)) throw thrown
      const code = thrown.code === 'truncated' ? 'pb-truncated' : thrown.code
      if (!code.startsWith('pb-')) throw thrown
      const cut = code === 'pb-length' && this.#isOutermost(thrown.message)
      const place = { locus: 'structure', offset: this.cursor.at }
      this.facts.anomalies.add(cut ? 'pb-truncated' : (code as ProtobufAnomaly), thrown.message, place)
      return false
    }
    this.facts.claim('metadata', this.#claimed, this.size)
    return true
  }

  #isOutermost(message: string): boolean {
    return message.endsWith(`its message ends at ${this.size}`)
  }

  /** Claims a payload as the data of a tensor, and all before it as metadata. Payloads come in the order of the file. */
  claimTensor({ from, to }: Range): void {
    if (from < this.#claimed) return
    this.facts.claim('metadata', this.#claimed, from)
    this.facts.claim('tensor', from, to)
    this.#claimed = to
  }

  /** Walks one message of the named type. @throws Fault `pb-…`, `truncated`, `budget-…` */
  read(name: string, place: Place, plan: Plan = {}): Fields {
    if (place.depth > DEEPEST) throw stop('pb-depth', `at ${place.from}: nested deeper than ${DEEPEST} levels`)
    const type = messageOf(this.#schema, name)
    const fields = new Fields(this, KEPT_VALUES)
    const seen = new Set<number>()
    const { cursor } = this
    cursor.seek(place.from)
    while (cursor.at < place.to) {
      const field = readField(cursor, place.to)
      this.#count()
      this.#take(field, { name, type, plan, fields, seen, depth: place.depth })
      cursor.seek(field.to)
    }
    return fields
  }

  #count(): void {
    if (++this.#fields > MOST_FIELDS) throw new Fault('budget-items', `more than ${MOST_FIELDS} fields`)
  }

  #take(field: WireField, state: State): void {
    const type = state.type.fields.get(field.number)
    if (type === undefined) return this.#passUnknown(field, state)
    checkWire(field, type, state.name)
    if (!type.repeated) {
      if (state.seen.has(type.number))
        this.note('pb-repeated', `${state.name}.${type.name} stands more than once`, field)
      state.seen.add(type.number)
    }
    const value: FieldValue = { ...field, type, depth: state.depth + 1 }
    const { keep, on } = state.plan
    const taker = on?.[type.name]
    if (keep?.includes(type.name) === true) state.fields.add(value)
    if (taker !== undefined) taker(value)
    else if (type.message !== undefined) this.#enter(type.message, value)
    else if (type.packable && field.wire === LENGTH) this.checkPacked(value)
  }

  #enter(name: string, value: FieldValue): void {
    const watcher = this.#watch.get(name)
    if (watcher === undefined) this.read(name, value)
    else watcher(value)
  }

  #passUnknown(field: WireField, { name, type }: State): void {
    if (type.isOpen) return this.facts.leaveUnread(`fields of ${name} that are not looked at`)
    const message = `${name} has a field ${field.number} of wire type ${field.wire} that is not known here`
    this.facts.leaveUnread(message)
    this.note('pb-unknown-field', message, field)
    if (field.wire === LENGTH && field.to - field.from >= SHORTEST_MEMBER) this.#open(field, name)
  }

  /** Parsers keep unknown fields and pass over them, so a whole file can ride along in one; it is read as a member. */
  #open({ number, from, to }: WireField, name: string): void {
    if (++this.#opened > MOST_OPENED) return
    const source = sliceSource(this.source, from, to - from)
    this.#request.readMember({ name: `${name} field ${number} at ${from}`, source, at: from })
  }

  /** Checks that a packed run holds whole values, and counts them. @throws Fault `pb-length` */
  checkPacked(value: FieldValue): number {
    const { from, to, type } = value
    if (type.wire !== 0) {
      const width = type.wire === 1 ? 8 : 4
      if ((to - from) % width !== 0)
        throw stop('pb-length', `at ${from}: ${to - from} bytes of ${type.name}, no multiple of ${width}`)
      return (to - from) / width
    }
    this.cursor.seek(from)
    let count = 0
    while (this.cursor.at < to) {
      readVarint(this.cursor)
      count++
    }
    if (this.cursor.at > to) throw stop('pb-length', `at ${from}: the last number of ${type.name} is cut`)
    return count
  }
}

interface State {
  readonly name: string
  readonly type: MessageType
  readonly plan: Plan
  readonly fields: Fields
  readonly seen: Set<number>
  readonly depth: number
}

function checkWire({ at, wire }: WireField, type: FieldType, name: string): void {
  if (wire === type.wire || (type.packable && wire === LENGTH)) return
  throw stop('pb-wire-type', `at ${at}: ${name}.${type.name} has wire type ${wire} and not ${type.wire}`)
}
