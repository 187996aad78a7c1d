/**
 * A P-256 key in AWS KMS.
 *
 * The digest is sent, not the text (KMS takes no more than 4 KiB of it). The key may be named by an alias; what it means
 * is asked once, and from then on the key is called by its ARN, so that an alias that is moved changes no signer.
 *
 * Source: AWS KMS API reference, `GetPublicKey` and `Sign` (JSON 1.1, target `TrentService`).
 */
import { Fault } from '../../../base/index.ts'
import { webCryptography } from '../../cryptography.ts'
import { encodeBase64 } from '../../encoding.ts'
import { readPublicKey, writePem } from '../../public-key.ts'
import type { Signer } from '../signing-key.ts'
import type { KmsAnswer } from './answer.ts'
import { callKms, type KmsWire } from './wire.ts'

/** Where the key is. */
export interface AwsKey {
  /** `https://kms.eu-west-1.amazonaws.com`. */
  readonly endpoint: string
  /** Id, ARN or `alias/name`. */
  readonly keyId: string
}

const SERVICE = 'AWS KMS'

/** The id at the end of an ARN; stand-ins answer with it alone. */
function bareId(keyId: string): string {
  return keyId.slice(keyId.lastIndexOf('/') + 1)
}

function call(
  target: string,
  body: object,
  { endpoint, wire }: { endpoint: string; wire: KmsWire },
): Promise<KmsAnswer> {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${target}` }
  return callKms({ service: SERVICE, url: `${endpoint}/`, method: 'POST', headers, body }, wire)
}

/** Finds the key. @throws Fault `kms-key-type` for any but a P-256 signing key, and those of {@link callKms} */
export async function openAwsKey({ endpoint, keyId }: AwsKey, wire: KmsWire): Promise<Signer> {
  const found = await call('GetPublicKey', { KeyId: keyId }, { endpoint, wire })
  // The older name is a synonym that AWS still sends, and the only one that some stand-ins do.
  const spec = found.text(found.has('KeySpec') ? 'KeySpec' : 'CustomerMasterKeySpec')
  if (spec !== 'ECC_NIST_P256' || found.text('KeyUsage') !== 'SIGN_VERIFY')
    throw new Fault('kms-key-type', `${SERVICE}: the key is not ECC_NIST_P256 for SIGN_VERIFY`)
  const arn = found.text('KeyId')
  const publicKeyPem = readPublicKey(writePem(found.bytes('PublicKey'))).pem
  const sign = async (bytes: Uint8Array): Promise<Uint8Array> => {
    const Message = encodeBase64(await webCryptography.sha256(bytes))
    const body = { KeyId: arn, Message, MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' }
    const answer = await call('Sign', body, { endpoint, wire })
    if (bareId(answer.text('KeyId')) !== bareId(arn))
      throw new Fault('kms-answer', `${SERVICE} signed with another key than was asked`)
    return answer.bytes('Signature')
  }
  return { publicKeyPem, sign }
}
