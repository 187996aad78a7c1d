/**
 * Which ranges of a remote file are asked for, so that all that is wanted comes in few requests.
 *
 * What lies close together is asked for in one range with what lies between. The smallest gaps are closed first, until
 * there are no more ranges than requests are allowed; so the bytes that nobody wanted are as few as that number allows.
 *
 * Guarantee: pure; every wanted byte lies in one range, ranges ascend and do not touch, and there are at most so many.
 */

/** Bytes [from, to) of a file. */
export interface WantedRange {
  readonly file: string
  readonly from: number
  readonly to: number
}

function byPlace(a: WantedRange, b: WantedRange): number {
  return a.file === b.file ? a.from - b.from || a.to - b.to : a.file < b.file ? -1 : 1
}

/** Joins ranges of one file that overlap or touch. */
function join(ranges: readonly WantedRange[]): WantedRange[] {
  const joined: WantedRange[] = []
  for (const range of ranges.toSorted(byPlace)) {
    const last = joined.at(-1)
    if (last === undefined || last.file !== range.file || range.from > last.to) joined.push(range)
    else joined[joined.length - 1] = { ...last, to: Math.max(last.to, range.to) }
  }
  return joined
}

/**
 * Plans; see the module. There are never fewer ranges than files.
 *
 * @param limits ranges that there may be, and bytes of a gap up to which it is closed in any case
 */
export function planRanges(
  wanted: readonly WantedRange[],
  limits: { readonly requests: number; readonly gap: number },
): readonly WantedRange[] {
  const ranges = join(wanted.filter(({ from, to }) => to > from))
  const gaps = ranges.flatMap((range, i) => {
    const before = ranges[i - 1]
    return before?.file === range.file ? [{ at: i, size: range.from - before.to }] : []
  })
  const small = gaps.filter(({ size }) => size <= limits.gap).length
  const closing = Math.max(small, ranges.length - limits.requests)
  const closed = new Set(
    gaps
      .toSorted((a, b) => a.size - b.size || a.at - b.at)
      .slice(0, closing)
      .map(({ at }) => at),
  )
  const bridged = ranges.map((range, i) => {
    const before = ranges[i - 1]
    return closed.has(i) && before !== undefined ? { ...range, from: before.to } : range
  })
  return join(bridged)
}

/** Bytes of ranges that do not overlap. */
export function rangeBytes(ranges: readonly WantedRange[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from, 0)
}
