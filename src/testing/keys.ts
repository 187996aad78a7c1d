/** Keys for tests: P-256 signers in memory, entries of a keyring, and one public key in its other spellings. */
import { createPublicKey, ECDH, generateKeyPairSync, sign } from 'node:crypto'
import { webCryptography } from '../certificate/cryptography.ts'
import type { KeyringKey } from '../certificate/keys/keyring.ts'
import { attestationType, type Role } from '../certificate/keys/roles.ts'
import type { Signer } from '../certificate/keys/signing-key.ts'
import { nameKey, readPublicKey } from '../certificate/public-key.ts'

/** A signer whose private key is nowhere else. */
export interface TestSigner extends Signer {
  /** Hex SHA-256 of the PEM. */
  readonly keyId: string
}

/** Makes a signer. */
export async function makeSigner(): Promise<TestSigner> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const { keyId } = await nameKey(readPublicKey(publicKeyPem), webCryptography)
  return { publicKeyPem, keyId, sign: (bytes) => Promise.resolve(new Uint8Array(sign('sha256', bytes, privateKey))) }
}

/** An entry of a keyring for a signer, valid from 2026 on, of role officer and of a unit unless told otherwise. */
export function keyringKey(signer: TestSigner, changes: Partial<KeyringKey> = {}): KeyringKey {
  const role: Role = changes.role ?? 'officer'
  return {
    keyId: signer.keyId,
    publicKeyPem: signer.publicKeyPem,
    algorithm: 'ecdsa-p256',
    role,
    unit: 'dover',
    predicateTypes: role === 'officer' || role === 'regulator' ? [attestationType('clearance')] : [],
    validFrom: Date.UTC(2026, 0, 1),
    ...changes,
  }
}

/** The same key with a compressed point. */
export function compressPem(pem: string): string {
  const der = createPublicKey(pem).export({ type: 'spki', format: 'der' })
  const point = ECDH.convertKey(der.subarray(26), 'prime256v1', undefined, undefined, 'compressed') as Buffer
  const start = Buffer.from('3039301306072a8648ce3d020106082a8648ce3d030107032200', 'hex')
  return `-----BEGIN PUBLIC KEY-----\n${Buffer.concat([start, point]).toString('base64')}\n-----END PUBLIC KEY-----\n`
}
