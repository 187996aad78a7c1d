/** The type of the predicate of each kind of statement. */
import type { Clearance } from './types/clearance.ts'
import type { Declaration } from './types/declaration.ts'
import type { FamilyAct } from './types/family.ts'
import type { InspectionReport } from './types/inspection.ts'
import type { MotResult } from './types/mot-result.ts'
import type { ProvenanceReport } from './types/provenance-report.ts'
import type { RederivationReport } from './types/re-derivation.ts'
import type { Reply } from './types/reply.ts'
import type { Revocation } from './types/revocation.ts'
import type { StatementKind } from './schemas.ts'
import type { StatusList } from './types/status-list.ts'
import type { TestIntent } from './types/test-intent.ts'

/** The predicate of each kind. */
interface Predicates {
  readonly declaration: Declaration
  readonly inspection: InspectionReport
  readonly 'provenance-report': ProvenanceReport
  readonly 're-derivation': RederivationReport
  readonly 'test-intent': TestIntent
  readonly 'mot-result': MotResult
  readonly clearance: Clearance
  readonly revocation: Revocation
  readonly reply: Reply
  readonly family: FamilyAct
  readonly 'status-list': StatusList
}

/** The predicate of one kind. */
export type PredicateOf<Kind extends StatementKind> = Predicates[Kind]

/** A predicate with the word that says which it is. */
export type ReadPredicate = {
  readonly [Kind in StatementKind]: { readonly kind: Kind; readonly content: PredicateOf<Kind> }
}[StatementKind]
