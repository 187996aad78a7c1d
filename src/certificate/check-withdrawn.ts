/**
 * Was it withdrawn since, as far as a status list can tell?
 *
 * A certificate says in which list its status stands, and which log it is in. A list of another name or of another log
 * answers nothing, and one that reflects less of the log than the certificate is proven to stand in, or than the caller has
 * seen, is stale: whoever hands it over may be hiding what came after. Without a list nothing is claimed.
 */
import { Fault } from '../base/index.ts'
import { commonOf, type Content } from './check-content.ts'
import type { LoggedEntry } from './check-log.ts'
import { toHex } from './encoding.ts'
import { held, notApplicable, type Outcome } from './report.ts'
import { checkStatus, type StatusQuestion } from './status/check-status.ts'
import type { OpenedStatusList } from './status/status-list.ts'
import type { StatedCheckpoint, StatusPlace } from './statements/types/common.ts'

/** A list to be asked, and how. */
export interface StatusSource extends Partial<Pick<StatusQuestion, 'mode' | 'grace' | 'seen'>> {
  /** Verifies the list. @throws Fault like `readSignedStatusList` */
  readonly open: () => Promise<OpenedStatusList>
}

/** Where the status of a certificate stands; undefined where it says nothing of it. */
function placeOf(content: Content): StatusPlace | undefined {
  if (content.kind === 'clearance') return content.clearance.statusIndex
  if (content.kind === 'statement' && content.predicate.kind === 'mot-result')
    return content.predicate.content.statusIndex
  return undefined
}

function seenBy(logged: LoggedEntry | undefined): StatedCheckpoint | undefined {
  if (logged === undefined) return undefined
  const { origin, size, root } = logged.checkpoint
  return { origin, size: Number(size), root: toHex(root) }
}

/** The newer of two states of one log; the first where the second is of another. */
function newer(one: StatedCheckpoint | undefined, other: StatedCheckpoint | undefined): StatedCheckpoint | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return other.origin === one.origin && other.size > one.size ? other : one
}

function ensureLog(content: Content, { checkpoint, list }: OpenedStatusList): void {
  const log = commonOf(content)?.log
  const origin = log === undefined || log === 'not logged' ? 'no log' : log.origin
  if (checkpoint.origin !== origin)
    throw new Fault('status-log-other', `the certificate is in ${origin}, the list ${list} is of ${checkpoint.origin}`)
}

/**
 * Asks the list.
 *
 * @throws Fault `revoked`, `suspended`, `superseded`, `stale`, `status-rollback`, `status-log-other`, those of
 *   {@link checkStatus} and of opening the list
 */
export async function checkWithdrawn(
  content: Content,
  logged: LoggedEntry | undefined,
  { source, now }: { readonly source: StatusSource | undefined; readonly now: number },
): Promise<Outcome> {
  const place = placeOf(content)
  if (place === undefined) return notApplicable('the statement has no place in a status list')
  if (source === undefined) return notApplicable('nobody asked whether it was withdrawn')
  const list = await source.open()
  ensureLog(content, list)
  const { mode = 'cached', grace = 0 } = source
  const seen = newer(seenBy(logged), source.seen)
  const answer = checkStatus(list, { place, now, mode, grace, ...(seen === undefined ? {} : { seen }) })
  if (answer.verdict !== 'pass') throw new Fault(answer.reason ?? answer.verdict, answer.message)
  return held(answer.message, undefined)
}
