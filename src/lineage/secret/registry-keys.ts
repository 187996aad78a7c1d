/**
 * Keys that a registry issues, and how it keeps them: sealed under one secret of its own.
 *
 * Each registration gets 32 random bytes, and with them the panel seed that all registrations share. The register
 * stores the seed sealed, so that a copy of the database gives nobody the means to examine models against its kits.
 *
 * Source: AES-256-GCM, NIST SP 800-38D; the nonce is random and its key seals far fewer than 2^32 seeds.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { Fault, type Randomness } from '../../base/index.ts'
import type { KitKey } from './kit-key.ts'
import { hmac, KEY_BYTES, keyCommitment, type SecretKey } from './prf.ts'

const NONCE_BYTES = 12
const TAG_BYTES = 16

/** A key as it was issued. */
export interface IssuedKey {
  readonly key: KitKey
  /** The seed, sealed under the registry's secret for this number of the key alone. */
  readonly sealed: Uint8Array
  readonly commitment: string
}

/** The seed of the panels of a registry. */
export function panelSeed(master: SecretKey): SecretKey {
  return hmac(master, 'kit panel')
}

function sealingKey(master: SecretKey): Buffer {
  return hmac(master, 'kit key sealing')
}

/** Issues a key. @param id its number, which the seal is bound to */
export function issueKitKey(master: SecretKey, id: string, randomness: Randomness): IssuedKey {
  const seed = Uint8Array.from(randomness(KEY_BYTES))
  const nonce = Uint8Array.from(randomness(NONCE_BYTES))
  const cipher = createCipheriv('aes-256-gcm', sealingKey(master), nonce).setAAD(Buffer.from(id))
  const sealed = Buffer.concat([nonce, cipher.update(seed), cipher.final(), cipher.getAuthTag()])
  return { key: { seed, panel: panelSeed(master) }, sealed: new Uint8Array(sealed), commitment: keyCommitment(seed) }
}

/** Takes a key out of its seal. @throws Fault `bad-seal` when it was changed, moved or sealed under another secret */
export function unsealKitKey(master: SecretKey, id: string, sealed: Uint8Array): KitKey {
  try {
    if (sealed.length !== NONCE_BYTES + KEY_BYTES + TAG_BYTES) throw new Error(`${sealed.length} bytes`)
    const decipher = createDecipheriv('aes-256-gcm', sealingKey(master), sealed.subarray(0, NONCE_BYTES))
    decipher.setAAD(Buffer.from(id)).setAuthTag(sealed.subarray(NONCE_BYTES + KEY_BYTES))
    const seed = decipher.update(sealed.subarray(NONCE_BYTES, NONCE_BYTES + KEY_BYTES))
    decipher.final()
    return { seed: new Uint8Array(seed), panel: panelSeed(master) }
  } catch (cause) {
    throw new Fault('bad-seal', `the sealed key ${id} cannot be opened with the secret of this registry`, { cause })
  }
}
