/**
 * in-toto Statement v1: a predicate about one subject, which is named by digests.
 *
 * We write canonical JSON and read any formatting, because others pretty-print; but the four members are all there may
 * be, the subject is one, and its digests are lower-case hex, the form that all foreign verifiers take.
 *
 * Source: in-toto attestation framework 1.2, Statement v1 and DigestSet; measured with cosign 3.1.3 and model_signing 1.1.1.
 */
import { Fault, isStrictObject, parseStrictJson, type StrictJson } from '../base/index.ts'
import { OMS_TYPE } from './manifest/oms.ts'
import { Members } from './members.ts'

/** `_type` of every statement that we write. */
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1'
/** `_type` that cosign still writes; read only when foreign statements are asked for. */
const OLD_STATEMENT_TYPE = 'https://in-toto.io/Statement/v0.1'
/** Bytes of a payload or bundle that are read at most: 20,000 files take 3.5 MB. */
export const MAX_DOCUMENT_BYTES = 32 * 1024 * 1024

/** Digests of the subject, by algorithm, in lower-case hex. Ours carry `sha256` (OMS root), `dirHash` and `dirHash1`. */
export type DigestSet = Readonly<Record<string, string>>

/** What a statement is about. */
export interface Subject {
  readonly name: string
  readonly digest: DigestSet
  /** Of a manifest only. */
  readonly annotations?: { readonly rehash: 'full' | 'incremental' }
}

/** A statement with a predicate of the given kind. */
export interface Statement<Predicate = unknown> {
  readonly _type: typeof STATEMENT_TYPE
  readonly subject: readonly [Subject]
  readonly predicateType: string
  readonly predicate: Predicate
}

/** A subject as it was read. */
export interface SubjectRead {
  readonly name: string
  readonly digest: ReadonlyMap<string, string>
  /** What a manifest of ours says of how its digests came to be. */
  readonly rehash?: 'full' | 'incremental'
}

/** A statement as it was read; the predicate is still to be read by its type. */
export interface StatementRead {
  readonly subject: SubjectRead
  readonly predicateType: string
  readonly predicate: StrictJson
}

const MEMBERS = ['_type', 'subject', 'predicateType', 'predicate']
const SUBJECT_MEMBERS = ['name', 'digest']

/** A model as a subject. */
export interface ModelSubject extends Subject {
  readonly digest: { readonly sha256: string; readonly dirHash: string; readonly dirHash1: string }
}

/** The subject of a model: both digests, `dirHash` under both of its names. */
export function describeModel(
  name: string,
  digests: { readonly sha256: string; readonly dirHash: string },
): ModelSubject {
  return { name, digest: { sha256: digests.sha256, dirHash: digests.dirHash, dirHash1: digests.dirHash } }
}

function readDigests(value: StrictJson | undefined): ReadonlyMap<string, string> {
  if (!isStrictObject(value)) throw new Fault('json-type', 'the digest of the subject is not an object')
  const digests = new Map<string, string>()
  for (const [algorithm, digest] of value) {
    if (typeof digest !== 'string' || !/^(?:[0-9a-f]{2})+$/.test(digest))
      throw new Fault('digest-encoding', `the digest ${algorithm} of the subject is not lower-case hex`)
    digests.set(algorithm, digest)
  }
  if (digests.get('sha256')?.length !== 64)
    throw new Fault('subject-digest', 'the subject has no sha256 of 64 hex digits')
  const dirHash = digests.get('dirHash') ?? digests.get('dirHash1')
  if (dirHash !== undefined && dirHash !== (digests.get('dirHash1') ?? dirHash))
    throw new Fault('subject-digest', 'dirHash and dirHash1 of the subject differ; they are two names of one digest')
  return digests
}

/** Only the subject of a manifest may carry annotations, and of those only ours is known. */
function readSubject(subjects: readonly StrictJson[], isManifest: boolean): SubjectRead {
  if (subjects.length !== 1)
    throw new Fault('subject-count', `the statement has ${subjects.length} subjects; exactly one is taken`)
  const optional = isManifest ? ['annotations'] : []
  const code = 'statement-member'
  const subject = new Members(subjects[0], 'subject', { required: SUBJECT_MEMBERS, optional, code })
  const read = { name: subject.text('name'), digest: readDigests(subject.value('digest')) }
  if (!subject.has('annotations')) return read
  const rehash = subject.members('annotations', { required: ['rehash'], code }).oneOf('rehash', ['full', 'incremental'])
  return { ...read, rehash }
}

/**
 * Reads a statement from payload bytes.
 *
 * @param options.foreign also takes Statement v0.1, and integers written as `2.0`
 * @throws Fault `statement-member`, `statement-type`, `subject-count`, `digest-encoding`, `subject-digest`, `json-type`,
 * and those of {@link parseStrictJson}
 */
export function readStatement(payload: Uint8Array, options: { readonly foreign?: boolean } = {}): StatementRead {
  const wholeFloats = options.foreign === true
  const value = parseStrictJson(payload, { maxBytes: MAX_DOCUMENT_BYTES, wholeFloats })
  const statement = new Members(value, 'statement', { required: MEMBERS, code: 'statement-member' })
  const type = statement.text('_type')
  if (type !== STATEMENT_TYPE && !(options.foreign === true && type === OLD_STATEMENT_TYPE))
    throw new Fault('statement-type', `_type is "${type.slice(0, 100)}", not "${STATEMENT_TYPE}"`)
  const predicate = statement.value('predicate') ?? new Map<string, StrictJson>()
  const predicateType = statement.text('predicateType')
  return { subject: readSubject(statement.list('subject'), predicateType === OMS_TYPE), predicateType, predicate }
}
