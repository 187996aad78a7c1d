/**
 * An answer to a statement: taken without looking at its merit, and shown beside it.
 *
 * Made from `../schemas/reply.schema.json` by `npm run docs`; do not edit.
 */
import type { StatementCommon, StatementReference } from './common.ts'

/** An answer to a statement: taken without looking at its merit, and shown beside it. */
export interface Reply extends StatementCommon {
  /** The statement that it answers; of an outcome, the appeal. */
  readonly to: StatementReference
  /** Who answers, by role or pseudonym. */
  readonly party: string
  /** `outcome`: how an appeal ended, by whoever decides it. */
  readonly kind: 'reply' | 'appeal' | 'correction' | 'outcome'
  /** Salted SHA-256 of the words. */
  readonly text: string
  /** Where the words can be read. */
  readonly uri?: string
  /** `upheld`: the appeal succeeds. */
  readonly outcome?: 'upheld' | 'dismissed'
}
