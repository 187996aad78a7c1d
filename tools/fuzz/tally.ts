/**
 * What a run has seen: how deep streams went, and that nothing was left out.
 */
import { OPCODE_BY_BYTE, OPCODES } from '../../src/formats/pickle/opcodes.ts'
import type { Stream } from './generate.ts'
import type { Outcomes } from './oracles.ts'
import type { Statement } from './subject.ts'

/** See the module. */
export class Tally {
  streams = 0
  finished = 0
  canonical = 0
  proved = 0
  ambiguous = 0
  differing = 0
  resolving = 0
  crashed = 0
  bytes = 0
  readonly opcodes = new Set<string>()
  readonly #kinds = new Map<string, number>()

  /** Counts a violation of a kind; gives how many there were of it. */
  countKind(kind: string): number {
    const count = (this.#kinds.get(kind) ?? 0) + 1
    this.#kinds.set(kind, count)
    return count
  }

  /** How many violations of each kind. */
  get kinds(): ReadonlyMap<string, number> {
    return this.#kinds
  }

  add({ bytes }: Stream, statement: Statement, outcomes: Outcomes): void {
    const all = [...outcomes.values()]
    this.streams += 1
    this.bytes += bytes.length
    if (all.every(({ finished }) => finished)) this.finished += 1
    if (all.some(({ finished }) => finished !== all[0]?.finished)) this.differing += 1
    if (all.some(({ globals }) => globals.length > 0)) this.resolving += 1
    if (all.some(({ result }) => result === 'crashed')) this.crashed += 1
    if (statement.canonical) this.canonical += 1
    if (statement.proved) this.proved += 1
    if (statement.ambiguous) this.ambiguous += 1
    for (const byte of bytes) {
      const name = OPCODE_BY_BYTE[byte]?.name
      if (name !== undefined) this.opcodes.add(name)
    }
  }

  /** One line for a person. */
  describe(seconds: number): string {
    const share = (count: number): string => `${((100 * count) / Math.max(1, this.streams)).toFixed(1)} %`
    return [
      `${this.streams} streams in ${seconds.toFixed(0)} s (${(this.streams / seconds).toFixed(0)}/s)`,
      `${share(this.finished)} load everywhere`,
      `${share(this.resolving)} resolve a global`,
      `${share(this.differing)} load here and fail there`,
      `${share(this.canonical)} canonical`,
      `${share(this.proved)} proved`,
      `${this.crashed} crashes`,
      `${this.opcodes.size} of ${OPCODES.length} opcodes`,
    ].join(', ')
  }
}
