/**
 * Reads the predicate of any statement of ours: by its schema, then by the rules between its members.
 *
 * An unknown member is refused, not passed over: whoever verified a statement vouches for all of it
 * (`docs/adr/0016-schemas-are-the-source.md`).
 */
import { canonicalJson, parseStrictJson, type StrictJson } from '../../base/index.ts'
import { toUtf8 } from '../encoding.ts'
import { MAX_DOCUMENT_BYTES } from '../statement.ts'
import type { PredicateOf, ReadPredicate } from './predicate-types.ts'
import { SchemaReader } from './read-by-schema.ts'
import { checkRules } from './rules.ts'
import { COMMON_SCHEMA, kindOf, STATEMENT_SCHEMAS, type StatementKind } from './schemas.ts'

const reader = new SchemaReader(COMMON_SCHEMA)

/**
 * Reads a predicate of a known kind.
 *
 * @throws Fault `json-type`, `predicate-member`, `predicate-rule`, `certificate-number`
 */
export function readPredicateOf<Kind extends StatementKind>(kind: Kind, predicate: StrictJson): PredicateOf<Kind> {
  const content = reader.read(predicate, STATEMENT_SCHEMAS[kind], 'predicate') as PredicateOf<Kind>
  checkRules(kind, content)
  return content
}

/** Reads a predicate by its type; undefined when the type is not ours. @throws Fault like {@link readPredicateOf} */
export function readPredicate(predicateType: string, predicate: StrictJson): ReadPredicate | undefined {
  const kind = kindOf(predicateType)
  return kind === undefined ? undefined : ({ kind, content: readPredicateOf(kind, predicate) } as ReadPredicate)
}

/** Refuses a predicate that we would not read again. @throws Fault like {@link readPredicateOf}, `not-json`, `json-number` */
export function checkPredicateOf<Kind extends StatementKind>(kind: Kind, content: PredicateOf<Kind>): void {
  readPredicateOf(kind, parseStrictJson(toUtf8(canonicalJson(content)), { maxBytes: MAX_DOCUMENT_BYTES }))
}
