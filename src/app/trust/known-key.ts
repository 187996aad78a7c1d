/**
 * What is known here of a key that somebody names to verify with.
 *
 * Naming a key says whose word counts, not that the key is still good: role, window and revocation stay as the keyring
 * of this installation and the one that was refreshed have them.
 */
import { isFault } from '../../base/index.ts'
import { readRoleKey, trustedKeysOf, webCryptography, type Keyring } from '../../certificate/index.ts'
import type { TrustedKey } from '../../verify.ts'
import { keyringPath, readKeyringFile } from '../keys/keyring-file.ts'

/** Where to look. */
export interface KnownKeyrings {
  /** Folder of keys. */
  readonly keys: string
  /** The keyring that was refreshed. */
  readonly installed?: Keyring | undefined
  /** ms since 1970. */
  readonly now: number
}

type Bounds = Omit<TrustedKey, 'publicKeyPem'>

/** Undefined for a key that keyrings do not hold, such as one on P-384. */
async function idOf(pem: string): Promise<string | undefined> {
  try {
    return (await readRoleKey(pem, webCryptography)).keyId
  } catch (thrown) {
    if (isFault(thrown)) return undefined
    throw thrown
  }
}

function boundsIn({ keys }: Keyring, id: string, now: number): Bounds {
  const key = keys.find(({ keyId }) => keyId === id)
  if (key === undefined) return {}
  const [{ publicKeyPem: _, ...bounds } = { publicKeyPem: '', predicateTypes: [] }] = trustedKeysOf(
    { keys: [key], quorums: [] },
    now,
  )
  return bounds
}

/** What the keyrings say of a key; nothing when they do not know it. @throws Fault those of `readKeyringFile` */
export async function findBounds(pem: string, { keys, installed, now }: KnownKeyrings): Promise<Bounds> {
  const rings = [await readKeyringFile(keyringPath(keys)), installed].filter((ring) => ring !== undefined)
  const id = rings.length === 0 ? undefined : await idOf(pem)
  if (id === undefined) return {}
  return rings.reduce<Bounds>((bounds, ring) => ({ ...bounds, ...boundsIn(ring, id, now) }), {})
}
