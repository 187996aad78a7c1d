/**
 * The listing of a pickle: opcodes, the globals they name, and what is out of place.
 */
import type { AnomalyList } from '../anomaly-list.ts'
import type { Budget } from '../budget.ts'
import type { ByteSource } from '../byte-source.ts'
import type { OpcodeFact, ReferenceFact } from '../facts.ts'
import { quoteName } from '../names.ts'
import type { PickleAnomaly } from './anomalies.ts'
import { describeArgument } from './arguments.ts'
import { isCanonical } from './canonical.ts'
import { findDanger } from './danger.ts'
import { Framing } from './framing.ts'
import { GlobalNames, isPlainName, type GlobalName } from './global-names.ts'
import { findRawPickle, NestedSearch, type NestedPickle } from './nested.ts'
import type { OpcodeStream } from './opcode-stream.ts'
import type { Opcode } from './opcodes.ts'

/** Opcodes that are listed; the others are counted. */
const MOST_LISTED = 10_000
const MOST_REFERENCES = 10_000
const LONGEST_DECODED = 1024 * 1024
const SHORTEST_NESTED = 4

/** What a listing needs. */
export interface ListingOptions {
  readonly source: ByteSource
  readonly budget: Budget
  readonly anomalies: AnomalyList<PickleAnomaly>
}

/** See the module. One listing for all streams of a file. */
export class Listing {
  readonly opcodes: OpcodeFact[] = []
  readonly references = new Map<string, ReferenceFact>()
  /** Opcodes of all streams. */
  count = 0
  /** Protocol of the first stream. */
  protocol = 0
  readonly #options: ListingOptions
  readonly #search = new NestedSearch()
  #saidExhausted = false

  constructor(options: ListingOptions) {
    this.#options = options
  }

  /** Lists one stream up to its STOP. @throws Fault whose code is an anomaly's where the stream breaks */
  listStream(stream: OpcodeStream): void {
    const framing = new Framing()
    const names = new GlobalNames()
    for (;;) {
      const opcode = stream.next()
      const misplaced = framing.follow(stream, opcode)
      if (misplaced !== undefined) this.#note(misplaced.code, misplaced.message, stream)
      this.#list(stream, opcode)
      const global = names.follow(stream)
      if (global !== undefined) this.#name(global, stream)
      if (opcode.kind !== 'none') this.#look(stream, opcode)
      this.count += 1
      if (opcode.name === 'PROTO' && this.count === 1) this.protocol = stream.value
      if (opcode.name === 'STOP') return
    }
  }

  #note(code: PickleAnomaly, message: string, { offset, end }: OpcodeStream): void {
    this.#options.anomalies.add(code, message, { locus: `op ${this.count}`, offset, length: end - offset })
  }

  #list(stream: OpcodeStream, opcode: Opcode): void {
    if (this.count % 64 === 0) this.#options.budget.spendItems(1)
    if (opcode.name === 'NEXT_BUFFER')
      this.#note('pkl-buffer', `an out-of-band buffer is taken at ${stream.offset}`, stream)
    if (this.opcodes.length >= MOST_LISTED) return
    const argument = describeArgument(stream)
    this.opcodes.push({ offset: stream.offset, name: opcode.name, ...(argument === undefined ? {} : { argument }) })
  }

  #name(global: GlobalName | null, stream: OpcodeStream): void {
    if (global === null)
      return this.#note('pkl-indirect-global', `the name of the global at ${stream.offset} is computed`, stream)
    const target = `${global.module}.${global.name}`
    const locus = `op ${this.count}`
    const known = this.references.has(target)
    if (!known && this.references.size < MOST_REFERENCES) this.references.set(target, { kind: 'global', target, locus })
    if (!isPlainName(global.module) || !isPlainName(global.name))
      this.#note('pkl-global-name', `${quoteName(target)} is no plain name`, stream)
    if (global.module === '__main__')
      this.#note('pkl-main', `${quoteName(target)} must be defined by whoever loads this`, stream)
    const danger = findDanger(global)
    if (danger !== undefined) this.#note(danger.code, `refers to ${quoteName(target)}: it ${danger.why}`, stream)
  }

  #look(stream: OpcodeStream, opcode: Opcode): void {
    if (opcode.kind === 'extension')
      this.#note('pkl-extension', `${opcode.name} at ${stream.offset} refers to code ${stream.value}`, stream)
    if (!isCanonical(stream)) {
      const code = opcode.kind === 'text' ? 'pkl-string' : 'pkl-number'
      this.#note(code, `the argument of ${opcode.name} at ${stream.offset} is not in canonical form`, stream)
    }
    if (opcode.kind === 'bytes' || opcode.kind === 'text') this.#lookInside(stream)
  }

  #lookInside(stream: OpcodeStream): void {
    const nested = this.#findNested(stream)
    if (this.#search.exhausted && !this.#saidExhausted) {
      this.#saidExhausted = true
      this.#note('pkl-nested', 'so many texts look like packed pickles that from here on not all are searched', stream)
    }
    if (nested === undefined) return
    const names = nested.globals.map(({ module, name }) => quoteName(`${module}.${name}`))
    const which = names.length === 0 ? 'it names no global' : `it names ${names.slice(0, 8).join(', ')}`
    this.#note('pkl-nested', `a pickle lies dormant (${nested.wrapping}) at ${stream.from}: ${which}`, stream)
  }

  #findNested(stream: OpcodeStream): NestedPickle | undefined {
    const length = stream.to - stream.from
    if (length < SHORTEST_NESTED) return undefined
    if (length > LONGEST_DECODED) return findRawPickle(this.#options.source, stream.from, stream.to)
    return this.#search.find(stream.payload(LONGEST_DECODED))
  }
}
