/**
 * The leaf `register/1`: the public line that says that a statement was made about a model.
 *
 * It stands in the log beside the `hashedrekord` leaf of the same statement and carries what a reader of leaves alone
 * has to know: which docket and where in it, and the few facts by which tests, revocations and replies are followed. It
 * is made from the signed statement and from nothing else, so that whoever has both can hold one against the other.
 *
 * Guarantee: canonical JSON of at most 4,096 bytes, one form for one meaning; no personal data: officers by the
 * pseudonym of a year, texts by salted digest.
 */
import { canonicalJson, Fault, parseStrictJson } from '../../base/index.ts'
import { toUtf8 } from '../encoding.ts'
import type { PredicateOf, ReadPredicate } from '../statements/predicate-types.ts'
import { SchemaReader } from '../statements/read-by-schema.ts'
import { COMMON_SCHEMA, REGISTER_LEAF_SCHEMA, STATEMENT_SCHEMAS } from '../statements/schemas.ts'
import type { DocketPlace } from '../statements/types/common.ts'
import type { MotDefect } from '../statements/types/mot-result.ts'
import type { RegisterLeaf, RegisterLeafSpec } from '../statements/types/register-leaf.ts'

/** Bytes of a leaf at most. */
export const MAX_REGISTER_LEAF_BYTES = 4096

/** A logged statement: what it says, and by which digests it is known. */
export interface LoggedStatement {
  readonly predicate: ReadPredicate
  /** SHA-256 of the signed bytes, hex. */
  readonly statement: string
  /** Hash of its `hashedrekord` leaf, hex: its identity. */
  readonly entry: string
}

type Fact = keyof RegisterLeafSpec
interface Facts {
  readonly needed: readonly Fact[]
  readonly allowed?: readonly Fact[]
}

/** The facts of each kind of leaf, beside those that all have. */
const FACTS: Readonly<Record<RegisterLeafSpec['kind'], Facts>> = {
  declaration: { needed: [] },
  inspection: { needed: ['result'] },
  'provenance-report': { needed: ['result'] },
  're-derivation': { needed: ['result'] },
  'test-intent': { needed: ['deadline'], allowed: ['retestOf'] },
  'mot-result': {
    needed: ['number', 'result', 'intent'],
    allowed: ['worst', 'expiresOn', 'seed', 'retestOf', 'statusIndex'],
  },
  clearance: { needed: ['number', 'result', 'expiresOn'], allowed: ['statusIndex'] },
  revocation: { needed: ['target', 'action', 'effectiveFrom'], allowed: ['number', 'statusIndex', 'text'] },
  reply: { needed: ['target', 'action', 'text'], allowed: ['result'] },
  family: { needed: ['action', 'toFamily'] },
}
const SHARED: readonly Fact[] = [
  'kind',
  'statement',
  'entry',
  'modelId',
  'familyId',
  'seq',
  'prev',
  'issuer',
  'officer',
  'time',
  'supersedes',
]

const { revocation, reply, family } = STATEMENT_SCHEMAS

/** What the leaf of a kind can do: the words of its statement. A word of another kind would be judged by the rules of that. */
const ACTIONS: ReadonlyMap<RegisterLeafSpec['kind'], readonly string[] | undefined> = new Map([
  ['revocation', revocation.properties?.['action']?.enum],
  ['reply', reply.properties?.['kind']?.enum],
  ['family', family.properties?.['action']?.enum],
])

const GRADES = ['dangerous', 'major', 'minor', 'advisory'] as const

function worstOf(defects: readonly MotDefect[]): MotDefect['category'] | undefined {
  return GRADES.find((grade) => defects.some(({ category }) => category === grade))
}

type Loose<Value> = { readonly [Name in keyof Value]?: Value[Name] | undefined }

/** What the leaf of each kind takes out of the predicate. */
const DESCRIBE: {
  readonly [Kind in RegisterLeafSpec['kind']]: (content: PredicateOf<Kind>) => Loose<RegisterLeafSpec>
} = {
  declaration: () => ({}),
  inspection: ({ verdict }) => ({ result: verdict }),
  'provenance-report': ({ relation }) => ({ result: relation }),
  're-derivation': ({ outcome }) => ({ result: outcome }),
  'test-intent': ({ deadline, retestOf }) => ({ deadline, retestOf }),
  'mot-result': ({ number, result, expiresOn, retestOf, statusIndex, intent, defects, beacon }) => ({
    number,
    result,
    expiresOn,
    retestOf,
    statusIndex,
    intent: intent.leafHash,
    worst: worstOf(defects),
    seed: beacon?.seed,
  }),
  clearance: ({ number, decision, expiresOn, statusIndex }) => ({ number, result: decision, expiresOn, statusIndex }),
  revocation: ({ target: { leafHash, number, statusIndex }, action, effectiveFrom, text }) => ({
    target: leafHash,
    number,
    statusIndex,
    action,
    effectiveFrom,
    text,
  }),
  reply: ({ to, kind, text, outcome }) => ({ target: to.leafHash, action: kind, text, result: outcome }),
  family: ({ action, familyId }) => ({ action, toFamily: familyId }),
}

function pick(facts: Loose<RegisterLeafSpec>): Partial<RegisterLeafSpec> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))
}

function placeOf({ modelId, familyId, seq, prev }: DocketPlace): Loose<RegisterLeafSpec> {
  return { modelId, familyId, seq, prev: prev?.leafHash }
}

/**
 * What the leaf of a statement says.
 *
 * @throws Fault `leaf-kind` for a statement that is not logged, or about no model
 */
export function describeLeaf({ predicate, statement, entry }: LoggedStatement): RegisterLeafSpec {
  const { kind, content } = predicate
  const { docket, issuer, issuedAt, supersedes } = content
  if (docket === undefined || kind === 'status-list')
    throw new Fault('leaf-kind', `the ${kind} names no place in a docket`)
  const shared = {
    kind,
    statement,
    entry,
    issuer: issuer.keyId,
    officer: issuer.role === 'officer' ? issuer.id : undefined,
    time: issuedAt,
    supersedes: supersedes?.leafHash,
  }
  const describe = DESCRIBE[kind] as (predicateContent: typeof content) => Loose<RegisterLeafSpec>
  return pick({ ...placeOf(docket), ...shared, ...describe(content) }) as RegisterLeafSpec
}

/** Writes a leaf. @throws Fault those of {@link readRegisterLeaf}, `leaf-kind` */
export function buildRegisterLeaf(said: LoggedStatement): Uint8Array {
  const leaf: RegisterLeaf = { apiVersion: '1', kind: 'register', spec: describeLeaf(said) }
  const bytes = toUtf8(canonicalJson(leaf))
  readRegisterLeaf(bytes)
  return bytes
}

const reader = new SchemaReader(COMMON_SCHEMA)

function checkFacts(spec: RegisterLeafSpec): void {
  const { needed, allowed = [] } = FACTS[spec.kind]
  const missing = needed.find((fact) => spec[fact] === undefined)
  if (missing !== undefined) throw new Fault('leaf-member', `the leaf of a ${spec.kind} has no "${missing}"`)
  const known = new Set<string>([...SHARED, ...needed, ...allowed])
  const unknown = Object.keys(spec).find((fact) => !known.has(fact))
  if (unknown !== undefined) throw new Fault('leaf-member', `the leaf of a ${spec.kind} has a "${unknown}"`)
  const { kind, action } = spec
  if (action !== undefined && ACTIONS.get(kind)?.includes(action) !== true)
    throw new Fault('leaf-member', `the leaf of a ${kind} cannot ${action}`)
  if ((spec.seq === 0) !== (spec.prev === undefined))
    throw new Fault('leaf-member', 'only the first leaf of a docket has none before it')
}

/**
 * Reads a leaf. Nothing is proven by that: a leaf says what its log wrote.
 *
 * @throws Fault `leaf-size`, `leaf-form` (not canonical), `leaf-member`; `predicate-member`, `json-type` and those of
 * `parseStrictJson`
 */
export function readRegisterLeaf(bytes: Uint8Array): RegisterLeafSpec {
  if (bytes.length > MAX_REGISTER_LEAF_BYTES)
    throw new Fault('leaf-size', `a leaf of ${bytes.length} bytes; at most ${MAX_REGISTER_LEAF_BYTES}`)
  const value = parseStrictJson(bytes, { maxBytes: MAX_REGISTER_LEAF_BYTES, maxDepth: 8 })
  const leaf = reader.read(value, REGISTER_LEAF_SCHEMA, 'leaf') as RegisterLeaf
  if (canonicalJson(leaf) !== new TextDecoder().decode(bytes))
    throw new Fault('leaf-form', 'the leaf is not canonical JSON')
  checkFacts(leaf.spec)
  return leaf.spec
}

/** The chain in which a log has to hold a leaf: that of the docket. */
export function chainOf({ modelId, seq, prev }: Pick<RegisterLeafSpec, 'modelId' | 'seq' | 'prev'>): {
  readonly key: string
  readonly seq: number
  readonly prev: string | null
} {
  return { key: `docket:${modelId}`, seq, prev: prev ?? null }
}

/** Holds a leaf against the statement that it speaks of. @throws Fault `leaf-mismatch`, `leaf-kind` */
export function checkLeafOf(leaf: RegisterLeafSpec, said: LoggedStatement): void {
  if (canonicalJson(leaf) !== canonicalJson(describeLeaf(said)))
    throw new Fault('leaf-mismatch', `the leaf at seq ${leaf.seq} does not say what the statement says`)
}
