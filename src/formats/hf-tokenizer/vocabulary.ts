/**
 * A vocabulary while it is read: which token has which id, and whether two share one.
 *
 * Tokens of half a million are held as one map; ids are checked against it only where two claims about an id or a
 * token can contradict: among themselves, and between the added tokens and the rest.
 */
import type { AnomalyList } from '../anomaly-list.ts'
import { quoteName } from '../names.ts'
import type { TokenizerAnomaly } from './anomalies.ts'

/** See the module. */
export class Vocabulary {
  readonly #ids = new Map<string, number>()
  readonly #seen = new Set<number>()
  readonly #anomalies: AnomalyList<TokenizerAnomaly>
  #largest = -1

  constructor(anomalies: AnomalyList<TokenizerAnomaly>) {
    this.#anomalies = anomalies
  }

  /** Number of different tokens. */
  get size(): number {
    return this.#ids.size
  }

  /** The largest id, -1 when there is none. */
  get largest(): number {
    return this.#largest
  }

  /** True when the token is known. */
  has(token: string): boolean {
    return this.#ids.has(token)
  }

  /** Adds a token with its id. @param locus where it stands */
  add(token: string, id: unknown, locus: string): void {
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0) {
      return this.#anomalies.add('tok-bad-id', `the token ${quoteName(token)} has no whole number as its id`, { locus })
    }
    if (this.#ids.has(token))
      this.#anomalies.add('tok-duplicate-token', `the token ${quoteName(token)} stands twice`, { locus })
    if (this.#seen.has(id))
      this.#anomalies.add('tok-duplicate-id', `the id ${id} of ${quoteName(token)} was given before`, { locus })
    this.#ids.set(token, id)
    this.#seen.add(id)
    this.#largest = Math.max(this.#largest, id)
  }

  /** Checks added tokens against the vocabulary: the same token has the same id, and another has another. */
  checkAdded(added: ReadonlyMap<string, number>): void {
    const foreign = new Map<number, string>()
    for (const [token, id] of added) {
      const known = this.#ids.get(token)
      if (known !== undefined && known !== id)
        this.#remapped(`${quoteName(token)} is ${id} among the added tokens and ${known} in the vocabulary`)
      if (known === undefined && this.#seen.has(id)) foreign.set(id, token)
      this.#largest = Math.max(this.#largest, id)
    }
    if (foreign.size === 0) return
    for (const [token, id] of this.#ids) {
      const other = foreign.get(id)
      if (other !== undefined)
        this.#remapped(
          `the id ${id} is ${quoteName(other)} among the added tokens and ${quoteName(token)} in the vocabulary`,
        )
    }
  }

  #remapped(message: string): void {
    this.#anomalies.add('tok-remapped', message, { locus: '/added_tokens' })
  }
}
