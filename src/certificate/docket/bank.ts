/**
 * The sealed bank: more probes than any test asks, fixed by one root before anyone announces a test.
 *
 * A probe is shown only when it was drawn, with the proof that it is the one at its position of the bank. A leaf holds a
 * salt beside the probe, or short probes could be guessed from the hashes in a proof.
 *
 * Source: the Merkle tree of RFC 6962.
 */
import { canonicalJson, Fault } from '../../base/index.ts'
import type { Cryptography } from '../cryptography.ts'
import { equalBytes, decodeHex, toHex, toUtf8 } from '../encoding.ts'
import { hashLeaf, hashNode, rootOfProof } from '../inclusion.ts'

/** One probe of the bank. */
export interface Probe {
  /** 32 random bytes, hex. */
  readonly salt: string
  readonly text: string
}

/** A shown probe and the proof of where it is. */
export interface ShownProbe {
  readonly probe: Probe
  readonly position: number
  /** From the leaf upwards, hex. */
  readonly proof: readonly string[]
}

/** What was published of a bank. */
export interface BankSeal {
  readonly root: string
  readonly size: number
}

function hashProbe({ salt, text }: Probe, cryptography: Cryptography): Promise<Uint8Array> {
  return hashLeaf(toUtf8(canonicalJson({ salt, text })), cryptography)
}

/** A bank whose probes are at hand. */
export class SealedBank {
  readonly #probes: readonly Probe[]
  /** Hashes level by level, the leaves first; the last of an odd level goes up as it is. */
  readonly #levels: readonly (readonly Uint8Array[])[]

  private constructor(probes: readonly Probe[], levels: readonly (readonly Uint8Array[])[]) {
    this.#probes = probes
    this.#levels = levels
  }

  /** Seals probes. @throws Fault `bank-empty` */
  static async seal(probes: readonly Probe[], cryptography: Cryptography): Promise<SealedBank> {
    if (probes.length === 0) throw new Fault('bank-empty', 'a bank needs at least one probe')
    let level = await Promise.all(probes.map((probe) => hashProbe(probe, cryptography)))
    const levels = [level]
    while (level.length > 1) {
      const below = level
      const pairs = below.filter((_, index) => index % 2 === 0)
      level = await Promise.all(
        pairs.map((left, pair) => {
          const right = below[2 * pair + 1]
          return right === undefined ? Promise.resolve(left) : hashNode(left, right, cryptography)
        }),
      )
      levels.push(level)
    }
    return new SealedBank(probes, levels)
  }

  /** What is published. */
  get published(): BankSeal {
    const root = this.#levels.at(-1)?.[0] ?? new Uint8Array(32)
    return { root: toHex(root), size: this.#probes.length }
  }

  /** Shows the probe at a position. @throws Fault `bank-position` */
  show(position: number): ShownProbe {
    const probe = this.#probes[position]
    if (probe === undefined) throw new Fault('bank-position', `the bank has no position ${position}`)
    const siblings = this.#levels.map((level, height) => level[(Math.floor(position / 2 ** height) ^ 1) >>> 0])
    return { probe, position, proof: siblings.flatMap((hash) => (hash === undefined ? [] : [toHex(hash)])) }
  }
}

/** Checks that a shown probe is the one at its position of the sealed bank. @throws Fault `probe-not-in-bank`, `inclusion`, `hex` */
export async function checkProbe(
  { probe, position, proof }: ShownProbe,
  { root, size }: BankSeal,
  cryptography: Cryptography,
): Promise<void> {
  if (!Number.isSafeInteger(position) || position < 0)
    throw new Fault('inclusion', `the position ${position} is outside a bank of ${size} probes`)
  const hashes = proof.map((hash) => decodeHex(hash, 'proof'))
  const inclusion = { index: BigInt(position), size: BigInt(size), hashes }
  const found = await rootOfProof(await hashProbe(probe, cryptography), inclusion, cryptography)
  if (!equalBytes(found, decodeHex(root, 'root')))
    throw new Fault('probe-not-in-bank', `the probe is not the one at position ${position} of the sealed bank`)
}
