/**
 * The schemas of all predicates, by the word that names each.
 *
 * The `$id` of a schema is the predicate type. The files beside this one are what is published.
 */
import clearance from './schemas/clearance.schema.json' with { type: 'json' }
import common from './schemas/common.schema.json' with { type: 'json' }
import declaration from './schemas/declaration.schema.json' with { type: 'json' }
import family from './schemas/family.schema.json' with { type: 'json' }
import inspection from './schemas/inspection.schema.json' with { type: 'json' }
import motResult from './schemas/mot-result.schema.json' with { type: 'json' }
import provenanceReport from './schemas/provenance-report.schema.json' with { type: 'json' }
import registerLeaf from './schemas/register-leaf.schema.json' with { type: 'json' }
import reDerivation from './schemas/re-derivation.schema.json' with { type: 'json' }
import reply from './schemas/reply.schema.json' with { type: 'json' }
import revocation from './schemas/revocation.schema.json' with { type: 'json' }
import statusList from './schemas/status-list.schema.json' with { type: 'json' }
import testIntent from './schemas/test-intent.schema.json' with { type: 'json' }
import type { Schema } from './schema.ts'

/** Every kind of statement, in the order in which a model meets them. */
export const STATEMENT_KINDS = [
  'declaration',
  'inspection',
  'provenance-report',
  're-derivation',
  'test-intent',
  'mot-result',
  'clearance',
  'revocation',
  'reply',
  'family',
  'status-list',
] as const
/** See {@link STATEMENT_KINDS}. */
export type StatementKind = (typeof STATEMENT_KINDS)[number]

/** What all predicates share. */
export const COMMON_SCHEMA = common as Schema

/** The leaf of the log that says that a statement was made. */
export const REGISTER_LEAF_SCHEMA = registerLeaf as Schema

/** The schema of each predicate. */
export const STATEMENT_SCHEMAS = {
  declaration,
  inspection,
  'provenance-report': provenanceReport,
  're-derivation': reDerivation,
  'test-intent': testIntent,
  'mot-result': motResult,
  clearance,
  revocation,
  reply,
  family,
  'status-list': statusList,
} as Readonly<Record<StatementKind, Schema>>

const KINDS: ReadonlyMap<string, StatementKind> = new Map(STATEMENT_KINDS.map((kind) => [predicateTypeOf(kind), kind]))

/** The predicate type of a kind. @example predicateTypeOf('reply') // 'https://tidewaiter.example/attestation/reply/v0.1' */
export function predicateTypeOf(kind: StatementKind): string {
  return `https://tidewaiter.example/attestation/${kind}/v0.1`
}

/** The kind of a predicate type; undefined for one that is not ours. */
export function kindOf(predicateType: string): StatementKind | undefined {
  return KINDS.get(predicateType)
}
