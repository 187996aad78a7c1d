/**
 * The status of all certificates of one list, as the log has it.
 *
 * Made from `../schemas/status-list.schema.json` by `npm run docs`; do not edit.
 */
import type { StatedCheckpoint, StatementCommon } from './common.ts'

/** The status of all certificates of one list, as the log has it. */
export interface StatusList extends StatementCommon {
  /** Id of the list. */
  readonly list: string
  /** statusPurpose of the W3C encoding. */
  readonly purpose: 'message'
  readonly statusSize: 2
  /** What 0, 1, 2 and 3 mean. */
  readonly statusMessages: readonly ['valid', 'suspended', 'revoked', 'superseded']
  /** Entries of the list. */
  readonly entries: number
  /** W3C Bitstring Status List: multibase base64url of the GZIP of the bits. */
  readonly encodedList: string
  /** Nobody may rely on it after. */
  readonly validUntil: string
  /** The state of the log that it reflects. */
  readonly checkpoint: StatedCheckpoint
}
