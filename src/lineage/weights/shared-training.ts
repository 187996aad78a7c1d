/**
 * Shared training or only a shared beginning?
 *
 * Two models that began with the same random numbers (one seed, one published initialisation) and were then trained
 * apart number their units alike, as kin do. What they do not share is what was learned. Three measures look at that,
 * each blind to the initial numbers in its own way:
 *
 * - gains: norm gains start as a constant, so all that they have in common after centring was learned together;
 * - overlap: leading directions of the units; see `subspace.ts`;
 * - cosine: of units of the same number in matched layers; it falls as both move away from where they began.
 *
 * A measure that cannot be taken (gains folded away, widths changed) does not vote. Thresholds and what was measured
 * on either side of them: `docs/method.md`, section 4.
 */
import type { MapCell } from './layer-map.ts'
import { draw } from './sampling.ts'
import type { Mlp, MlpView } from './mlp.ts'
import { isTrained, type Gains } from './residual.ts'
import { subspaceOverlap } from './subspace.ts'
import { readUnits } from './unit-matrix.ts'
import type { Weights } from './weights.ts'

/** Each a mean over what was matched; null when it could not be taken. */
export interface SharedTraining {
  /** Correlation of centred norm gains, −1 to 1. */
  readonly gains: number | null
  /** Overlap of leading directions, 0 at chance to 1. */
  readonly overlap: number | null
  /** Cosine of units of the same number, −1 to 1. */
  readonly cosine: number | null
}

/** At or above these a measure speaks for shared training. */
export const SHARED_TRAINING_AT = { gains: 0.5, overlap: 0.24, cosine: 0.5 } as const

/** Correlation of two vectors after subtracting their means. */
export function centredCorrelation(a: Float32Array, b: Float32Array): number {
  const meanA = a.reduce((sum, value) => sum + value, 0) / a.length
  const meanB = b.reduce((sum, value) => sum + value, 0) / b.length
  let product = 0
  let squareA = 0
  let squareB = 0
  for (let i = 0; i < a.length; i++) {
    const x = (a[i] ?? 0) - meanA
    const y = (b[i] ?? 0) - meanB
    product += x * y
    squareA += x * x
    squareB += y * y
  }
  return squareA > 0 && squareB > 0 ? product / Math.sqrt(squareA * squareB) : 0
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}

/** The key of the same norm in the partner of its layer, or null when the layer has none. */
function partnerKey(key: string, partners: ReadonlyMap<number, number>): string | null {
  const [layer = '', role = ''] = key.split('/')
  if (Number(layer) < 0) return key
  const partner = partners.get(Number(layer))
  return partner === undefined ? null : `${partner}/${role}`
}

/** Mean centred correlation of the gains of matched layers and of the norms outside layers. */
export function gainsCorrelation(a: Gains, b: Gains, partners: ReadonlyMap<number, number>): number | null {
  const correlations = [...a].flatMap(([key, ours]) => {
    const other = partnerKey(key, partners)
    const theirs = other === null ? undefined : b.get(other)
    const comparable = theirs !== undefined && theirs.length === ours.length && isTrained(ours) && isTrained(theirs)
    return comparable ? [centredCorrelation(ours, theirs)] : []
  })
  return mean(correlations)
}

/** Layers whose subspaces are compared at most; evenly spread over the matched ones. */
const OVERLAP_LAYERS = 4
const OVERLAP_UNITS = 192
const OVERLAP_COORDINATES = 256

function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items]
  return Array.from({ length: count }, (_, i) => items[Math.floor(((i + 0.5) * items.length) / count)] as T)
}

function layerOverlap(a: readonly [Weights, Mlp], b: readonly [Weights, Mlp], seed: string): number | null {
  const view = (['gate', 'up'] as const satisfies readonly MlpView[]).find(
    (name) => a[1].views.has(name) && b[1].views.has(name),
  )
  if (view === undefined) return null
  const units = draw(seed, 'subspace units', { size: Math.min(a[1].width, b[1].width), count: OVERLAP_UNITS })
  const read = ([weights, mlp]: readonly [Weights, Mlp]): { rows: Float32Array; dimension: number } | null => {
    const matrix = mlp.views.get(view)
    const coordinates = draw(seed, 'subspace coordinates', { size: mlp.inner, count: OVERLAP_COORDINATES })
    return matrix === undefined
      ? null
      : { rows: readUnits(weights, matrix, { units, coordinates }), dimension: coordinates.length }
  }
  const ours = read(a)
  const theirs = read(b)
  return ours === null || theirs === null ? null : subspaceOverlap(ours, theirs)
}

/** Both models with their MLPs by layer. */
export interface OverlapSides {
  readonly a: Weights
  readonly b: Weights
  readonly mlpsA: readonly Mlp[]
  readonly mlpsB: readonly Mlp[]
  readonly seed: string
}

/** Mean overlap over some of the matched layers. */
export function meanOverlap(sides: OverlapSides, matched: readonly MapCell[]): number | null {
  const overlaps = spread(matched, OVERLAP_LAYERS).flatMap((cell) => {
    const ours = sides.mlpsA.find(({ layer }) => layer === cell.a)
    const theirs = sides.mlpsB.find(({ layer }) => layer === cell.b)
    if (ours === undefined || theirs === undefined) return []
    return layerOverlap([sides.a, ours], [sides.b, theirs], sides.seed) ?? []
  })
  return mean(overlaps)
}
