/** From when until when a key, a log or an authority counts. */

/** Times in ms since 1970, both inclusive; without bounds where absent. */
export interface ValidityWindow {
  readonly validFrom?: number
  readonly validUntil?: number
}

/** True when there is a bound. */
export function isBounded({ validFrom, validUntil }: ValidityWindow): boolean {
  return validFrom !== undefined || validUntil !== undefined
}

/** True when a time, ms since 1970, lies in the window. @example isWithin(2, { validFrom: 3 }) // false */
export function isWithin(time: number, { validFrom = -Infinity, validUntil = Infinity }: ValidityWindow): boolean {
  return time >= validFrom && time <= validUntil
}
