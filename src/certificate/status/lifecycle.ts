/**
 * What became of a certificate: valid, suspended, revoked or superseded, by the leaves of its docket.
 *
 * The truth is in the log; status lists are copies. A revocation acts from its `effectiveFrom` on; a test with a
 * dangerous defect voids every older pass of the model at once, unless an appeal against that test was upheld; a newer
 * statement of the same kind may replace an older one. Revoked is for ever. Descendants of a revoked model are listed
 * (`taint.ts`) and keep their status.
 *
 * Guarantee: pure; the same leaves and the same time give the same status.
 */
import { standingOf, validEntries, type Docket, type DocketEntry } from '../docket/docket.ts'
import { LETS_IN, PASSES } from '../statements/granted.ts'
import type { RegisterLeafSpec } from '../statements/types/register-leaf.ts'
import type { Status } from './bitstring.ts'

/** What can be done to a status; `void` and `replace` are said by no revocation but follow from other leaves. */
export type StatusAct = 'suspend' | 'reinstate' | 'revoke' | 'supersede' | 'expire' | 'void' | 'replace'

const END: Readonly<Partial<Record<StatusAct, Status>>> = {
  revoke: 'revoked',
  supersede: 'superseded',
  expire: 'superseded',
  void: 'revoked',
  replace: 'superseded',
}

const TRANSITIONS: Readonly<Record<Status, Readonly<Partial<Record<StatusAct, Status>>>>> = {
  valid: { ...END, suspend: 'suspended' },
  suspended: { ...END, reinstate: 'valid' },
  superseded: { revoke: 'revoked', void: 'revoked' },
  revoked: {},
}

/** The status after an act; undefined when the act is not possible. @example nextStatus('revoked', 'reinstate') // undefined */
export function nextStatus(status: Status, act: StatusAct): Status | undefined {
  return TRANSITIONS[status][act]
}

/** A certificate and what became of it. */
export interface CertificateStatus {
  readonly certificate: DocketEntry
  readonly status: Status
  /** The leaf that made it so; absent while nothing happened. */
  readonly cause?: DocketEntry
}

const GRANTED: ReadonlySet<string | undefined> = new Set([...PASSES, ...LETS_IN])

function isCertificate({ leaf }: DocketEntry): boolean {
  return leaf.kind === 'clearance' || leaf.kind === 'mot-result'
}

function isVoiding({ leaf }: DocketEntry, entries: readonly DocketEntry[]): boolean {
  return leaf.kind === 'mot-result' && leaf.worst === 'dangerous' && standingOf(leaf.entry, entries) !== 'undone'
}

const ACTS: ReadonlySet<string | undefined> = new Set(['suspend', 'reinstate', 'revoke', 'supersede', 'expire'])

function isStatusAct(action: RegisterLeafSpec['action']): action is RegisterLeafSpec['action'] & StatusAct {
  return ACTS.has(action)
}

/** What a later leaf does to a certificate, and from when (ms since 1970); undefined when nothing. */
function actOn(
  { leaf: target }: DocketEntry,
  later: DocketEntry,
  entries: readonly DocketEntry[],
): { readonly act: StatusAct; readonly from: number } | undefined {
  const { leaf } = later
  const from = Date.parse(leaf.effectiveFrom ?? leaf.time)
  if (leaf.kind === 'revocation' && leaf.target === target.entry && isStatusAct(leaf.action))
    return { act: leaf.action, from }
  if (isVoiding(later, entries) && GRANTED.has(target.result)) return { act: 'void', from }
  return leaf.supersedes === target.entry && leaf.kind === target.kind ? { act: 'replace', from } : undefined
}

function follow(certificate: DocketEntry, entries: readonly DocketEntry[], at: number): CertificateStatus {
  const later = entries.filter(({ index }) => index > certificate.index)
  return later.reduce<CertificateStatus>(
    (before, cause) => {
      const done = actOn(certificate, cause, entries)
      const status = done === undefined || done.from > at ? undefined : nextStatus(before.status, done.act)
      return status === undefined ? before : { certificate, status, cause }
    },
    { certificate, status: 'valid' },
  )
}

/**
 * What became of every certificate of a docket.
 *
 * @param at ms since 1970; acts that take effect later are left out
 */
export function listStatuses(docket: Docket | undefined, at: number): readonly CertificateStatus[] {
  const entries = validEntries(docket)
  return entries.filter(isCertificate).map((certificate) => follow(certificate, entries, at))
}

/** Whether a revocation can be said next: its act must be possible after all that was said, now or from later on. */
export function isPossible(docket: Docket | undefined, { target, action }: RegisterLeafSpec): boolean {
  const found = listStatuses(docket, Infinity).find(({ certificate }) => certificate.leaf.entry === target)
  if (found === undefined || !isStatusAct(action)) return action === 'revoke' || action === 'supersede'
  return nextStatus(found.status, action) !== undefined
}
