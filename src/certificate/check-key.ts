/**
 * Which key is said to have signed, is it one that the caller trusts, and did it?
 *
 * A bundle only names its key. Without a key from outside, a signature proves that somebody signed; that is refused and
 * not called a result.
 */
import { Fault } from '../base/index.ts'
import type { Bundle } from './bundle.ts'
import type { Cryptography } from './cryptography.ts'
import { nameKey, readPublicKey, type KeyNames, type PublicKey } from './public-key.ts'
import { held, skipped, type Outcome } from './report.ts'
import { findSigned } from './signed-content.ts'

/** A key that the caller trusts, and from when until when (ms since 1970, inclusive). */
export interface TrustedKey {
  readonly publicKeyPem: string
  readonly validFrom?: number
  readonly validUntil?: number
  /** From when others may have it: what it signed holds only when a trusted time says that it was before. */
  readonly compromisedFrom?: number
  /** True when what it signed holds only with a trusted time, whatever the time. */
  readonly needsTime?: boolean
  /** Types of statements that it may sign; any when absent. */
  readonly predicateTypes?: readonly string[]
}

/** The trusted key that the bundle names. */
export interface ChosenKey {
  readonly key: PublicKey
  readonly names: KeyNames
  readonly trust: TrustedKey
}

async function readKeys(trusted: readonly TrustedKey[], cryptography: Cryptography): Promise<readonly ChosenKey[]> {
  return Promise.all(
    trusted.map(async (trust) => {
      const key = readPublicKey(trust.publicKeyPem)
      return { key, names: await nameKey(key, cryptography), trust }
    }),
  )
}

function findKey(bundle: Bundle, keys: readonly ChosenKey[]): ChosenKey {
  const { hint, logEntries, timestamps } = bundle
  if (hint !== undefined) {
    const named = keys.find(({ names }) => hint === names.keyId || hint === names.derHint)
    if (named !== undefined) return named
    const known = keys.map(({ names }) => names.keyId).join(', ')
    throw new Fault(
      'hint',
      `the bundle names the key "${hint.slice(0, 64)}", which is not trusted here (trusted: ${known})`,
    )
  }
  const [only] = keys
  if (only === undefined || keys.length > 1 || logEntries.length + timestamps.length > 0)
    throw new Fault('hint', 'the bundle names no key; that is taken only for a bare signature and one trusted key')
  return only
}

/** Finds the key. @throws Fault `key-missing`, `key-unreadable`, `hint`, `keyid` */
export async function checkKey(
  bundle: Bundle,
  trusted: readonly TrustedKey[],
  cryptography: Cryptography,
): Promise<Outcome<ChosenKey>> {
  if (trusted.length === 0)
    throw new Fault(
      'key-missing',
      'no public key was given; get the issuer’s key from the issuer and verify against it',
    )
  const chosen = findKey(bundle, await readKeys(trusted, cryptography))
  const { keyId, derHint, ssh } = chosen.names
  const keyid = bundle.content.kind === 'envelope' ? bundle.content.keyid : ''
  if (!['', keyId, derHint, ssh].includes(keyid))
    throw new Fault('keyid', `the envelope names the key "${keyid.slice(0, 64)}", the bundle ${keyId}`)
  return held(`P-256 key ${keyId}`, chosen)
}

/**
 * Verifies the signature over what was signed; skipped for a bare signature over a file that is not at hand.
 *
 * @throws Fault `signature`
 */
export async function checkSignature(
  bundle: Bundle,
  { key }: ChosenKey,
  { blobs, cryptography }: { readonly blobs: readonly Uint8Array[]; readonly cryptography: Cryptography },
): Promise<Outcome> {
  const signed = await findSigned(bundle, blobs, cryptography)
  if (signed === undefined)
    return skipped('signed-file-missing', 'a bare signature over a file; without the file it cannot be verified')
  if (!(await cryptography.verifyP256(key.point, bundle.rawSignature, signed)))
    throw new Fault('signature', `the key did not sign these ${signed.length} bytes`)
  return held(`ECDSA P-256 with SHA-256 over ${signed.length} bytes`, undefined)
}
