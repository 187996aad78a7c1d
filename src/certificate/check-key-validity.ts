/**
 * Were key and log valid when the statement was signed, and was the key the signer's alone?
 *
 * The time that counts is the trusted one, of a timestamp. Where there is none, our own statements are held against the
 * time that they state, which is the signer's word and is called that; a key that others may have is then refused
 * altogether, since whoever took it would date back. Neither does the signer's word say that a log whose key has an end
 * was still the log's alone.
 */
import { Fault, formatTime } from '../base/index.ts'
import type { ChosenKey, TrustedKey } from './check-key.ts'
import type { LoggedEntry } from './check-log.ts'
import { CLOCK_SKEW } from './clock-skew.ts'
import { held, notApplicable, skipped, type Outcome } from './report.ts'
import { isBounded, isWithin } from './validity-window.ts'

/** The times that are known of a signature, ms since 1970. */
export interface SigningTimes {
  /** Of the earliest verified timestamp. */
  readonly trusted: number | undefined
  /** As the statement states it. */
  readonly stated: number | undefined
}

function checkCompromise({ compromisedFrom, needsTime = false }: TrustedKey, trusted: number | undefined): void {
  if (trusted === undefined && (needsTime || compromisedFrom !== undefined))
    throw new Fault('key-compromised', 'others may have the key, and no trusted time says that this was signed before')
  if (compromisedFrom !== undefined && trusted !== undefined && trusted >= compromisedFrom)
    throw new Fault(
      'key-compromised',
      `signed by ${formatTime(trusted)}, but others may have the key since ${formatTime(compromisedFrom)}`,
    )
}

function checkLogTime(logged: LoggedEntry | undefined, trusted: number | undefined): void {
  if (logged === undefined || trusted === undefined || isWithin(trusted, logged.log)) return
  throw new Fault('log-validity', `the key of the log ${logged.log.origin} was not in use at ${formatTime(trusted)}`)
}

function checkStated({ trusted, stated }: SigningTimes): void {
  if (trusted !== undefined && stated !== undefined && stated > trusted + CLOCK_SKEW)
    throw new Fault(
      'issued-after-timestamp',
      `it says that it was issued ${formatTime(stated)}, after ${formatTime(trusted)}`,
    )
}

/** Holds keys against times. @throws Fault `key-validity`, `key-compromised`, `log-validity`, `issued-after-timestamp` */
export function checkKeyValidity(
  { trust }: ChosenKey,
  logged: LoggedEntry | undefined,
  { trusted, stated }: SigningTimes,
): Outcome {
  checkCompromise(trust, trusted)
  checkLogTime(logged, trusted)
  checkStated({ trusted, stated })
  const time = trusted ?? stated
  if (time !== undefined && !isWithin(time, trust))
    throw new Fault('key-validity', `the key was not valid at the time of signing, ${formatTime(time)}`)
  if (trusted === undefined && logged?.log.validUntil !== undefined)
    return skipped(
      'log-validity-unknown',
      `the key of the log ${logged.log.origin} is out of use from some time on, and no trusted time says that this was logged before`,
    )
  if (time === undefined && !isBounded(trust))
    return notApplicable('no time of signing is known, and the key has no bounds')
  if (time === undefined)
    return skipped('key-validity-unknown', 'no trusted time says that the key was valid when it signed')
  const word = trusted === undefined ? ', by the signer’s own word' : ''
  return held(`the key was valid at ${formatTime(time)}${word}`, undefined)
}
