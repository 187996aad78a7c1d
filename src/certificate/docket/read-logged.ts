/**
 * The text of a statement, held against its leaf.
 *
 * A register keeps texts of which the log has only digests. What it hands out is the statement of a leaf only when the
 * signed bytes have the digest that the leaf names and the leaf says what the statement says; anything else is a text that
 * somebody put in its place. The signature is not looked at: that is for whoever verifies the bundle.
 */
import { isFault, sha256 } from '../../base/index.ts'
import { readBundle } from '../bundle.ts'
import { preAuthEncoding } from '../dsse.ts'
import { toUtf8 } from '../encoding.ts'
import { readStatement, type Statement } from '../statement.ts'
import type { ReadPredicate } from '../statements/predicate-types.ts'
import { readPredicate } from '../statements/read-predicate.ts'
import type { RegisterLeafSpec } from '../statements/types/register-leaf.ts'
import { checkLeafOf } from './register-leaf.ts'

/** What was said, and about whom. */
export interface LoggedText {
  readonly predicate: ReadPredicate
  readonly subject: Statement['subject'][0]
}

/** What the statement of a leaf says; undefined when the bundle is not that statement. */
export function readLogged(bundle: string, leaf: RegisterLeafSpec): LoggedText | undefined {
  try {
    const { content } = readBundle(toUtf8(bundle))
    if (content.kind !== 'envelope') return undefined
    const { payload, payloadType } = content
    const statement = sha256(preAuthEncoding(payloadType, payload))
    const read = readStatement(payload)
    const predicate = readPredicate(read.predicateType, read.predicate)
    if (predicate === undefined) return undefined
    checkLeafOf(leaf, { predicate, statement, entry: leaf.entry })
    const { name, digest } = read.subject
    return { predicate, subject: { name, digest: Object.fromEntries(digest) } }
  } catch (thrown) {
    if (isFault(thrown)) return undefined
    throw thrown
  }
}
