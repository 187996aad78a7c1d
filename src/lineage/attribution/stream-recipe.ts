/**
 * Weights that vary: from layer to layer, from tensor to tensor, or all on one parent at a time.
 *
 * Each stream is fitted for itself. Where one candidate alone explains each stream, but not always the same, layers
 * were passed through; where the same few explain every stream with weights of its own, the recipe varies by layer or,
 * when the weights are those of a great circle, is a slerp.
 */
import { fitAffine, fitFree, subsetsOf, type Fit } from './fit.ts'
import type { StreamGram } from './gram.ts'
import { holdsAll, restrict } from './pool.ts'
import { isAtRounding, isMuchBetter } from './rounding-level.ts'

/** A fit of one stream by candidates `members`. */
export interface StreamFit {
  readonly stream: StreamGram
  readonly members: readonly number[]
  readonly fit: Fit
}

/** Share of all elements that must lie in explained streams. */
const COVERED = 0.98

function elementsOf(streams: readonly StreamGram[]): number {
  return streams.reduce((sum, { elements }) => sum + elements, 0)
}

function fitStreams(streams: readonly StreamGram[], members: readonly number[], fitter: typeof fitAffine): StreamFit[] {
  const parents = members.map((_, i) => i + 1)
  return streams.flatMap((stream) => {
    if (!holdsAll(stream, members)) return []
    const fit = fitter(restrict(stream, members, 'fit'), parents)
    return fit !== null && isAtRounding(fit, stream.elements) ? [{ stream, members, fit }] : []
  })
}

function isCovering(fits: readonly StreamFit[], streams: readonly StreamGram[]): boolean {
  return elementsOf(fits.map(({ stream }) => stream)) >= COVERED * elementsOf(streams)
}

/** For each stream the candidates that explain it alone. */
function copiesOf(streams: readonly StreamGram[], members: readonly number[]): Map<StreamGram, StreamFit[]> {
  const fits = members.flatMap((member) => fitStreams(streams, [member], fitAffine))
  return Map.groupBy(fits, ({ stream }) => stream)
}

/** Streams that were passed through whole from several candidates, by stream; null when one suffices or some are left. */
export function findPassthrough(streams: readonly StreamGram[], members: readonly number[]): StreamFit[] | null {
  const copies = copiesOf(streams, members)
  const chosen: number[] = []
  let left = [...copies.keys()]
  if (elementsOf(left) < COVERED * elementsOf(streams)) return null
  while (left.length > 0) {
    const covers = (member: number): StreamGram[] =>
      left.filter((stream) => copies.get(stream)?.some((fit) => fit.members[0] === member) === true)
    const best = members.reduce((top, member) => (elementsOf(covers(member)) > elementsOf(covers(top)) ? member : top))
    chosen.push(best)
    left = left.filter((stream) => !covers(best).includes(stream))
  }
  if (chosen.length < 2) return null
  return [...copies.values()].flatMap((fits) => {
    const first = chosen.find((member) => fits.some((fit) => fit.members[0] === member))
    return fits.find((fit) => fit.members[0] === first) ?? []
  })
}

function meanRatio(fits: readonly { readonly stream: StreamGram; readonly fit: Fit }[]): number {
  const sum = fits.reduce((all, { stream, fit }) => all + stream.elements * fit.ratio, 0)
  return sum / Math.max(1, elementsOf(fits.map(({ stream }) => stream)))
}

/** Mean ratio of the streams when one member alone explains them, of the best member. */
function ratioAlone(fits: readonly StreamFit[], members: readonly number[]): number {
  const ratios = members.map((member) =>
    meanRatio(
      fits.flatMap(({ stream }) => {
        const fit = fitAffine(restrict(stream, [member], 'fit'), [1])
        return fit === null ? [] : [{ stream, fit }]
      }),
    ),
  )
  return Math.min(...ratios)
}

/** The smallest set of candidates that explains every stream with weights of its own; null when none does. */
export function findVarying(
  streams: readonly StreamGram[],
  members: readonly number[],
): { readonly fits: readonly StreamFit[]; readonly affine: boolean } | null {
  for (const subset of subsetsOf(members).filter(({ length }) => length > 1))
    for (const [fitter, affine] of [
      [fitAffine, true],
      [fitFree, false],
    ] as const) {
      if (!affine && subset.length !== 2) continue
      const fits = fitStreams(streams, subset, fitter)
      if (isCovering(fits, streams) && isMuchBetter(meanRatio(fits), ratioAlone(fits, subset))) return { fits, affine }
    }
  return null
}
