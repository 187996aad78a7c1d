/**
 * Streams added up, each by the precision of its numbers.
 *
 * A matrix of small weights is stored in small steps and says more of a coefficient than its size suggests, so each
 * stream is divided by the mean square of its rounding errors before it is added; for distances by its own mean
 * square, so that each part of the model counts by its number of elements.
 */
import type { Moments } from './fit.ts'
import type { StreamGram } from './gram.ts'

/** Moments of some candidates in one stream, vectors renumbered: 0 the suspect, then `members` in their order. */
export function restrict(stream: StreamGram, members: readonly number[]): Moments {
  const places = [0, ...members.map((member) => 1 + stream.stream.members.indexOf(member))]
  const size = places.length
  const gram = new Float64Array(size * size)
  for (const [i, p] of places.entries())
    for (const [j, q] of places.entries()) gram[i * size + j] = stream.gram[p * stream.size + q] ?? 0
  const noise = Float64Array.from(places, (p) => stream.noise[p] ?? 0)
  return { elements: stream.elements, gram, size, noise }
}

/** True when all the candidates take part. */
export function holdsAll({ stream }: StreamGram, members: readonly number[]): boolean {
  return members.every((member) => stream.members.includes(member))
}

/** What a stream is divided by before it is added. */
export type Scale = 'noise' | 'size'

function scaleOf(moments: Moments, scale: Scale): number {
  const meanSquare = (moments.gram[0] ?? 0) / Math.max(1, moments.elements)
  const noise = moments.noise.reduce((sum, each) => sum + each, 0)
  const divisor = scale === 'noise' ? noise : meanSquare
  return divisor > 0 ? 1 / divisor : 0
}

/** Adds up the streams in which all `members` take part. */
export function pool(streams: readonly StreamGram[], members: readonly number[], scale: Scale): Moments {
  const size = 1 + members.length
  const gram = new Float64Array(size * size)
  const noise = new Float64Array(size)
  let elements = 0
  for (const stream of streams) {
    if (!holdsAll(stream, members) || stream.elements === 0) continue
    const moments = restrict(stream, members)
    const factor = scaleOf(moments, scale)
    if (factor === 0) continue
    elements += moments.elements
    for (const [i, value] of moments.gram.entries()) gram[i] = (gram[i] ?? 0) + value * factor
    for (const [i, value] of moments.noise.entries()) noise[i] = (noise[i] ?? 0) + value * factor * moments.elements
  }
  return { elements, gram, size, noise: noise.map((sum) => sum / Math.max(1, elements)) }
}
