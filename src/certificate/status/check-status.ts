/**
 * The status of one certificate by a list, for a verifier: does it hold today, as far as this list can tell?
 *
 * Three ways of asking. *fresh*: the list is at most 15 minutes old; *cached*: at most 24 hours; *offline*: a time of
 * grace on top, which whoever asks has to show. What is older is stale and passes nothing. A list that reflects less of
 * the log than one that was seen before is stale as well: somebody may be handing out an old list to hide a revocation.
 * What a list calls revoked or superseded stays so, however old the list.
 */
import { Fault } from '../../base/index.ts'
import { CLOCK_SKEW } from '../clock-skew.ts'
import type { StatedCheckpoint, StatusPlace } from '../statements/types/common.ts'
import type { Status } from './bitstring.ts'
import type { OpenedStatusList } from './status-list.ts'

/** Milliseconds for which a list may be relied on. */
export const LIST_VALIDITY = 24 * 60 * 60 * 1000
/** Milliseconds for which a list counts as fresh. */
export const FRESH_FOR = 15 * 60 * 1000
const MINUTE = 60_000

/** How it is asked. */
export interface StatusQuestion {
  /** Where the certificate says that its status stands. */
  readonly place: StatusPlace
  /** ms since 1970. */
  readonly now: number
  readonly mode: 'fresh' | 'cached' | 'offline'
  /** Milliseconds beyond 24 hours, for `offline` only. */
  readonly grace?: number
  /** The newest state of the log that the asker has seen. */
  readonly seen?: StatedCheckpoint
}

/** What it comes to: `stale` is exit code 3, `revoked` 4. */
export interface StatusAnswer {
  readonly verdict: 'pass' | 'stale' | 'revoked'
  /** `stale`, `status-rollback`, `suspended`, `revoked`, `superseded`; null when it passes. */
  readonly reason: string | null
  readonly status: Status
  /** The evidence, for a person. */
  readonly message: string
}

function allowedAge({ mode, grace = 0 }: StatusQuestion): number {
  if (mode === 'fresh') return FRESH_FOR
  return mode === 'cached' ? LIST_VALIDITY : LIST_VALIDITY + grace
}

function isBehind({ checkpoint }: OpenedStatusList, seen: StatedCheckpoint | undefined): boolean {
  if (seen === undefined || seen.origin !== checkpoint.origin) return false
  if (checkpoint.size === seen.size && checkpoint.root !== seen.root)
    throw new Fault(
      'status-fork',
      `two roots of ${seen.origin} at size ${seen.size}: the log shows different histories`,
    )
  return checkpoint.size < seen.size
}

/**
 * Asks a list that was verified.
 *
 * @throws Fault `status-list-other` (another list), `status-index`, `status-from-future`, `status-fork`
 */
export function checkStatus(opened: OpenedStatusList, question: StatusQuestion): StatusAnswer {
  const { place, now, mode, seen } = question
  if (place.list !== opened.list)
    throw new Fault('status-list-other', `the certificate stands in the list ${place.list}, this is ${opened.list}`)
  if (opened.issuedAt > now + CLOCK_SKEW)
    throw new Fault('status-from-future', `the list was issued ${new Date(opened.issuedAt).toISOString()}`)
  const status = opened.bits.get(place.index)
  const age = Math.max(0, now - opened.issuedAt)
  const told = `${status} by a list of ${new Date(opened.issuedAt).toISOString()}, ${Math.floor(age / MINUTE)} minutes old`
  const rolledBack = isBehind(opened, seen)
  if (status === 'revoked' || status === 'superseded')
    return { verdict: 'revoked', reason: status, status, message: told }
  if (rolledBack)
    return {
      verdict: 'stale',
      reason: 'status-rollback',
      status,
      message: `${told}; a newer state of the log was seen`,
    }
  if (age > allowedAge(question))
    return { verdict: 'stale', reason: 'stale', status, message: `${told}: too old to be asked ${mode}` }
  if (status === 'suspended') return { verdict: 'revoked', reason: 'suspended', status, message: told }
  const late = age > LIST_VALIDITY ? '; in the time of grace' : ''
  return { verdict: 'pass', reason: null, status, message: `${told}, asked ${mode}${late}` }
}
