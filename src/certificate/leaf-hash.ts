/**
 * The identity of a signed statement: the hash of the leaf that a log holds of it.
 *
 * The bytes of a bundle can be rewritten in ways that mean the same, so no hash of the file names a statement; the leaf
 * is fixed by payload, signature and key. Source: Rekor v2, hashedrekord 0.0.2; RFC 6962 section 2.1.
 */
import { canonicalJson, Fault } from '../base/index.ts'
import { readBundle } from './bundle.ts'
import { webCryptography } from './cryptography.ts'
import { IN_TOTO_PAYLOAD, preAuthEncoding } from './dsse.ts'
import { toHex, toUtf8 } from './encoding.ts'
import { hashLeaf } from './inclusion.ts'
import { buildLeaf } from './log-entry.ts'
import { readPublicKey } from './public-key.ts'
import type { Statement } from './statement.ts'

/** SHA-256 of what is signed of a statement, lower-case hex. @throws Fault `not-json` */
export async function signedDigestOf(statement: Statement): Promise<string> {
  const signed = preAuthEncoding(IN_TOTO_PAYLOAD, toUtf8(canonicalJson(statement)))
  return toHex(await webCryptography.sha256(signed))
}

/** Lower-case hex. Nothing is verified. @throws Fault `content`, and those of `readBundle` and `readPublicKey` */
export async function leafHashOf(bundle: Uint8Array, publicKeyPem: string): Promise<string> {
  const { content, signature } = readBundle(bundle)
  if (content.kind !== 'envelope') throw new Fault('content', 'the bundle signs a digest, no statement')
  const { payload, payloadType } = content
  const digest = await webCryptography.sha256(preAuthEncoding(payloadType, payload))
  const leaf = buildLeaf({ digest, signature, spki: readPublicKey(publicKeyPem).spki })
  return toHex(await hashLeaf(leaf, webCryptography))
}
