/**
 * The identity of a signed statement: the hash of the leaf that a log holds of it.
 *
 * The bytes of a bundle can be rewritten in ways that mean the same, so no hash of the file names a statement; the leaf
 * is fixed by payload, signature and key. Source: Rekor v2, hashedrekord 0.0.2; RFC 6962 section 2.1.
 */
import { Fault } from '../base/index.ts'
import { readBundle } from './bundle.ts'
import { webCryptography } from './cryptography.ts'
import { preAuthEncoding } from './dsse.ts'
import { toHex } from './encoding.ts'
import { hashLeaf } from './inclusion.ts'
import { buildLeaf } from './log-entry.ts'
import { readPublicKey } from './public-key.ts'

/** Lower-case hex. Nothing is verified. @throws Fault `content`, and those of `readBundle` and `readPublicKey` */
export async function leafHashOf(bundle: Uint8Array, publicKeyPem: string): Promise<string> {
  const { content, signature } = readBundle(bundle)
  if (content.kind !== 'envelope') throw new Fault('content', 'the bundle signs a digest, no statement')
  const { payload, payloadType } = content
  const digest = await webCryptography.sha256(preAuthEncoding(payloadType, payload))
  const leaf = buildLeaf({ digest, signature, spki: readPublicKey(publicKeyPem).spki })
  return toHex(await hashLeaf(leaf, webCryptography))
}
