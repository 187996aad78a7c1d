/**
 * The clearance: what the customs house decided about one consignment, as the predicate of a statement.
 *
 * It says the decision and its numbered reasons, on which dossier and by which policy, how much was read, who says so
 * and on what assurance, until when it holds, and whether it stands in a public log. It carries digests of the evidence
 * and none of its content. Its form is `statements/schemas/clearance.schema.json`.
 *
 * Source: in-toto attestation framework 1.2; UK MOT certificate for what a holder must be able to read off.
 */
import { formatTime, type StrictJson } from '../base/index.ts'
import { readPredicateOf } from './statements/read-predicate.ts'
import { predicateTypeOf } from './statements/schemas.ts'
import type { Clearance } from './statements/types/clearance.ts'
import { addMonths, VALIDITY_MONTHS } from './statements/validity.ts'

export type { Clearance, ClearanceReason } from './statements/types/clearance.ts'
export type { Evidence } from './statements/types/common.ts'

/** Type of the predicate. */
export const CLEARANCE_TYPE = predicateTypeOf('clearance')

type Completed = 'issuedAt' | 'expiresOn' | 'assurance' | 'log'

/** What was decided; nobody but the issuer vouches for it and it is not logged, unless it says otherwise. */
export interface ClearanceContent
  extends Omit<Clearance, Completed>, Partial<Pick<Clearance, 'expiresOn' | 'assurance' | 'log'>> {}

/** Completes the content of a clearance that is issued at `issuedAt` (ms since 1970) and holds for 12 months. */
export function buildClearance(content: ClearanceContent, issuedAt: number, months = VALIDITY_MONTHS): Clearance {
  return {
    expiresOn: addMonths(issuedAt, months),
    assurance: 'self-attested',
    log: 'not logged',
    ...content,
    issuedAt: formatTime(issuedAt),
  }
}

/** Reads the predicate of a clearance. @throws Fault like {@link readPredicateOf} */
export function readClearance(predicate: StrictJson): Clearance {
  return readPredicateOf('clearance', predicate)
}
