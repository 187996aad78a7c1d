/**
 * The identity of a signed statement: the hash of the leaf that a log holds of it.
 *
 * The bytes of a bundle can be rewritten in ways that mean the same, so no hash of the file names a statement; the leaf
 * is fixed by payload, signature and key. Source: Rekor v2, hashedrekord 0.0.2; RFC 6962 section 2.1.
 */
import { canonicalJson, Fault } from '../base/index.ts'
import { readBundle, type Bundle, type EnvelopeContent } from './bundle.ts'
import { webCryptography } from './cryptography.ts'
import { IN_TOTO_PAYLOAD, preAuthEncoding } from './dsse.ts'
import { toHex, toUtf8 } from './encoding.ts'
import { hashLeaf } from './inclusion.ts'
import { buildLeaf } from './log-entry.ts'
import { readPublicKey } from './public-key.ts'
import { digestOfSigned } from './signed-content.ts'
import type { Statement } from './statement.ts'

/** SHA-256 of what is signed of a statement, lower-case hex. @throws Fault `not-json` */
export async function signedDigestOf(statement: Statement): Promise<string> {
  const signed = preAuthEncoding(IN_TOTO_PAYLOAD, toUtf8(canonicalJson(statement)))
  return toHex(await webCryptography.sha256(signed))
}

/** A bundle that signs a statement. */
export interface StatementBundle extends Bundle {
  readonly content: EnvelopeContent
}

/** Reads a bundle that signs a statement. Nothing is verified. @throws Fault `content`, and those of `readBundle` */
export function readStatementBundle(bytes: Uint8Array): StatementBundle {
  const bundle = readBundle(bytes)
  const { content } = bundle
  if (content.kind !== 'envelope') throw new Fault('content', 'the bundle signs a digest, no statement')
  return { ...bundle, content }
}

/** The leaf of a signed statement. */
export interface StatementLeaf {
  readonly leaf: Uint8Array
  /** Its hash, lower-case hex: the identity of the statement. */
  readonly leafHash: string
  /** SHA-256 of what was signed. */
  readonly digest: Uint8Array
}

/** The leaf of a bundle. Nothing is verified. @throws Fault like `readPublicKey` */
export async function leafOf(bundle: StatementBundle, publicKeyPem: string): Promise<StatementLeaf> {
  const digest = await digestOfSigned(bundle, webCryptography)
  const leaf = buildLeaf({ digest, signature: bundle.signature, spki: readPublicKey(publicKeyPem).spki })
  return { leaf, leafHash: toHex(await hashLeaf(leaf, webCryptography)), digest }
}

/** Lower-case hex. Nothing is verified. @throws Fault `content`, and those of `readBundle` and `readPublicKey` */
export async function leafHashOf(bundle: Uint8Array, publicKeyPem: string): Promise<string> {
  return (await leafOf(readStatementBundle(bundle), publicKeyPem)).leafHash
}
