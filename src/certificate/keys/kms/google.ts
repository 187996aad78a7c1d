/**
 * A P-256 key in Google Cloud KMS, one version of it.
 *
 * Digest and signature travel with their CRC-32C; an answer that did not check ours, or whose own does not fit, is
 * refused, as Google asks of its clients.
 *
 * Source: Cloud KMS REST v1, `cryptoKeyVersions.getPublicKey` and `.asymmetricSign`; "Verifying end-to-end data integrity".
 */
import { Fault } from '../../../base/index.ts'
import { webCryptography } from '../../cryptography.ts'
import { encodeBase64, toUtf8 } from '../../encoding.ts'
import { readPublicKey } from '../../public-key.ts'
import type { Signer } from '../signing-key.ts'
import type { KmsAnswer } from './answer.ts'
import { crc32c } from './crc32c.ts'
import { callKms, type KmsWire } from './wire.ts'

/** Where the key is. */
export interface GoogleKey {
  /** `https://cloudkms.googleapis.com`. */
  readonly endpoint: string
  /** `projects/…/locations/…/keyRings/…/cryptoKeys/…/cryptoKeyVersions/…`. */
  readonly name: string
}

const SERVICE = 'Google Cloud KMS'

function checkAnswer(
  answer: KmsAnswer,
  name: string,
  guarded: { readonly crc: string; readonly bytes: Uint8Array },
): void {
  if (answer.text('name') !== name) throw new Fault('kms-answer', `${SERVICE} answers for another key than was asked`)
  if (answer.integer(guarded.crc) !== crc32c(guarded.bytes))
    throw new Fault('kms-integrity', `${SERVICE}: ${guarded.crc} does not fit; the answer was damaged on the way`)
}

/** Finds the key. @throws Fault `kms-key-type` for any but P-256 with SHA-256, `kms-integrity`, and those of {@link callKms} */
export async function openGoogleKey({ endpoint, name }: GoogleKey, wire: KmsWire): Promise<Signer> {
  const url = `${endpoint}/v1/${name}`
  const found = await callKms({ service: SERVICE, url: `${url}/publicKey`, method: 'GET' }, wire)
  if (found.text('algorithm') !== 'EC_SIGN_P256_SHA256')
    throw new Fault('kms-key-type', `${SERVICE}: the algorithm of the key is not EC_SIGN_P256_SHA256`)
  checkAnswer(found, name, { crc: 'pemCrc32c', bytes: toUtf8(found.text('pem')) })
  const sign = async (bytes: Uint8Array): Promise<Uint8Array> => {
    const digest = await webCryptography.sha256(bytes)
    const body = { digest: { sha256: encodeBase64(digest) }, digestCrc32c: String(crc32c(digest)) }
    const headers = { 'content-type': 'application/json' }
    const answer = await callKms(
      { service: SERVICE, url: `${url}:asymmetricSign`, method: 'POST', headers, body },
      wire,
    )
    const signature = answer.bytes('signature')
    checkAnswer(answer, name, { crc: 'signatureCrc32c', bytes: signature })
    if (!answer.isTrue('verifiedDigestCrc32c'))
      throw new Fault('kms-integrity', `${SERVICE} did not check the digest; it may have signed a damaged one`)
    return signature
  }
  return { publicKeyPem: readPublicKey(found.text('pem')).pem, sign }
}
