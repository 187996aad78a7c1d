/**
 * To which family a model belongs; appealable.
 *
 * Made from `../schemas/family.schema.json` by `npm run docs`; do not edit.
 */
import type { AppliedPolicy, StatementCommon, StatementReference } from './common.ts'

/** To which family a model belongs; appealable. */
export interface FamilyAct extends StatementCommon {
  readonly action: 'assign' | 'split' | 'merge'
  /** The family that it belongs to from now on; of a merge, the one that takes in. */
  readonly familyId: string
  /** The family before; of a merge, the one that is taken in. */
  readonly from?: string
  /** The provenance report that says so. */
  readonly report?: StatementReference
  readonly policy: AppliedPolicy
}
