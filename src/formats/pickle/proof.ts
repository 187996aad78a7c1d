/**
 * The proof object: what was shown of a pickle stream, in a form that another program can check.
 *
 * It binds the stream by its digest and the policy by its own, and lists every global with the position in which it
 * is used and the schema that its arguments met. `checker/` verifies it from the bytes without the engine.
 *
 * Payloads of more than 64 KiB (numbers of arrays, for the most part) are passed over by the engine and by the digest
 * alike: of them only the length takes part in the proof. The digest of the whole file stands in the manifest.
 */

/** A global in one position. */
export interface PickleUse {
  readonly module: string
  readonly name: string
  /** `value`, or the opcode that calls it. */
  readonly position: 'value' | 'REDUCE' | 'NEWOBJ' | 'NEWOBJ_EX' | 'BUILD'
  /** Schema that its arguments, or its state, met. */
  readonly schema: string
  readonly count: number
}

/** Where a proof failed first. */
export interface PickleFailure {
  /** Number of the opcode. */
  readonly op: number
  readonly name: string
  readonly offset: number
  /** What value is meant, as far as it can be said. */
  readonly value: string
  readonly reason: string
}

/** See the module. */
export interface PickleProof {
  /** Which stream of the file. */
  readonly locus: string
  readonly from: number
  readonly to: number
  /** SHA-256 of the bytes [from, to) without payloads of more than 64 KiB and without array bytes; absent when unproved. */
  readonly sha256?: string
  /** Policies that were needed; only `core` for `proved`. */
  readonly policies: readonly string[]
  /** Digest of the policies named. */
  readonly policyDigest: string
  /** Versions of libraries for which the policies were vetted. */
  readonly versions: readonly string[]
  readonly canonical: boolean
  readonly verdict: 'proved' | 'proved-under' | 'unproved' | 'hostile'
  readonly uses: readonly PickleUse[]
  readonly failing?: PickleFailure
}
