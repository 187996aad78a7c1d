/**
 * A P-256 key in the transit engine of HashiCorp Vault.
 *
 * The version that is the latest when the signer is opened is the one that signs, also after a rotation.
 * Source: Vault API, "Transit secrets engine": `Read key` and `Sign data`.
 */
import { Fault } from '../../../base/index.ts'
import { webCryptography } from '../../cryptography.ts'
import { decodeBase64, encodeBase64 } from '../../encoding.ts'
import { readPublicKey } from '../../public-key.ts'
import type { Signer } from '../signing-key.ts'
import { callKms, type KmsWire } from './wire.ts'

/** Where the key is. */
export interface VaultKey {
  /** `https://vault.example:8200`. */
  readonly address: string
  /** Mount of the engine: `transit`. */
  readonly mount: string
  readonly name: string
}

const SERVICE = 'Vault'

/** Finds the key. @throws Fault `kms-key-type` for any but ecdsa-p256, and those of {@link callKms} */
export async function openVaultKey({ address, mount, name }: VaultKey, wire: KmsWire): Promise<Signer> {
  const base = `${address}/v1/${mount}`
  const found = (await callKms({ service: SERVICE, url: `${base}/keys/${name}`, method: 'GET' }, wire)).object('data')
  if (found.text('type') !== 'ecdsa-p256') throw new Fault('kms-key-type', `${SERVICE}: the key is not ecdsa-p256`)
  const version = found.integer('latest_version')
  const publicKeyPem = readPublicKey(found.object('keys').object(String(version)).text('public_key')).pem
  const sign = async (bytes: Uint8Array): Promise<Uint8Array> => {
    const input = encodeBase64(await webCryptography.sha256(bytes))
    const body = { input, prehashed: true, marshaling_algorithm: 'asn1', key_version: version }
    const headers = { 'content-type': 'application/json' }
    const call = { service: SERVICE, url: `${base}/sign/${name}/sha2-256`, method: 'POST', headers, body } as const
    const signature = (await callKms(call, wire)).object('data').text('signature')
    const start = `vault:v${version}:`
    if (!signature.startsWith(start)) throw new Fault('kms-answer', `${SERVICE} signed with another version of the key`)
    return decodeBase64(signature.slice(start.length), `${SERVICE}: the signature`)
  }
  return { publicKeyPem, sign }
}
