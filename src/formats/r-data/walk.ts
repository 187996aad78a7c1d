/**
 * Walks serialised R data: what R would build from it, without building anything.
 *
 * Numbers, texts, lists and tables are data. A promise is evaluated when it is looked at; a function when it is called;
 * both are noted, with the names of what they call. Guarantee: nesting is bounded, long lists are walked in a loop, and
 * every item costs one of the budget.
 *
 * Source: `serialize.c` of R 4; CVE-2024-27322 for promises.
 */
import { Fault } from '../../base/index.ts'
import type { FactCollector } from '../fact-collector.ts'
import { quoteName } from '../names.ts'
import type { ReadRequest } from '../reader.ts'
import type { RDataAnomaly } from './anomalies.ts'
import type { RInput } from './input.ts'
import { CONSTANTS, NUMBER_BYTES, parseFlags, T, type Flags } from './types.ts'

/** Deeper than any expression that people write; each level costs a few frames of the stack. */
const DEEPEST = 512
const KEPT_TEXT = 256
const MOST_CALLS = 64

/** What items are for, when it matters. */
type Purpose = 'data' | 'code'

/** See the module. */
export class RWalk {
  readonly #request: ReadRequest
  readonly #facts: FactCollector<RDataAnomaly>
  readonly #input: RInput
  /** Names of symbols in the table of references; other items have none. */
  readonly #references: (string | undefined)[] = []
  readonly #calls = new Set<string>()

  constructor(request: ReadRequest, facts: FactCollector<RDataAnomaly>, input: RInput) {
    this.#request = request
    this.#facts = facts
    this.#input = input
  }

  /** Takes one item whole and gives the name of a symbol or text. @throws Fault `rda-…`, `budget-…` */
  item(depth = 0, purpose: Purpose = 'data'): string | undefined {
    return this.#take(parseFlags(this.#input.int()), depth, purpose)
  }

  #take(flags: Flags, depth: number, purpose: Purpose): string | undefined {
    if (depth > DEEPEST) throw new Fault('budget-depth', `nested deeper than ${DEEPEST} levels`)
    this.#request.budget.spendItems()
    const { type } = flags
    if (CONSTANTS.has(type)) return undefined
    if (type === T.reference) return this.#reference(flags)
    if (type === T.symbol) return this.#remember(this.item(depth + 1))
    if (type === T.character) return this.#character(flags, depth)
    if (type === T.list || type === T.call || type === T.dots) this.#pairs(flags, depth, purpose)
    else if (type === T.closure || type === T.promise) this.#code(flags, depth)
    else this.#other(flags, depth, purpose)
    return undefined
  }

  #remember(name?: string): string | undefined {
    this.#references.push(name)
    return name
  }

  #reference({ packed }: Flags): string | undefined {
    const at = this.#input.at
    const index = packed === 0 ? this.#input.int() : packed
    if (index < 1 || index > this.#references.length)
      throw new Fault('rda-item', `a reference to item ${index} of ${this.#references.length}`, {
        details: { offset: at },
      })
    return this.#references[index - 1]
  }

  #character({ hasAttributes }: Flags, depth: number): string | undefined {
    const length = this.#input.int()
    const text = length < 0 ? undefined : this.#input.text(length, KEPT_TEXT)
    if (hasAttributes) this.item(depth + 1)
    return text
  }

  #note(code: RDataAnomaly, message: string): void {
    this.#facts.anomalies.add(code, message, { locus: 'stream', offset: this.#input.at })
  }

  /** A list or a call, item after item. */
  #pairs(first: Flags, depth: number, purpose: Purpose): void {
    let flags = first
    for (;;) {
      if (flags.hasAttributes) this.item(depth + 1)
      if (flags.hasTag) this.item(depth + 1)
      const name = this.item(depth + 1, purpose)
      if (flags.type === T.call && purpose === 'code' && name !== undefined) this.#call(name)
      flags = parseFlags(this.#input.int())
      if (flags.type !== T.list && flags.type !== T.dots && flags.type !== T.call)
        return void this.#take(flags, depth + 1, purpose)
      this.#request.budget.spendItems()
      if (flags.type === T.call) return void this.#take(flags, depth + 1, purpose)
    }
  }

  #call(name: string): void {
    if (this.#calls.size < MOST_CALLS) this.#calls.add(name)
  }

  /** A function: environment, arguments, body. A promise: environment, value, expression. */
  #code({ type, hasAttributes, hasTag }: Flags, depth: number): void {
    if (type === T.closure) this.#note('rda-closure', 'a function')
    else this.#note('rda-promise', 'a promise')
    if (hasAttributes) this.item(depth + 1)
    if (hasTag) this.item(depth + 1)
    this.item(depth + 1, 'code')
    this.item(depth + 1, 'code')
  }

  #other(flags: Flags, depth: number, purpose: Purpose): void {
    const { type } = flags
    if (type === T.environment) return this.#environment(depth)
    if (type === T.namespace || type === T.package || type === T.persistent) return this.#named(type, depth)
    if (type === T.alternative) return this.#several(3, depth)
    this.#attributable(flags, depth, purpose)
    if (flags.hasAttributes) this.item(depth + 1)
  }

  /** What may have attributes behind it. */
  #attributable(flags: Flags, depth: number, purpose: Purpose): void {
    const { type } = flags
    if (type === T.bytecode) this.#bytecode(depth)
    else if (type === T.pointer || type === T.weakReference) this.#active(type, depth)
    else if (type === T.special || type === T.builtin) this.#builtin(purpose)
    else if (type !== T.object) this.#vector(flags, depth, purpose)
  }

  #several(count: number, depth: number): void {
    for (let i = 0; i < count; i++) this.item(depth + 1)
  }

  #environment(depth: number): void {
    this.#remember()
    this.#input.int()
    this.#several(4, depth)
  }

  #named(type: number, depth: number): void {
    if (type === T.persistent) this.#note('rda-active', 'an item that a hook of the loading program must supply')
    this.#input.int()
    const count = this.#length()
    const names = Array.from({ length: Math.min(count, 2) }, () => this.item(depth + 1) ?? '')
    for (let i = names.length; i < count; i++) this.item(depth + 1)
    this.#remember()
    this.#facts.reference({ kind: 'class', target: names[0] ?? '', locus: `package at ${this.#input.at}` })
  }

  #active(type: number, depth: number): void {
    this.#remember()
    this.#note('rda-active', type === T.pointer ? 'an external pointer' : 'a weak reference')
    if (type === T.pointer) this.#several(2, depth)
  }

  #builtin(purpose: Purpose): void {
    const name = this.#input.text(this.#length(), KEPT_TEXT)
    if (purpose === 'code') this.#call(name)
    else this.#facts.reference({ kind: 'class', target: name, locus: `built-in at ${this.#input.at}` })
  }

  #length(): number {
    const at = this.#input.at
    const short = this.#input.int()
    const length = short === -1 ? this.#input.int() * 2 ** 32 + (this.#input.int() >>> 0) : short
    if (length < 0 || !Number.isSafeInteger(length))
      throw new Fault('rda-length', `a length of ${length} at ${at}`, { details: { offset: at } })
    return length
  }

  #vector({ type }: Flags, depth: number, purpose: Purpose): void {
    const bytes = NUMBER_BYTES.get(type)
    const at = this.#input.at
    if (bytes !== undefined) this.#input.skipNumbers(this.#length(), bytes)
    else if (type === T.raw) this.#input.skipRaw(this.#length())
    else if (type === T.strings || type === T.vector || type === T.expression) {
      const count = this.#length()
      for (let i = 0; i < count; i++) this.item(depth + 1, purpose)
    } else throw new Fault('rda-item', `an item of type ${type} at ${at}`, { details: { offset: at } })
  }

  #bytecode(depth: number): void {
    this.#note('rda-bytecode', 'compiled code')
    this.#input.int()
    this.#compiled(depth)
  }

  #compiled(depth: number): void {
    this.item(depth + 1)
    const count = this.#input.int()
    for (let i = 0; i < count; i++) {
      const type = this.#input.int()
      if (type === T.bytecode) this.#compiled(depth + 1)
      else this.#constant(type, depth + 1)
    }
  }

  /** A constant of compiled code; expressions among them are written in a way of their own. */
  #constant(type: number, depth: number): string | undefined {
    if (depth > DEEPEST) throw new Fault('budget-depth', `nested deeper than ${DEEPEST} levels`)
    if (type === T.repetition) return void this.#input.int()
    if (type === T.repeated) {
      this.#input.int()
      return this.#constant(this.#input.int(), depth + 1)
    }
    const hasAttributes = type === T.attributedCall || type === T.attributedList
    if (!hasAttributes && type !== T.call && type !== T.list) return this.item(depth + 1, 'code')
    this.#request.budget.spendItems()
    if (hasAttributes) this.item(depth + 1)
    this.item(depth + 1)
    const name = this.#constant(this.#input.int(), depth + 1)
    if (name !== undefined && (type === T.call || type === T.attributedCall)) this.#call(name)
    this.#constant(this.#input.int(), depth + 1)
    return undefined
  }

  /** Says what was called, and by which names. */
  finish(): void {
    for (const name of this.#calls) this.#facts.reference({ kind: 'class', target: name.toWellFormed(), locus: 'call' })
    const names = [...this.#calls]
      .slice(0, 16)
      .map((name) => quoteName(name))
      .join(', ')
    if (names !== '') this.#facts.metadata({ key: 'calls', type: 'string', value: names })
  }
}
