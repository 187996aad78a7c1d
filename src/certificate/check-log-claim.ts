/**
 * Does the bundle keep what the statement says about its log?
 *
 * A statement cannot hold its own place in a log, but ours say which log they are entered into. Whoever strips the entry
 * from such a bundle would make it look like one that never was to be public; that is refused, whatever the caller asks.
 */
import { Fault, isStrictObject } from '../base/index.ts'
import type { Bundle } from './bundle.ts'
import type { LoggedEntry } from './check-log.ts'
import type { StatementRead } from './statement.ts'

/** How the types of our own predicates begin. */
const OWN_TYPES = 'https://tidewaiter.example/attestation/'

/** Origin of the log that a statement of ours says it is entered into; undefined when it says nothing of the kind. */
function statedLog({ predicateType, predicate }: StatementRead): string | undefined {
  if (!predicateType.startsWith(OWN_TYPES) || !isStrictObject(predicate)) return undefined
  const log = predicate.get('log')
  const origin = isStrictObject(log) ? log.get('origin') : undefined
  return typeof origin === 'string' ? origin : undefined
}

/** Holds the evidence against the claim. @throws Fault `log-claim` */
export function checkLogClaim(statement: StatementRead, { logEntries }: Bundle, logged: LoggedEntry | undefined): void {
  const origin = statedLog(statement)
  if (origin === undefined) return
  const shown = JSON.stringify(origin.slice(0, 100))
  if (logEntries.length === 0)
    throw new Fault('log-claim', `it says that it is entered into the log ${shown}, but the bundle has no log entry`)
  if (logged !== undefined && logged.log.origin !== origin)
    throw new Fault(
      'log-claim',
      `it says that it is entered into the log ${shown}; the entry is of ${logged.log.origin}`,
    )
}
