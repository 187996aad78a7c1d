/**
 * Statements that were signed and kept before they were logged, so that their text is there whatever happens between.
 *
 * What goes into the log follows from the bundle and the key alone, so it can be asked for again, and the entry is added
 * to the bundle when it is known.
 */
import { Fault } from '../base/index.ts'
import { readBundle, writeBundle } from './bundle.ts'
import { webCryptography } from './cryptography.ts'
import { preAuthEncoding } from './dsse.ts'
import { buildRegisterLeaf } from './docket/register-leaf.ts'
import { toHex, toUtf8 } from './encoding.ts'
import { hashLeaf } from './inclusion.ts'
import { buildLeaf, type LogEntryContent } from './log-entry.ts'
import { readPublicKey } from './public-key.ts'
import { readStatement } from './statement.ts'
import { readPredicate } from './statements/read-predicate.ts'

/** The two leaves of a statement, and its identity: the hash of the first, lower-case hex. */
export interface LeavesOfStatement {
  readonly leaf: Uint8Array
  /** The link of the docket. */
  readonly link: Uint8Array
  readonly leafHash: string
}

function readEnvelope(bundle: string): { readonly payload: Uint8Array; readonly payloadType: string } {
  const { content } = readBundle(toUtf8(bundle))
  if (content.kind !== 'envelope') throw new Fault('content', 'the bundle signs a digest, no statement')
  return content
}

/**
 * The leaves of a statement of ours; nothing is verified.
 *
 * @throws Fault `content`, and those of `readBundle`, `readStatement`, `readPredicate` and `readPublicKey`
 */
export async function leavesOf(bundle: string, publicKeyPem: string): Promise<LeavesOfStatement> {
  const { payload, payloadType } = readEnvelope(bundle)
  const read = readStatement(payload)
  const predicate = readPredicate(read.predicateType, read.predicate)
  if (predicate === undefined) throw new Fault('content', `${read.predicateType} is no statement of ours`)
  const digest = await webCryptography.sha256(preAuthEncoding(payloadType, payload))
  const { signature } = readBundle(toUtf8(bundle))
  const leaf = buildLeaf({ digest, signature, spki: readPublicKey(publicKeyPem).spki })
  const leafHash = toHex(await hashLeaf(leaf, webCryptography))
  return { leaf, leafHash, link: buildRegisterLeaf({ predicate, statement: toHex(digest), entry: leafHash }) }
}

/** The bundle with its entry in the log. @throws Fault `content`, and those of `readBundle` */
export function addLogEntry(bundle: string, logEntry: LogEntryContent): string {
  const { payload } = readEnvelope(bundle)
  const { hint: keyId = '', signature, timestamps } = readBundle(toUtf8(bundle))
  return writeBundle({ keyId, payload, signature, timestamps, logEntry })
}
