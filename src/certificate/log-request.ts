/**
 * A request to log a signature, as clients of Rekor v2 send it, and whether what it says is true.
 *
 * It holds the digest of what was signed, the signature and the key, and nothing of the text; a DSSE envelope comes as
 * the digest of its pre-authentication encoding. Only ECDSA P-256 over SHA-256 is taken, in the one form of each part, so
 * that a signature has one leaf; and only a signature that holds, since an entry is a claim that it does.
 *
 * Source: sigstore/rekor-tiles 2.3, `POST /api/v2/log/entries`; measured with cosign 3.1.3.
 */
import { p256 } from '@noble/curves/nist.js'
import { Fault, parseStrictJson } from '../base/index.ts'
import { derToRaw } from './ecdsa.ts'
import { equalBytes } from './encoding.ts'
import { buildLeaf, type LeafContent } from './log-entry.ts'
import { Members } from './members.ts'
import { readSpki } from './public-key.ts'

/** Most bytes of a request; one of cosign has 413. */
export const MAX_LOG_REQUEST = 8_192

const SHA256_LENGTH = 32
const KEY_DETAILS = 'PKIX_ECDSA_P256_SHA_256'

function read(bytes: Uint8Array): LeafContent {
  const whole = new Members(parseStrictJson(bytes, { maxBytes: MAX_LOG_REQUEST }), 'request', {
    required: ['hashedRekordRequestV002'],
  })
  const request = whole.members('hashedRekordRequestV002', { required: ['digest', 'signature'] })
  const signature = request.members('signature', { required: ['content', 'verifier'] })
  const verifier = signature.members('verifier', { required: ['publicKey', 'keyDetails'] })
  if (verifier.text('keyDetails') !== KEY_DETAILS)
    throw new Fault('key-unreadable', `keyDetails is "${verifier.text('keyDetails').slice(0, 60)}", not ${KEY_DETAILS}`)
  const spki = verifier.members('publicKey', { required: ['rawBytes'] }).bytes('rawBytes')
  return { digest: request.bytes('digest'), signature: signature.bytes('content'), spki }
}

/**
 * Reads a request and gives the leaf that it asks for.
 *
 * @throws Fault `request-size`; what {@link parseStrictJson} and {@link Members} throw; `key-unreadable`, `digest-size`,
 *   `signature-form`; `signature-wrong` when the signature does not hold for digest and key
 */
export function readLogRequest(bytes: Uint8Array): Uint8Array {
  if (bytes.length > MAX_LOG_REQUEST)
    throw new Fault('request-size', `a request of ${bytes.length} bytes; ${MAX_LOG_REQUEST} are read`)
  const content = read(bytes)
  const key = readSpki(content.spki)
  if (!equalBytes(key.spki, content.spki)) throw new Fault('key-unreadable', 'the key is not in its uncompressed form')
  if (content.digest.length !== SHA256_LENGTH)
    throw new Fault('digest-size', `a digest of ${content.digest.length} bytes; SHA-256 has ${SHA256_LENGTH}`)
  if (!holds(key.point, derToRaw(content.signature), content.digest))
    throw new Fault('signature-wrong', 'the signature does not hold for this digest and key')
  return buildLeaf(content)
}

/** What a `hashedrekord` leaf says, and whether its signature holds. */
export interface SignedLeaf {
  /** SHA-256 of what was signed. */
  readonly digest: Uint8Array
  /** SubjectPublicKeyInfo in DER. */
  readonly spki: Uint8Array
  readonly holds: boolean
}

/**
 * Reads the leaf of a signature.
 *
 * @throws Fault what {@link parseStrictJson} and {@link Members} throw; `key-unreadable`, `signature-form`; `leaf-form` when
 *   it is not in the one form
 */
export function readSignedLeaf(leaf: Uint8Array): SignedLeaf {
  const whole = new Members(parseStrictJson(leaf, { maxBytes: MAX_LOG_REQUEST }), 'leaf', {
    required: ['apiVersion', 'kind', 'spec'],
  })
  const entry = whole.members('spec', { required: ['hashedRekordV002'] }).members('hashedRekordV002', {
    required: ['data', 'signature'],
  })
  const signature = entry.members('signature', { required: ['content', 'verifier'] })
  const verifier = signature.members('verifier', { required: ['keyDetails', 'publicKey'] })
  const content = {
    digest: entry.members('data', { required: ['algorithm', 'digest'] }).bytes('digest'),
    signature: signature.bytes('content'),
    spki: verifier.members('publicKey', { required: ['rawBytes'] }).bytes('rawBytes'),
  }
  if (!equalBytes(buildLeaf(content), leaf)) throw new Fault('leaf-form', 'the leaf is not in the one form')
  const { digest, spki } = content
  return { digest, spki, holds: holds(readSpki(spki).point, derToRaw(content.signature), digest) }
}

/** Node and WebCrypto verify only what they have hashed themselves, so this is done by a library. */
function holds(point: Uint8Array, signature: Uint8Array, digest: Uint8Array): boolean {
  return p256.verify(signature, digest, point, { prehash: false, lowS: false })
}
