/**
 * A P-256 key in Azure Key Vault or Managed HSM.
 *
 * Without a version the newest is taken once, and from then on that version is asked, so that a rotation in the vault
 * changes no signer that is running. Signatures come as r‖s.
 *
 * Source: Azure Key Vault REST 7.4, `Get Key` and `Sign`; RFC 7518 sections 3.4 and 6.2.
 */
import { Fault } from '../../../base/index.ts'
import { webCryptography } from '../../cryptography.ts'
import { rawToDer } from '../../ecdsa.ts'
import { readPublicKey } from '../../public-key.ts'
import type { Signer } from '../signing-key.ts'
import type { KmsAnswer } from './answer.ts'
import { toP256Pem } from './point.ts'
import { callKms, type KmsWire } from './wire.ts'

/** Where the key is. */
export interface AzureKey {
  /** `https://name.vault.azure.net`. */
  readonly vault: string
  readonly name: string
  /** The newest when left out. */
  readonly version?: string
}

const SERVICE = 'Azure Key Vault'
const API = 'api-version=7.4'

/** The key's own address; one at another host would send signing requests, with our token, elsewhere. */
function readAddress(key: KmsAnswer, { vault, name }: AzureKey): string {
  const kid = key.text('kid')
  if (!kid.startsWith(`${vault}/keys/${name}/`) || !/^[0-9A-Za-z]+$/.test(kid.slice(`${vault}/keys/${name}/`.length)))
    throw new Fault('kms-answer', `${SERVICE} answers for another key than was asked`)
  return kid
}

/** Finds the key. @throws Fault `kms-key-type` for any but P-256, `kms-disabled`, and those of {@link callKms} */
export async function openAzureKey(place: AzureKey, wire: KmsWire): Promise<Signer> {
  const { vault, name, version } = place
  const url = `${vault}/keys/${name}${version === undefined ? '' : `/${version}`}?${API}`
  const found = await callKms({ service: SERVICE, url, method: 'GET' }, wire)
  const key = found.object('key')
  if (!/^EC(?:-HSM)?$/.test(key.text('kty')) || key.text('crv') !== 'P-256')
    throw new Fault('kms-key-type', `${SERVICE}: the key is not EC on P-256`)
  if (!key.texts('key_ops').includes('sign')) throw new Fault('kms-key-type', `${SERVICE}: the key may not sign`)
  if (found.object('attributes').isFalse('enabled')) throw new Fault('kms-disabled', `${SERVICE}: the key is disabled`)
  const kid = readAddress(key, place)
  const publicKeyPem = readPublicKey(toP256Pem(key.bytes('x'), key.bytes('y'))).pem
  const sign = async (bytes: Uint8Array): Promise<Uint8Array> => {
    const value = Buffer.from(await webCryptography.sha256(bytes)).toString('base64url')
    const headers = { 'content-type': 'application/json' }
    const body = { alg: 'ES256', value }
    const answer = await callKms({ service: SERVICE, url: `${kid}/sign?${API}`, method: 'POST', headers, body }, wire)
    if (answer.text('kid') !== kid) throw new Fault('kms-answer', `${SERVICE} signed with another key than was asked`)
    return rawToDer(answer.bytes('value'))
  }
  return { publicKeyPem, sign }
}
