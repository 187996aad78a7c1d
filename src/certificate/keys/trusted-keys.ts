/**
 * A keyring as the list of trusted keys that the verifier of bundles takes.
 *
 * Each carries what the list alone cannot say: the predicate types that it may sign, and whether it holds only with a
 * trusted time. A revoked key ends just before the time from which it is revoked.
 */
import type { TrustedKey } from '../check-key.ts'
import type { Keyring, KeyringKey } from './keyring.ts'

/** A trusted key with the limits of its role. */
export interface RestrictedKey extends TrustedKey {
  /** Types of statements that it may sign; of any other its signature counts for nothing. */
  readonly predicateTypes: readonly string[]
  /** True when its signatures hold only with a timestamp or a log time: it is revoked from some time on. */
  readonly needsTime: boolean
  readonly role: KeyringKey['role']
  readonly unit?: string
}

function endOf({ validUntil = Infinity, revoked }: KeyringKey): { readonly validUntil?: number } {
  const end = Math.min(validUntil, (revoked?.from ?? Infinity) - 1)
  return end === Infinity ? {} : { validUntil: end }
}

/** The keys of a keyring that sign statements. */
export function trustedKeysOf({ keys }: Keyring): readonly RestrictedKey[] {
  const signing = keys.filter(({ predicateTypes }) => predicateTypes.length > 0)
  return signing.map((key) => ({
    publicKeyPem: key.publicKeyPem,
    validFrom: key.validFrom,
    ...endOf(key),
    predicateTypes: key.predicateTypes,
    needsTime: key.revoked !== undefined,
    role: key.role,
    ...(key.unit === undefined ? {} : { unit: key.unit }),
  }))
}
