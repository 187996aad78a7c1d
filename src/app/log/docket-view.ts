/**
 * A docket as it is shown: everything that was said of a model, in order, each with its replies beside it.
 *
 * What stands in the docket comes from the log; the words come from the register and count only when they are those of
 * the leaf. What the register lacks or holds otherwise is shown as such, never left out.
 */
import { formatTime } from '../../base/index.ts'
import {
  answerEntries,
  familyOf,
  headOf,
  isTextOf,
  listStatuses,
  listTests,
  readLogged,
  type AnsweredEntry,
  type Docket,
  type DocketEntry,
  type DocketTest,
  type ReadPredicate,
  type Status,
} from '../../certificate/index.ts'
import type { DocketText, Register } from '../../register/index.ts'

/** A text of which the log has the salted digest. */
export interface ShownText {
  readonly digest: string
  /** `not-kept`: it is not here, or is not the text that was signed. */
  readonly state: 'kept' | 'erased' | 'not-kept'
  readonly words: string | null
}

/** A statement and what was replied to it. */
export interface ShownStatement {
  readonly seq: number
  /** Leaf of the log. */
  readonly index: number
  /** Its identity. */
  readonly entry: string
  readonly kind: string
  /** RFC 3339, as its issuer says. */
  readonly time: string
  /** Key id. */
  readonly issuer: string
  /** Who speaks, by name, where the statement says. */
  readonly name: string | null
  readonly number: string | null
  readonly result: string | null
  readonly action: string | null
  /** From a closed list, of revocations. */
  readonly reason: string | null
  readonly target: string | null
  readonly effectiveFrom: string | null
  readonly deadline: string | null
  readonly text: ShownText | null
  /** The register has the signed statement of this leaf. */
  readonly kept: boolean
  /** Why it counts for nothing; empty when it counts. */
  readonly objections: readonly { readonly code: string; readonly message: string }[]
  readonly replies: readonly ShownStatement[]
}

/** A certificate and what became of it. */
export interface ShownCertificate {
  readonly number: string
  readonly entry: string
  readonly result: string
  readonly expiresOn: string | null
  readonly status: Status
  /** The statement that made it so. */
  readonly cause: string | null
  readonly since: string | null
}

/** One announced test. */
export interface ShownTest {
  readonly intent: string
  readonly announced: string
  readonly deadline: string
  readonly state: DocketTest['state']
  readonly result: string | null
}

/** See the module. */
export interface DocketView {
  readonly modelId: string
  readonly familyId: string
  readonly origin: string
  /** Number of statements in the chain, and the hash of its last leaf. */
  readonly length: number
  readonly head: string
  /** RFC 3339: when this was looked at. */
  readonly at: string
  readonly certificates: readonly ShownCertificate[]
  readonly tests: readonly ShownTest[]
  readonly statements: readonly ShownStatement[]
}

/** The words that are shown, by identity of the statement and by digest of the text. */
interface Words {
  readonly predicates: ReadonlyMap<string, ReadPredicate>
  readonly texts: ReadonlyMap<string, DocketText>
}

async function readWords({ modelId, entries }: Docket, register: Register): Promise<Words> {
  const bundles = new Map((await register.statements.listOf(modelId)).map((each) => [each.leafHash, each.bundle]))
  const predicates = entries.flatMap(({ leaf }) => {
    const bundle = bundles.get(leaf.entry)
    const logged = bundle === undefined ? undefined : readLogged(bundle, leaf)
    return logged === undefined ? [] : [[leaf.entry, logged.predicate] as const]
  })
  const digests = entries.flatMap(({ leaf }) => leaf.text ?? [])
  const texts = (await register.statements.texts(digests)).map((text) => [text.digest, text] as const)
  return { predicates: new Map(predicates), texts: new Map(texts) }
}

function showText(digest: string | undefined, texts: Words['texts']): ShownText | null {
  if (digest === undefined) return null
  const found = texts.get(digest)
  if (found === undefined) return { digest, state: 'not-kept', words: null }
  if (found.words === null) return { digest, state: 'erased', words: null }
  const isIt = isTextOf({ digest, ...found.words })
  return isIt ? { digest, state: 'kept', words: found.words.text } : { digest, state: 'not-kept', words: null }
}

function nameOf(predicate: ReadPredicate | undefined): string | null {
  return (predicate?.kind === 'reply' ? predicate.content.party : predicate?.content.issuer.name) ?? null
}

function showStatement({ entry, replies }: AnsweredEntry, words: Words): ShownStatement {
  const { index, leaf, objections } = entry
  const predicate = words.predicates.get(leaf.entry)
  return {
    seq: leaf.seq,
    index,
    entry: leaf.entry,
    kind: leaf.kind,
    time: leaf.time,
    issuer: leaf.issuer,
    name: nameOf(predicate),
    number: leaf.number ?? null,
    result: leaf.result ?? null,
    action: leaf.action ?? null,
    reason: predicate?.kind === 'revocation' ? predicate.content.reason : null,
    target: leaf.target ?? null,
    effectiveFrom: leaf.effectiveFrom ?? null,
    deadline: leaf.deadline ?? null,
    text: showText(leaf.text, words.texts),
    kept: predicate !== undefined,
    objections: objections.map(({ code, message }) => ({ code, message })),
    replies: replies.map((reply) => showStatement(reply, words)),
  }
}

function showTest({ intent, close, state }: DocketTest): ShownTest {
  const { entry, time, deadline = time } = intent.leaf
  return { intent: entry, announced: time, deadline, state, result: close?.leaf.entry ?? null }
}

function sinceOf({ leaf }: DocketEntry): string {
  return leaf.effectiveFrom ?? leaf.time
}

/** What became of each certificate. @param now ms since 1970 */
export function showCertificates(docket: Docket, now: number): readonly ShownCertificate[] {
  return listStatuses(docket, now).map(({ certificate: { leaf }, status, cause }) => ({
    number: leaf.number ?? '',
    entry: leaf.entry,
    result: leaf.result ?? '',
    expiresOn: leaf.expiresOn ?? null,
    status,
    cause: cause?.leaf.entry ?? null,
    since: cause === undefined ? null : sinceOf(cause),
  }))
}

/** Puts a docket and its words together. @param now ms since 1970 */
export async function showDocket(
  docket: Docket,
  { register, origin, now }: { readonly register: Register; readonly origin: string; readonly now: number },
): Promise<DocketView> {
  const words = await readWords(docket, register)
  return {
    modelId: docket.modelId,
    familyId: familyOf(docket) ?? '',
    origin,
    length: docket.entries.length,
    head: headOf(docket)?.hash ?? '',
    at: formatTime(now),
    certificates: showCertificates(docket, now),
    tests: listTests(docket, now).map(showTest),
    statements: answerEntries(docket).map((answered) => showStatement(answered, words)),
  }
}
