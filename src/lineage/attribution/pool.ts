/**
 * Streams added up for a fit or for a distance.
 *
 * For fits each element counts by the precision of its number, so streams are simply added. For distances each stream
 * is divided by its own mean square, so that each part of the model counts by its number of elements.
 */
import type { Moments } from './fit.ts'
import type { StreamGram } from './gram.ts'

/** What sums are for; see the module. */
export type Purpose = 'fit' | 'distance'

/** Moments of some candidates in one stream, vectors renumbered: 0 the suspect, then `members` in their order. */
export function restrict(stream: StreamGram, members: readonly number[], purpose: Purpose): Moments {
  const places = [0, ...members.map((member) => 1 + stream.stream.members.indexOf(member))]
  const size = places.length
  const sums = purpose === 'fit' ? stream.precise : stream.plain
  const gram = new Float64Array(size * size)
  for (const [i, p] of places.entries())
    for (const [j, q] of places.entries()) gram[i * size + j] = sums.gram[p * stream.size + q] ?? 0
  const noise = Float64Array.from(places, (p) => sums.noise[p] ?? 0)
  return { elements: stream.elements, gram, size, noise }
}

/** True when all the candidates take part. */
export function holdsAll({ stream }: StreamGram, members: readonly number[]): boolean {
  return members.every((member) => stream.members.includes(member))
}

function factorOf(moments: Moments, purpose: Purpose): number {
  if (purpose === 'fit') return 1
  const square = (moments.gram[0] ?? 0) / Math.max(1, moments.elements)
  return square > 0 ? 1 / square : 0
}

/** Adds up the streams in which all `members` take part. */
export function pool(streams: readonly StreamGram[], members: readonly number[], purpose: Purpose): Moments {
  const size = 1 + members.length
  const gram = new Float64Array(size * size)
  const noise = new Float64Array(size)
  let elements = 0
  for (const stream of streams) {
    if (!holdsAll(stream, members) || stream.elements === 0) continue
    const moments = restrict(stream, members, purpose)
    const factor = factorOf(moments, purpose)
    if (factor === 0) continue
    elements += moments.elements
    for (const [i, value] of moments.gram.entries()) gram[i] = (gram[i] ?? 0) + value * factor
    for (const [i, value] of moments.noise.entries()) noise[i] = (noise[i] ?? 0) + value * factor * moments.elements
  }
  return { elements, gram, size, noise: noise.map((sum) => sum / Math.max(1, elements)) }
}
