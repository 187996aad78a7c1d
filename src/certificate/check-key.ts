/**
 * Which key is said to have signed, is it one that the caller trusts, and did it?
 *
 * A bundle only names its key. Without a key from outside, a signature proves that somebody signed; that is refused and
 * not called a result.
 */
import { Fault } from '../base/index.ts'
import type { Bundle } from './bundle.ts'
import type { Cryptography } from './cryptography.ts'
import { HASH_OF_CURVE, readForeignKey } from './manifest/foreign-key.ts'
import { findLegacySigned } from './manifest/legacy.ts'
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

/** What reading keys needs. */
export interface KeyOptions {
  readonly cryptography: Cryptography
  /** Also take keys on P-384 and P-521, and bundles that carry their key. */
  readonly foreign?: boolean
}

/** Trusted keys with their names. @throws Fault `key-unreadable`, `base64` */
export async function readKeys(
  trusted: readonly TrustedKey[],
  { cryptography, foreign = false }: KeyOptions,
): Promise<readonly ChosenKey[]> {
  return Promise.all(
    trusted.map(async (trust) => {
      const key = foreign ? readForeignKey(trust.publicKeyPem) : readPublicKey(trust.publicKeyPem)
      return { key, names: await nameKey(key, cryptography), trust }
    }),
  )
}

function findEmbedded(embedded: Uint8Array, keys: readonly ChosenKey[]): ChosenKey {
  const pem = new TextDecoder().decode(embedded)
  const named = keys.find(({ key }) => key.pem === pem)
  if (named !== undefined) return named
  throw new Fault('hint', 'the bundle carries a key that is not trusted here')
}

function findKey(bundle: Bundle, keys: readonly ChosenKey[]): ChosenKey {
  const { hint, embeddedKey, logEntries, timestamps } = bundle
  if (embeddedKey !== undefined && hint === undefined) return findEmbedded(embeddedKey, keys)
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
  options: KeyOptions,
): Promise<Outcome<ChosenKey>> {
  if (trusted.length === 0)
    throw new Fault(
      'key-missing',
      'no public key was given; get the issuer’s key from the issuer and verify against it',
    )
  const chosen = findKey(bundle, await readKeys(trusted, options))
  const { keyId, derHint, ssh } = chosen.names
  const keyid = bundle.content.kind === 'envelope' ? bundle.content.keyid : ''
  if (!['', keyId, derHint, ssh].includes(keyid))
    throw new Fault('keyid', `the envelope names the key "${keyid.slice(0, 64)}", the bundle ${keyId}`)
  return held(`${chosen.key.curve} key ${keyId}`, chosen)
}

/** What verifying a signature needs. */
export interface SignatureOptions {
  /** Files at hand, over which a bare signature may be. */
  readonly blobs: readonly Uint8Array[]
  readonly cryptography: Cryptography
  /** Also take signatures as model_signing 0.2 made them. */
  readonly legacy?: boolean
}

function verifies({ rawSignature }: Bundle, { key }: ChosenKey, signed: Signed): Promise<boolean> {
  const { message, cryptography } = signed
  if (key.curve === 'P-256') return cryptography.verifyP256(key.point, rawSignature, message)
  const scheme = { name: 'ECDSA', namedCurve: key.curve, hash: HASH_OF_CURVE[key.curve] } as const
  return cryptography.verifyScheme(scheme, { key: key.spki, signature: rawSignature, message })
}

interface Signed {
  readonly message: Uint8Array
  readonly cryptography: Cryptography
}

/**
 * Verifies the signature over what was signed; skipped for a bare signature over a file that is not at hand.
 *
 * @throws Fault `signature`
 */
export async function checkSignature(
  bundle: Bundle,
  chosen: ChosenKey,
  { blobs, cryptography, legacy = false }: SignatureOptions,
): Promise<Outcome> {
  const message = await findSigned(bundle, blobs, cryptography)
  if (message === undefined)
    return skipped('signed-file-missing', 'a bare signature over a file; without the file it cannot be verified')
  const { curve } = chosen.key
  const how = `ECDSA ${curve} with ${HASH_OF_CURVE[curve]} over ${message.length} bytes`
  if (await verifies(bundle, chosen, { message, cryptography })) return held(how, undefined)
  const old = legacy ? findLegacySigned(bundle) : undefined
  if (old !== undefined && (await verifies(bundle, chosen, { message: old, cryptography })))
    return held(`${how}, encoded as model_signing 0.2 did`, undefined)
  throw new Fault('signature', `the key did not sign these ${message.length} bytes`)
}
