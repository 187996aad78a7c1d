/**
 * Until when a test or a clearance holds.
 *
 * Twelve months from the test. A test in the last month before the pass before it ends, counted as a month minus a day,
 * keeps the date, so that nobody loses by coming early.
 *
 * Source: UK MOT, "When to get an MOT".
 */
import { formatTime } from '../../base/index.ts'

/** Months for which a clearance or a pass holds. */
export const VALIDITY_MONTHS = 12
const DAY = 24 * 60 * 60 * 1000

/** The day `months` after a time, in UTC; the last of the month where the day does not exist. @example addMonths(Date.UTC(2024, 1, 29), 12) // '2025-02-28' */
export function addMonths(ms: number, months: number): string {
  const from = new Date(ms)
  const month = from.getUTCMonth() + months
  const lastDay = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate()
  const day = Math.min(from.getUTCDate(), lastDay)
  return formatTime(Date.UTC(from.getUTCFullYear(), month, day)).slice(0, 10)
}

/**
 * The last day of a pass.
 *
 * @param testedAt ms since 1970
 * @param previousExpiry last day of the pass before, if there was one
 * @example expiryOfTest(Date.UTC(2026, 3, 16), '2026-05-15') // '2027-05-15'
 */
export function expiryOfTest(testedAt: number, previousExpiry?: string): string {
  const previous = previousExpiry === undefined ? Infinity : Date.parse(`${previousExpiry}T00:00:00Z`)
  const keepsFrom = previous === Infinity ? Infinity : Date.parse(`${addMonths(previous, -1)}T00:00:00Z`) + DAY
  const keepsDate = testedAt >= keepsFrom && testedAt < previous + DAY
  return addMonths(keepsDate ? previous : testedAt, VALIDITY_MONTHS)
}
