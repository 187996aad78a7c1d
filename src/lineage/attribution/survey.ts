/**
 * What the passes over all streams left, put in order for the recipes: who takes part in enough of the model, and
 * which candidates are one but for rounding.
 */
import { fitAffine } from './fit.ts'
import type { StreamGram } from './gram.ts'
import { holdsAll, pool, restrict } from './pool.ts'
import { isAtRounding, isTwin } from './rounding-level.ts'

/** Streams and the candidates that speak for themselves. */
export interface Survey {
  readonly refs: readonly string[]
  readonly streams: readonly StreamGram[]
  /** One candidate of each group of twins, ascending. */
  readonly members: readonly number[]
  /** Those of them that take part in nearly all of the model. */
  readonly broad: readonly number[]
  /** Twins of each member, by number, itself left out. */
  readonly twins: ReadonlyMap<number, readonly number[]>
}

/** A candidate speaks for the whole model from this share of its elements on. */
const BROAD = 0.9

function elementsOf(streams: readonly StreamGram[]): number {
  return streams.reduce((sum, { elements }) => sum + elements, 0)
}

function areTwins(streams: readonly StreamGram[], x: number, y: number): boolean {
  const moments = pool(streams, [x, y], 'fit')
  return moments.elements > 0 && isTwin(moments, 1, 2)
}

/** Surveys candidates 0 … refs.length − 1, those of `left` left out. */
export function survey(
  refs: readonly string[],
  streams: readonly StreamGram[],
  left: ReadonlySet<number> = new Set(),
): Survey {
  const twins = new Map<number, number[]>()
  for (const candidate of refs.keys()) {
    if (left.has(candidate) || !streams.some((stream) => holdsAll(stream, [candidate]))) continue
    const first = [...twins.keys()].find((member) => areTwins(streams, member, candidate))
    if (first === undefined) twins.set(candidate, [])
    else twins.get(first)?.push(candidate)
  }
  const members = [...twins.keys()]
  const total = elementsOf(streams)
  const broad = members.filter(
    (member) => elementsOf(streams.filter((stream) => holdsAll(stream, [member]))) >= BROAD * total,
  )
  return { refs, streams, members, broad, twins }
}

/** Streams in which all broad members take part. */
export function broadStreams({ streams, broad }: Survey): readonly StreamGram[] {
  return streams.filter((stream) => holdsAll(stream, broad) && stream.elements > 0)
}

/** An only parent explains this share of the elements. */
const ALL = 0.999
/** Candidates whose residuals differ by no more than this factor explain equally well. */
const EQUALLY = 1.2

/**
 * Candidates that explain the suspect alone, down to rounding, in all of its streams, the best first; more than one
 * when they explain it equally well.
 */
export function findOnlyParents({ streams, broad }: Survey): number[] {
  const total = elementsOf(streams)
  const fits = broad.flatMap((member) => {
    const explained = streams.filter((stream) => {
      const fit = holdsAll(stream, [member]) ? fitAffine(restrict(stream, [member], 'fit'), [1]) : null
      return fit !== null && isAtRounding(fit, stream.elements)
    })
    const fit = fitAffine(pool(streams, [member], 'fit'), [1])
    return fit !== null && elementsOf(explained) >= ALL * total ? [{ member, ratio: fit.ratio }] : []
  })
  const best = fits.reduce((least, { ratio }) => Math.min(least, ratio), Infinity)
  return fits
    .filter(({ ratio }) => ratio <= EQUALLY * best)
    .toSorted((x, y) => x.ratio - y.ratio)
    .map(({ member }) => member)
}
