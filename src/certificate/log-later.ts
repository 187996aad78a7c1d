/**
 * Statements that were signed and kept before they were logged, so that their text is there whatever happens between.
 *
 * What goes into the log follows from the bundle and the key alone, so it can be asked for again, and the entry is added
 * to the bundle when it is known.
 */
import { Fault } from '../base/index.ts'
import { writeBundle } from './bundle.ts'
import { buildRegisterLeaf } from './docket/register-leaf.ts'
import { toHex, toUtf8 } from './encoding.ts'
import { leafOf, readStatementBundle } from './leaf-hash.ts'
import type { LogEntryContent } from './log-entry.ts'
import { readStatement } from './statement.ts'
import { readPredicate } from './statements/read-predicate.ts'

/** The two leaves of a statement, and its identity: the hash of the first, lower-case hex. */
export interface LeavesOfStatement {
  readonly leaf: Uint8Array
  /** The link of the docket. */
  readonly link: Uint8Array
  readonly leafHash: string
}

/**
 * The leaves of a statement of ours; nothing is verified.
 *
 * @throws Fault `content`, and those of `readBundle`, `readStatement`, `readPredicate` and `readPublicKey`
 */
export async function leavesOf(bundle: string, publicKeyPem: string): Promise<LeavesOfStatement> {
  const read = readStatementBundle(toUtf8(bundle))
  const { predicateType, predicate: json } = readStatement(read.content.payload)
  const predicate = readPredicate(predicateType, json)
  if (predicate === undefined) throw new Fault('content', `${predicateType} is no statement of ours`)
  const { leaf, leafHash, digest } = await leafOf(read, publicKeyPem)
  return { leaf, leafHash, link: buildRegisterLeaf({ predicate, statement: toHex(digest), entry: leafHash }) }
}

/** The bundle with its entry in the log. @throws Fault `content`, and those of `readBundle` */
export function addLogEntry(bundle: string, logEntry: LogEntryContent): string {
  const { content, hint: keyId = '', signature, timestamps } = readStatementBundle(toUtf8(bundle))
  return writeBundle({ keyId, payload: content.payload, signature, timestamps, logEntry })
}
