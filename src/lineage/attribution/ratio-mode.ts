/**
 * The most frequent value of a ratio, where many elements share one and the rest are spread.
 *
 * Half of the elements of a DARE merge differ from the base by exactly 1/(1−p) of one parent's difference; the others
 * by anything. Bins are one per cent wide, so that 1 and 10 are found equally well, and the mode must stand out from
 * its neighbourhood.
 */

const LEAST = 0.05
const LARGEST = 50
/** Natural logarithm of the width of a bin. */
const WIDTH = 0.01
const BINS = Math.ceil(Math.log(LARGEST / LEAST) / WIDTH)
/** Bins on each side that make the neighbourhood. */
const NEIGHBOURS = 20
/** The mode holds this many times what an average bin of its neighbourhood holds. */
const PROMINENCE = 4
/** Fewer elements make no mode. */
const LEAST_COUNT = 40

function binOf(ratio: number): number {
  const size = Math.abs(ratio)
  if (!(size >= LEAST && size < LARGEST)) return -1
  const bin = Math.floor(Math.log(size / LEAST) / WIDTH)
  return Math.min(BINS - 1, bin) + (ratio < 0 ? BINS : 0)
}

function isProminent(counts: Uint32Array, bin: number): boolean {
  const first = bin < BINS ? 0 : BINS
  const from = Math.max(first, bin - NEIGHBOURS)
  const to = Math.min(first + BINS, bin + NEIGHBOURS + 1)
  let others = 0
  for (let i = from; i < to; i++) if (Math.abs(i - bin) > 1) others += counts[i] ?? 0
  return (counts[bin] ?? 0) >= LEAST_COUNT && (counts[bin] ?? 0) * (to - from) > PROMINENCE * others
}

/** The mode of some ratios between 0.05 and 50 in size; null when none stands out. */
export function modeOf(ratios: Float64Array): number | null {
  const counts = new Uint32Array(2 * BINS)
  for (const ratio of ratios) {
    const bin = binOf(ratio)
    if (bin >= 0) counts[bin] = (counts[bin] ?? 0) + 1
  }
  const best = counts.reduce((top, count, bin) => (count > (counts[top] ?? 0) ? bin : top), 0)
  if (!isProminent(counts, best)) return null
  const near = ratios.filter((ratio) => Math.abs(binOf(ratio) - best) <= 1 && binOf(ratio) >= 0)
  return near.sort()[near.length >> 1] ?? null
}
