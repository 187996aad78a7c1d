/**
 * Pickles that are parts of a file, gathered into the facts of that file.
 *
 * A torch archive holds a pickle in a record, a legacy torch file five one after another, an array of objects one behind
 * its header. Each keeps its own proof; opcodes are listed together, up to the limit that holds for a bare pickle; places
 * name the part first.
 */
import type { FactCollector } from '../fact-collector.ts'
import type { FileFacts, OpcodeFact } from '../facts.ts'
import type { PickleAnomaly } from './anomalies.ts'
import type { PickleAnalysis, PickleProof } from './engine/index.ts'

const MOST_LISTED = 10_000

/** Where a part stands. */
export interface PicklePlace {
  /** For a person: `data.pkl`, `stream 3`. */
  readonly part: string
  /** Offset in the file of the first byte of the source that was analysed; undefined when the part was unpacked. */
  readonly shift: number | undefined
}

/** A proof in terms of the file; of a part that was unpacked, offsets are those within it. */
function placeProof({ failing, from, to, ...proof }: PickleProof, locus: string, shift: number): PickleProof {
  const placed = { ...proof, locus, from: from + shift, to: to + shift }
  return failing === undefined ? placed : { ...placed, failing: { ...failing, offset: failing.offset + shift } }
}

/** See the module. */
export class PickleParts {
  readonly #facts: FactCollector<PickleAnomaly>
  readonly #listed: OpcodeFact[] = []
  readonly #proofs: PickleProof[] = []
  #count = 0
  #unproved: string | undefined

  constructor(facts: FactCollector<PickleAnomaly>) {
    this.#facts = facts
  }

  /** Adds what was found in one part. */
  add(analysis: PickleAnalysis, { part, shift }: PicklePlace): void {
    const place = ({ offset, length }: { readonly offset?: number; readonly length?: number }): object =>
      shift === undefined || offset === undefined
        ? {}
        : { offset: offset + shift, ...(length === undefined ? {} : { length }) }
    for (const { code, message, locus, ...where } of analysis.anomalies)
      this.#facts.anomalies.add(code as PickleAnomaly, message, { locus: `${part}: ${locus}`, ...place(where) })
    for (const { locus, ...reference } of analysis.references)
      this.#facts.reference({ ...reference, locus: `${part}: ${locus}` })
    const { count, listed } = analysis.opcodes
    this.#count += count
    for (const opcode of listed.slice(0, Math.max(0, MOST_LISTED - this.#listed.length)))
      this.#listed.push({ ...opcode, offset: opcode.offset + (shift ?? 0) })
    this.#proofs.push(placeProof(analysis.proof, part, shift ?? 0))
    if (analysis.verdict === 'unproved' || analysis.verdict === 'hostile')
      this.#unproved ??= `${part}: ${analysis.proof.failing?.reason ?? 'not proved inert'}`
  }

  /** How the file was read when not every part was proved; nothing when it was. */
  get doubt(): { readonly reading?: 'listed'; readonly reason?: string } {
    return this.#unproved === undefined ? {} : { reading: 'listed', reason: this.#unproved }
  }

  /** Opcodes and proofs of all parts, for the facts of the file; nothing when there are none. */
  finish(): Pick<FileFacts, 'opcodes' | 'proofs'> {
    if (this.#proofs.length === 0) return {}
    return { opcodes: { count: this.#count, listed: this.#listed }, proofs: this.#proofs }
  }
}
