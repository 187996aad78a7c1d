/**
 * A keyring as the list of trusted keys that the verifier of bundles takes.
 *
 * Role, window and revocation go with each key. A key that has ended, or is revoked from some time on, holds only with a
 * trusted time: its holder may be nobody any more, and whoever found it would date back. So the verifier says of each
 * signature what `mayIssue` says.
 */
import type { TrustedKey } from '../check-key.ts'
import type { Keyring } from './keyring.ts'

/** The keys of a keyring that sign statements, as they are to be trusted at `now` (ms since 1970). */
export function trustedKeysOf({ keys }: Keyring, now: number): readonly TrustedKey[] {
  const signing = keys.filter(({ predicateTypes }) => predicateTypes.length > 0)
  return signing.map(({ publicKeyPem, predicateTypes, validFrom, validUntil, revoked }) => ({
    publicKeyPem,
    predicateTypes,
    validFrom,
    ...(validUntil === undefined ? {} : { validUntil }),
    ...(revoked === undefined ? {} : { compromisedFrom: revoked.from }),
    needsTime: revoked !== undefined || now < validFrom || now > (validUntil ?? Infinity),
  }))
}
