/**
 * Decisions that bite, and that no single signature makes: to seize, to ban, to prosecute.
 *
 * A bundle holds one signature, so a bundle that carries such a decision is a proposal, however good the signature.
 */
import { Fault, isStrictObject } from '../../base/index.ts'
import type { StatementRead } from '../statement.ts'

/** As they stand in `predicate.decision`, whatever the type of the statement. */
export const BITING_DECISIONS: readonly string[] = ['seized', 'banned', 'prosecuted']

/** The decision that a statement carries in `predicate.decision`, if any. */
export function decisionOf({ predicate }: Pick<StatementRead, 'predicate'>): string | undefined {
  const decision = isStrictObject(predicate) ? predicate.get('decision') : undefined
  return typeof decision === 'string' ? decision : undefined
}

/** Refuses a decision that bites in a bundle of one signer. @throws Fault `quorum-wanted` */
export function refuseAlone(statement: Pick<StatementRead, 'predicate'>): void {
  const decision = decisionOf(statement) ?? ''
  if (BITING_DECISIONS.includes(decision))
    throw new Fault(
      'quorum-wanted',
      `"${decision}" takes signatures of several offices, and this is one; join the bundles and count them`,
    )
}
