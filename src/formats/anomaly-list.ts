/**
 * Collects the anomalies of one file, of each kind at most 32.
 *
 * A hostile file can be wrong a million times in the same way; the report needs the first few and the number.
 * Guarantee: at most 33 anomalies of each code, in the order in which they were first seen; the last of a cut code
 * says how many more there were.
 */
import type { Anomaly } from './facts.ts'

/** A stable anomaly code, what it means and whether the file cannot be read further for it. */
export interface AnomalyMeaning {
  readonly code: string
  /** Id of the format folder. */
  readonly format: string
  /** One sentence for the rule book. */
  readonly meaning: string
  /** True when the content is not understood for it: the reading cannot be `full`. */
  readonly breaks?: boolean
}

/** Where an anomaly is: a person's words, and the bytes. */
export interface AnomalyPlace {
  readonly locus: string
  readonly offset?: number
  readonly length?: number
}

const LISTED = 32

/** The breaking codes of each list of meanings. */
const BREAKING = new WeakMap<readonly AnomalyMeaning[], ReadonlySet<string>>()

/** See the module. */
export class AnomalyList<Code extends string> {
  readonly #listed: Anomaly[] = []
  readonly #counts = new Map<string, number>()
  readonly #breaking: ReadonlySet<string>
  #reason: string | undefined

  constructor(meanings: readonly (AnomalyMeaning & { readonly code: Code })[]) {
    this.#breaking = BREAKING.get(meanings) ?? new Set(meanings.filter(({ breaks }) => breaks).map(({ code }) => code))
    BREAKING.set(meanings, this.#breaking)
  }

  /** Notes an anomaly. */
  add(code: Code, message: string, place: AnomalyPlace): void {
    const count = (this.#counts.get(code) ?? 0) + 1
    this.#counts.set(code, count)
    if (this.#breaking.has(code)) this.#reason ??= message
    if (count <= LISTED) this.#listed.push({ code, message, ...place })
  }

  /** How often a code was noted. */
  count(code: Code): number {
    return this.#counts.get(code) ?? 0
  }

  /** The message of the first anomaly that breaks the reading, if there is one. */
  get reason(): string | undefined {
    return this.#reason
  }

  /** What was noted. */
  toArray(): readonly Anomaly[] {
    const cut = [...this.#counts].filter(([, count]) => count > LISTED)
    const rest = cut.map(([code, count]) => ({ code, message: `${count - LISTED} more of this kind`, locus: 'file' }))
    return [...this.#listed, ...rest]
  }
}
