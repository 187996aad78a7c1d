/** Numbers and days as a person reads them. Pure. */

/** Bytes for a person. @example formatBytes(1536) // '1.5 KiB' */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** power
  return `${power === 0 ? value : value.toFixed(1)} ${units[power] ?? ''}`
}

/** A log10 probability for a person. @example formatLog10p(-152.37) // '≤ 1e-152' */
export function formatLog10p(log10p: number): string {
  if (log10p >= 0) return '1'
  if (log10p > -4) return `≤ ${(10 ** log10p).toPrecision(2)}`
  return `≤ 1e${Math.ceil(log10p)}`
}

/** A number of things for a person. @example countOf(1, 'finding') // '1 finding' */
export function countOf(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`
}

/**
 * Numbers in ascending order, runs joined.
 *
 * @example
 * listNumbers([0, 1, 2, 3, 5]) // '0 to 3, 5'
 */
export function listNumbers(numbers: readonly number[]): string {
  const runs: string[] = []
  for (let at = 0; at < numbers.length;) {
    let end = at
    while (numbers[end + 1] === (numbers[end] ?? 0) + 1) end += 1
    runs.push(end === at ? `${numbers[at]}` : `${numbers[at]} to ${numbers[end]}`)
    at = end + 1
  }
  return runs.join(', ')
}

/** A day in UTC for a person. @example formatDay('2026-11-23T23:59:00Z') // '23 November 2026' */
export function formatDay(time: string): string {
  return new Date(time).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
}

/** A certificate number in groups of four. @example formatGroups('262300000017') // '2623 0000 0017' */
export function formatGroups(number: string): string {
  return number.replace(/(\d{4})(?=\d)/g, '$1 ')
}
