/**
 * When did the signature exist, by the word of somebody else than the signer?
 *
 * Every timestamp must hold, none may stand twice, and none may lie in the future; the earliest of them is the trusted
 * time. Without a trusted authority they are held against the bundle only, and the check counts as skipped.
 */
import { countOf, Fault, formatTime } from '../base/index.ts'
import type { Bundle } from './bundle.ts'
import { CLOCK_SKEW } from './clock-skew.ts'
import type { Cryptography } from './cryptography.ts'
import { equalBytes } from './encoding.ts'
import { held, notApplicable, skipped, type Outcome } from './report.ts'
import { fitTimestamp, verifyTimestamp, type TimestampAuthority } from './timestamp/verify.ts'

/** What {@link checkTimestamps} holds them against. */
export interface TimeContext {
  readonly authorities: readonly TimestampAuthority[]
  /** Refuse a bundle without a timestamp. */
  readonly required: boolean
  /** ms since 1970. */
  readonly now: number
  readonly cryptography: Cryptography
}

const MAX_TIMESTAMPS = 8

function refuse(message: string): never {
  throw new Fault('timestamp-count', message)
}

function checkCount(timestamps: readonly Uint8Array[], required: boolean): void {
  if (timestamps.length > MAX_TIMESTAMPS)
    refuse(`the bundle carries ${timestamps.length} timestamps; at most ${MAX_TIMESTAMPS} are read`)
  const twice = timestamps.some((a, index) => timestamps.slice(index + 1).some((b) => equalBytes(a, b)))
  if (twice) refuse('the bundle carries the same timestamp twice')
  if (required && timestamps.length === 0) refuse('the bundle carries no timestamp; at least one is wanted')
}

/**
 * Verifies all timestamps.
 *
 * @returns the trusted time, ms since 1970, when there is one
 * @throws Fault `timestamp-count`, `timestamp`, `timestamp-future`
 */
export async function checkTimestamps(
  { timestamps, signature }: Bundle,
  { authorities, required, now, cryptography }: TimeContext,
): Promise<Outcome<number | undefined>> {
  checkCount(timestamps, required)
  if (timestamps.length === 0) return notApplicable('no timestamp: the time of signing is the signer’s word')
  if (authorities.length === 0) {
    for (const timestamp of timestamps) await fitTimestamp(timestamp, signature, cryptography)
    const message = `the timestamps (${timestamps.length}) fit the signature, but no timestamp authority is trusted here`
    return skipped('timestamp-not-verified', message)
  }
  const times: number[] = []
  for (const timestamp of timestamps) {
    const { genTime } = await verifyTimestamp(timestamp, signature, { authorities, cryptography })
    if (genTime > now + CLOCK_SKEW)
      throw new Fault(
        'timestamp-future',
        `the timestamp is of ${formatTime(genTime)}, and now it is ${formatTime(now)}`,
      )
    times.push(genTime)
  }
  const earliest = Math.min(...times)
  return held(
    `existed at ${formatTime(earliest)}, by ${countOf(times.length, 'timestamp')} of trusted authorities`,
    earliest,
  )
}
