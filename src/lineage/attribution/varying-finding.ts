/**
 * Findings whose weights vary over the model: slerp, recipes by layer, layers passed through.
 */
import type { LayerWeights, RecipeFinding, RecipeParameter } from './attribution.ts'
import { fitAffine } from './fit.ts'
import { nameParent, rounded, streamEvidence } from './findings.ts'
import { pool } from './pool.ts'
import { fitSlerp, type SlerpFit } from './slerp.ts'
import type { StreamFit } from './stream-recipe.ts'
import type { Survey } from './survey.ts'

/** Share of the elements whose tensors must lie on the curve. */
const ON_CURVE = 0.98
/** Places on the curve that differ by no more are one t. */
const SAME_T = 0.005
/** Two parents have to do with each other from this cosine of their values on. */
const RELATED = 0.3

function layersOf(fits: readonly StreamFit[]): Map<number, StreamFit[]> {
  const byLayer = Map.groupBy(fits, ({ stream }) => stream.stream.part.layer)
  return new Map([...byLayer].toSorted(([x], [y]) => x - y))
}

interface Weighted {
  readonly value: number
  readonly weight: number
}

function mean(values: readonly Weighted[]): number {
  const weight = values.reduce((sum, each) => sum + each.weight, 0)
  return values.reduce((sum, each) => sum + each.value * each.weight, 0) / (weight || 1)
}

function meanT(points: readonly { readonly slerp: SlerpFit }[]): number {
  return mean(points.map(({ slerp }) => ({ value: slerp.t, weight: 1 / Math.max(1e-12, slerp.error ** 2) })))
}

/** A slerp when the weights of nearly all tensors lie on the curve; null otherwise. */
export function slerpFinding(found: Survey, fits: readonly StreamFit[]): RecipeFinding | null {
  const points = fits.map((each) => ({ each, slerp: fitSlerp(each) }))
  const elements = (of: typeof points): number => of.reduce((sum, { each }) => sum + each.stream.elements, 0)
  const good = points.filter(({ slerp }) => slerp.fits)
  const members = fits[0]?.members
  if (members === undefined || elements(good) < ON_CURVE * elements(points)) return null
  const t = meanT(good)
  const error = 1 / Math.sqrt(good.reduce((sum, { slerp }) => sum + 1 / Math.max(1e-12, slerp.error ** 2), 0))
  const varies = good.some((point) => Math.abs(point.slerp.t - t) > Math.max(SAME_T, 4 * point.slerp.error))
  const byLayer = Map.groupBy(good, ({ each }) => each.stream.stream.part.layer)
  const layers = [...byLayer]
    .toSorted(([x], [y]) => x - y)
    .map(([layer, of]) => ({ layer, weights: [rounded(1 - meanT(of)), rounded(meanT(of))] }))
  const parameter: RecipeParameter = { name: 't', value: rounded(t), error: rounded(error) }
  return {
    recipe: 'slerp',
    base: null,
    parents: members.map((member, i) =>
      nameParent(found, member, { weight: varies ? null : i === 0 ? 1 - t : t, error: varies ? null : error }),
    ),
    parameters: varies ? [] : [parameter],
    layers: varies ? layers : [],
    evidence: streamEvidence(fits),
  }
}

/** Weights that sum to one in each tensor, given layer by layer. */
export function perLayerFinding(found: Survey, fits: readonly StreamFit[]): RecipeFinding {
  const members = fits[0]?.members ?? []
  const vectors = members.map((_, i) => i + 1)
  const layers = [...layersOf(fits)].flatMap<LayerWeights>(([layer, of]) => {
    const moments = pool(
      of.map(({ stream }) => stream),
      members,
      'fit',
    )
    const fit = fitAffine(moments, vectors)
    return fit === null ? [] : [{ layer, weights: fit.weights.map(rounded) }]
  })
  return {
    recipe: 'per-layer',
    base: null,
    parents: members.map((member) => nameParent(found, member, { weight: null, error: null })),
    parameters: [],
    layers,
    evidence: streamEvidence(fits),
  }
}

/** Layers passed through, each from the parent that gave most of it. */
export function passthroughFinding(found: Survey, fits: readonly StreamFit[]): RecipeFinding {
  const members = [...new Set(fits.map(({ members: [member = 0] }) => member))].toSorted((x, y) => x - y)
  const share = (of: readonly StreamFit[], member: number): number => {
    const sizes = of.map(({ stream, members: [from] }) => ({ value: Number(from === member), weight: stream.elements }))
    return rounded(mean(sizes))
  }
  return {
    recipe: 'passthrough',
    base: null,
    parents: members.map((member) => nameParent(found, member, { weight: share(fits, member), error: null })),
    parameters: [],
    layers: [...layersOf(fits)].map(([layer, of]) => ({ layer, weights: members.map((member) => share(of, member)) })),
    evidence: streamEvidence(fits),
  }
}

/** True when two of the parents have to do with each other where they differ: then the suspect may be their ancestor. */
export function areParentsRelated({ streams }: Survey, fits: readonly StreamFit[]): boolean {
  const members = [...new Set(fits.map(({ members: [member = 0] }) => member))]
  const own = new Map(fits.map(({ stream, members: [member = 0] }) => [stream, member]))
  return streams.some((stream) =>
    members.some((other) => {
      const from = own.get(stream)
      const place = 1 + stream.stream.members.indexOf(other)
      if (from === undefined || other === from || place === 0) return false
      const { size, plain } = stream
      const { gram } = plain
      const ss = gram[0] ?? 0
      const along = ss + (gram[place] ?? 0)
      const square = ss + 2 * (gram[place] ?? 0) + (gram[place * size + place] ?? 0)
      return stream.stream.part.rows > 1 && along > RELATED * Math.sqrt(ss * square)
    }),
  )
}
