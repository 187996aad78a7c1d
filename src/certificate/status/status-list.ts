/**
 * The signed status list: a statement with the status of all certificates of one list, good for a day.
 *
 * It names the checkpoint of the log that it reflects, so that it can be held against the log and that an older one is
 * told from a newer. Its subject is the bits themselves.
 */
import { Fault, formatTime } from '../../base/index.ts'
import { readBundle } from '../bundle.ts'
import { webCryptography, type Cryptography } from '../cryptography.ts'
import { toHex } from '../encoding.ts'
import { readStatement, STATEMENT_TYPE, type Statement, type StatementRead } from '../statement.ts'
import { readPredicateOf } from '../statements/read-predicate.ts'
import { predicateTypeOf } from '../statements/schemas.ts'
import type { Issuer, StatedCheckpoint } from '../statements/types/common.ts'
import type { StatusList } from '../statements/types/status-list.ts'
import { verifyBundle, type VerificationOptions } from '../verify-bundle.ts'
import type { StatusSource } from '../check-withdrawn.ts'
import { LIST_VALIDITY } from './check-status.ts'
import { decodeBits, encodeBits, STATUSES, StatusBits } from './bitstring.ts'

const STATUS_LIST_TYPE = predicateTypeOf('status-list')

/** What a list is made from. */
export interface StatusListContent {
  readonly list: string
  readonly bits: StatusBits
  readonly checkpoint: StatedCheckpoint
  readonly issuer: Issuer
  /** ms since 1970. */
  readonly issuedAt: number
}

/** The statement of a list, to be signed. */
export async function describeStatusList(
  { list, bits, checkpoint, issuer, issuedAt }: StatusListContent,
  cryptography: Cryptography = webCryptography,
): Promise<Statement<StatusList>> {
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: list, digest: { sha256: toHex(await cryptography.sha256(bits.bytes)) } }],
    predicateType: STATUS_LIST_TYPE,
    predicate: {
      list,
      purpose: 'message',
      statusSize: 2,
      statusMessages: STATUSES,
      entries: bits.entries,
      encodedList: await encodeBits(bits.bytes),
      issuer,
      issuedAt: formatTime(issuedAt),
      validUntil: formatTime(issuedAt + LIST_VALIDITY),
      checkpoint,
      assurance: 'self-attested',
      log: 'not logged',
    },
  }
}

/** A list that was read. */
export interface OpenedStatusList {
  readonly list: string
  readonly bits: StatusBits
  readonly checkpoint: StatedCheckpoint
  /** ms since 1970. */
  readonly issuedAt: number
  readonly validUntil: number
  /** Key that it names as its issuer. */
  readonly keyId: string
}

/**
 * Opens a list from a statement whose signature was verified.
 *
 * @throws Fault `predicate-type`, `subject-mismatch`, `status-validity`, those of `StatusBits`, `decodeBits` and the
 * reader of predicates
 */
export async function openStatusList(
  { predicateType, predicate, subject }: StatementRead,
  cryptography: Cryptography = webCryptography,
): Promise<OpenedStatusList> {
  if (predicateType !== STATUS_LIST_TYPE) throw new Fault('predicate-type', 'the statement is no status list')
  const { list, entries, encodedList, checkpoint, issuedAt, validUntil, issuer } = readPredicateOf(
    'status-list',
    predicate,
  )
  const empty = new StatusBits(entries)
  const bits = new StatusBits(entries, await decodeBits(encodedList, empty.bytes.length))
  if (subject.name !== list || subject.digest.get('sha256') !== toHex(await cryptography.sha256(bits.bytes)))
    throw new Fault('subject-mismatch', 'the subject of the status list is not its bits')
  const [from, until] = [Date.parse(issuedAt), Date.parse(validUntil)]
  if (until > from + LIST_VALIDITY)
    throw new Fault('status-validity', `the list ${list} says that it is good for more than 24 hours`)
  return { list, bits, checkpoint, issuedAt: from, validUntil: until, keyId: issuer.keyId }
}

/** How a signed list is trusted. */
export interface StatusListTrust extends VerificationOptions {
  /** Whether a key may sign statements of a type at a time (ms since 1970). */
  readonly mayIssue: (keyId: string, predicateType: string, time: number) => boolean
}

/**
 * Verifies the bundle of a list, and opens it.
 *
 * @throws Fault with the code of the check that failed or was not made, `role`, and those of {@link openStatusList}
 */
export async function readSignedStatusList(bytes: Uint8Array, trust: StatusListTrust): Promise<OpenedStatusList> {
  const report = await verifyBundle(bytes, { ...trust, predicateType: STATUS_LIST_TYPE })
  const wanting = report.checks.find(
    ({ id, outcome }) => outcome === 'fail' || (outcome === 'skipped' && id !== 'subject'),
  )
  if (wanting !== undefined || report.statement === null)
    throw new Fault(
      wanting?.reason ?? 'status-unverified',
      `the status list is not verified: ${wanting?.message ?? ''}`,
    )
  const { content } = readBundle(bytes)
  if (content.kind !== 'envelope') throw new Fault('predicate-type', 'a bare signature is no status list')
  const opened = await openStatusList(readStatement(content.payload), trust.cryptography)
  if (!trust.mayIssue(report.statement.keyId, STATUS_LIST_TYPE, opened.issuedAt))
    throw new Fault('role', `the key ${report.statement.keyId} may not sign status lists`)
  return opened
}

/**
 * A list as a source for `verifyBundle`, trusted by the same keys as the certificate. A key that is trusted for some types
 * of statements only has to be trusted for status lists. A list is neither logged nor stamped: it names the state of the
 * log, and lasts a day.
 */
export function statusSource(
  bytes: Uint8Array,
  { now, cryptography, trustedKeys, publicKeyPem, keyValidFrom }: VerificationOptions,
): StatusSource {
  const given = { cryptography, trustedKeys, publicKeyPem, keyValidFrom }
  const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  return { open: () => readSignedStatusList(bytes, { now, ...options, mayIssue: () => true }) }
}
