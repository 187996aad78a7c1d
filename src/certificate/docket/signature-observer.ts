/**
 * Holds each register leaf of a log against the entry of the statement that it speaks of.
 *
 * Whoever can write the database of a log could put a leaf there in the name of an issuer who never said it. So the entry
 * that the leaf names must stand just before it, as whoever says something appends both together; it must be over what the
 * leaf says was signed, by the key that the leaf names, and that signature must hold.
 *
 * Guarantee: it keeps a few entries, whatever the length of the log, and throws nothing whatever the leaves hold.
 */
import { isFault, sha256 } from '../../base/index.ts'
import { toHex } from '../encoding.ts'
import { readSignedLeaf, type SignedLeaf } from '../log-request.ts'
import { writePem } from '../public-key.ts'
import { isRegisterLeaf, type DocketAlarm, type ObservedLeaf } from './observer.ts'
import { readRegisterLeaf } from './register-leaf.ts'
import type { RegisterLeafSpec } from '../statements/types/register-leaf.ts'

/** What does not fit. */
export interface SignatureAlarm extends Omit<DocketAlarm, 'code'> {
  readonly code: 'entry-missing' | 'entry-mismatch' | 'entry-signer' | 'entry-signature'
}

/** Entries before a register leaf among which its own is looked for. */
const KEPT = 16

/** See the module. It has the form of the observers of `log/monitor`. */
export class SignatureObserver {
  readonly name = 'signatures'
  /** Leaves as base64 by their hash, the newest last; all are entries of statements. */
  readonly #entries: Map<string, string>

  /** Begins with the first leaf, or goes on from what {@link save} gave. */
  constructor(saved?: string) {
    this.#entries = new Map(saved === undefined ? [] : (JSON.parse(saved) as [string, string][]))
  }

  /** What it needs to go on from here. */
  save(): string {
    return JSON.stringify([...this.#entries])
  }

  /** Takes the next leaf of the log. */
  observe({ index, data, leafHash }: ObservedLeaf): readonly SignatureAlarm[] {
    if (!isRegisterLeaf(data)) {
      this.#keep(toHex(leafHash), data)
      return []
    }
    try {
      const spec = readRegisterLeaf(data)
      const wrong = this.#judge(spec)
      return wrong === undefined ? [] : [{ ...wrong, index, modelId: spec.modelId }]
    } catch (thrown) {
      if (isFault(thrown)) return [] // malformed leaves are told by who follows the dockets
      throw thrown
    }
  }

  #keep(hash: string, data: Uint8Array): void {
    if (data.length > KEPT_BYTES) return
    this.#entries.delete(hash)
    this.#entries.set(hash, Buffer.from(data).toString('base64'))
    const [oldest] = this.#entries.keys()
    if (this.#entries.size > KEPT && oldest !== undefined) this.#entries.delete(oldest)
  }

  #judge({ entry, statement, issuer }: RegisterLeafSpec): Pick<SignatureAlarm, 'code' | 'message'> | undefined {
    const kept = this.#entries.get(entry)
    if (kept === undefined)
      return { code: 'entry-missing', message: `the entry ${entry} of its statement does not stand before it` }
    const signed = readEntry(Buffer.from(kept, 'base64'))
    if (signed === undefined || !signed.holds)
      return { code: 'entry-signature', message: `the entry ${entry} holds no signature that is valid` }
    if (signed.digest !== statement)
      return {
        code: 'entry-mismatch',
        message: `the entry ${entry} is over ${signed.digest}, the leaf says ${statement}`,
      }
    if (signed.keyId !== issuer)
      return {
        code: 'entry-signer',
        message: `the entry ${entry} is by the key ${signed.keyId}, the leaf says ${issuer}`,
      }
    return undefined
  }
}

/** An entry of a statement has about 500 bytes. */
const KEPT_BYTES = 2_048

function readEntry(
  data: Uint8Array,
): (Omit<SignedLeaf, 'spki' | 'digest'> & { digest: string; keyId: string }) | undefined {
  try {
    const { digest, spki, holds } = readSignedLeaf(data)
    return { digest: toHex(digest), keyId: sha256(writePem(spki)), holds }
  } catch (thrown) {
    if (isFault(thrown)) return undefined
    throw thrown
  }
}
