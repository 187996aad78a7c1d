/**
 * Byte accounting: does every byte of a file belong to exactly one structure?
 *
 * A reader says which range of the file each structure owns; here it is proved that the ranges together are the
 * whole file and nothing twice. What polyglots, appended payloads, overlap bombs and parser differentials have in
 * common is a byte that no structure, or more than one, lays claim to (design: 7.2f).
 *
 * Guarantee: `complete` is true only when the union of the claims is [0, size), no two claims overlap and padding is
 * zeros or spaces. Cost: one pass when the claims come in order, one sort otherwise.
 */
import { AnomalyList } from './anomaly-list.ts'
import type { ByteSource } from './byte-source.ts'
import type { Anomaly, Claim } from './facts.ts'
import { ANOMALIES } from './general-anomalies.ts'

const CHUNK = 64 * 1024
const ZERO = 0x00
const SPACE = 0x20

/** What the accounting came to. */
export interface Accounting {
  readonly complete: boolean
  readonly anomalies: readonly Anomaly[]
}

function precedes(a: Claim, b: Claim): number {
  return a.from - b.from || a.to - b.to
}

function inOrder(claims: readonly Claim[]): readonly Claim[] {
  for (let i = 1; i < claims.length; i++) {
    if (precedes(claims[i - 1] as Claim, claims[i] as Claim) > 0) return claims.toSorted(precedes)
  }
  return claims
}

function describe({ role, name }: Claim): string {
  return name === undefined ? role : `${role} ${JSON.stringify(name.toWellFormed())}`
}

class Ledger {
  readonly anomalies = new AnomalyList(ANOMALIES)
  readonly #source: ByteSource
  /** Everything before this offset is claimed. */
  #claimed = 0
  complete = true

  constructor(source: ByteSource) {
    this.#source = source
  }

  #object(code: 'bytes-unclaimed' | 'bytes-claimed-twice', from: number, to: number): void {
    const what = code === 'bytes-unclaimed' ? 'belong to no structure' : 'are claimed twice'
    this.complete = false
    this.anomalies.add(code, `${to - from} bytes from ${from} ${what}`, {
      locus: `bytes ${from} to ${to}`,
      offset: from,
      length: to - from,
    })
  }

  #isInside({ from, to }: Claim): boolean {
    return Number.isSafeInteger(from) && Number.isSafeInteger(to) && 0 <= from && from <= to && to <= this.#source.size
  }

  take(claim: Claim): void {
    if (!this.#isInside(claim)) return this.#refuse(claim)
    if (claim.from === claim.to) return
    if (claim.from > this.#claimed) this.#object('bytes-unclaimed', this.#claimed, claim.from)
    if (claim.from < this.#claimed) {
      this.#object('bytes-claimed-twice', claim.from, Math.min(claim.to, this.#claimed))
    }
    this.#claimed = Math.max(this.#claimed, claim.to)
    if (claim.role === 'padding') this.#checkPadding(claim)
  }

  #refuse(claim: Claim): void {
    this.complete = false
    const message = `${describe(claim)} claims bytes ${claim.from} to ${claim.to} of a file of ${this.#source.size}`
    this.anomalies.add('bytes-outside', message, { locus: describe(claim) })
  }

  #checkPadding(claim: Claim): void {
    for (let at = claim.from; at < claim.to; at += CHUNK) {
      const bytes = this.#source.read(at, Math.min(CHUNK, claim.to - at))
      const odd = bytes.findIndex((byte) => byte !== ZERO && byte !== SPACE)
      if (odd < 0) continue
      this.complete = false
      const message = `padding from ${claim.from} to ${claim.to} holds byte ${bytes[odd]} at ${at + odd}`
      return this.anomalies.add('padding-not-zero', message, { locus: describe(claim), offset: at + odd, length: 1 })
    }
  }

  close(): void {
    if (this.#claimed < this.#source.size) this.#object('bytes-unclaimed', this.#claimed, this.#source.size)
  }
}

/**
 * Proves that the claims cover the file exactly, or says where they do not.
 *
 * @param claims in any order; claims of no bytes are passed over
 * @param source the file itself; only its padding is read
 * @throws Fault what reading the padding throws
 */
export function accountFor(claims: readonly Claim[], source: ByteSource): Accounting {
  const ledger = new Ledger(source)
  for (const claim of inOrder(claims)) ledger.take(claim)
  ledger.close()
  return { complete: ledger.complete, anomalies: ledger.anomalies.toArray() }
}
