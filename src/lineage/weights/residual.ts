/**
 * The fixed-point test on residual dimensions (C1b).
 *
 * All layers write to and read from the same d numbers, and which of them carries what is as arbitrary as the order of
 * hidden units. So a residual dimension of A that finds itself at its own number in B tells of inheritance, even
 * where the MLPs were permuted, pruned or replaced. Two independent pictures of a dimension are looked at: its column
 * of the embedding (and of an untied head) over token numbers that both vocabularies have, and its gains in all norms.
 *
 * Columns are taken after subtracting from each token the mean over the dimensions, gains after subtracting from each
 * norm its mean: what all dimensions share says nothing about which is which.
 *
 * Assumed, besides the exchangeability of C1: nothing. Vocabularies need not agree; where they differ, power is lost.
 */
import { nearestByCosine } from '../../simd/index.ts'
import { fixedPoints, MIN_WIDTH, type FixedPoints } from './fixed-point.ts'
import type { Part } from './part.ts'
import { draw } from './sampling.ts'
import { readUnits, residualDimensions } from './unit-matrix.ts'
import type { Weights } from './weights.ts'

/** One picture of the residual dimensions. */
export interface ResidualTest {
  /** `embedding`, `head` or `norm gains`. */
  readonly view: string
  readonly points: FixedPoints
}

/** Dimensions drawn when there are more. */
const DRAWN_DIMENSIONS = 256
/** Tokens drawn when there are more. */
const DRAWN_TOKENS = 1024
/** Fewer norms than this say too little about a dimension. */
const LEAST_NORMS = 5

/** Subtracts from each column of a dimensions × coordinates matrix its mean over the dimensions. */
export function centreColumns(rows: Float32Array, coordinates: number): Float32Array {
  const sums = new Float64Array(coordinates)
  for (let at = 0; at < rows.length;)
    for (let i = 0; i < coordinates; i++, at++) sums[i] = (sums[i] ?? 0) + (rows[at] ?? 0)
  const count = rows.length / coordinates
  const out = new Float32Array(rows.length)
  for (let at = 0; at < rows.length;)
    for (let i = 0; i < coordinates; i++, at++) out[at] = (rows[at] ?? 0) - (sums[i] ?? 0) / count
  return out
}

/** Counts dimensions that find themselves, among the drawn ones. */
export function fixedDimensions(
  a: Float32Array,
  b: Float32Array,
  at: { readonly dimensions: Uint32Array; readonly coordinates: number },
): FixedPoints {
  const { dimensions, coordinates } = at
  const found = nearestByCosine(centreColumns(a, coordinates), centreColumns(b, coordinates), coordinates)
  const nearest = Int32Array.from(found.index, (place, i) => (found.tied[i] === 1 ? -1 : (dimensions[place] ?? -1)))
  return fixedPoints(dimensions, nearest, dimensions.length)
}

function tokenMatrix(weights: Weights, role: Part['role']): Part | undefined {
  return weights.model.parts.find((part) => part.role === role && !part.bias && part.rows > 1 && part.layer < 0)
}

function testColumns(
  a: Weights,
  b: Weights,
  at: { readonly role: 'embedding' | 'head'; readonly seed: string },
): ResidualTest[] {
  const ours = tokenMatrix(a, at.role)
  const theirs = tokenMatrix(b, at.role)
  if (ours === undefined || theirs === undefined || ours.columns !== theirs.columns || ours.columns < MIN_WIDTH)
    return []
  const dimensions = draw(at.seed, 'dimensions', { size: ours.columns, count: DRAWN_DIMENSIONS })
  const tokens = draw(at.seed, 'tokens', { size: Math.min(ours.rows, theirs.rows), count: DRAWN_TOKENS })
  const wanted = { units: dimensions, coordinates: tokens }
  const points = fixedDimensions(
    readUnits(a, residualDimensions(ours), wanted),
    readUnits(b, residualDimensions(theirs), wanted),
    { dimensions, coordinates: tokens.length },
  )
  return [{ view: at.role, points }]
}

/** Gains of the norms of a model, by place. */
export type Gains = ReadonlyMap<string, Float32Array>

const NORMS = ['attention-norm', 'mlp-norm', 'post-attention-norm', 'post-mlp-norm', 'final-norm', 'embedding-norm']

/** Reads all norm gains over the residual stream; keys name layer and role. */
export function readGains(weights: Weights, width: number): Gains {
  const norms = weights.model.parts.filter(
    ({ role, rows, columns }) => NORMS.includes(role) && rows === 1 && columns === width,
  )
  return new Map(norms.map((part) => [gainKey(part, part.layer), weights.rows(part, 0, 1)]))
}

/** Key of a norm's gains (or of its additive vector) in a layer. */
export function gainKey(part: Part, layer: number): string {
  return `${layer}/${part.role}${part.bias ? '-bias' : ''}`
}

/** Gains as dimensions × norms, for the norms that both have and that were trained away from a constant. */
export function gainsTest(a: Gains, b: Gains, seed: string): ResidualTest[] {
  const keys = [...a.keys()].filter(
    (key) => isTrained(a.get(key)) && isTrained(b.get(key)) && a.get(key)?.length === b.get(key)?.length,
  )
  const width = a.get(keys[0] ?? '')?.length ?? 0
  if (keys.length < LEAST_NORMS || width < MIN_WIDTH) return []
  const dimensions = draw(seed, 'dimensions', { size: width, count: DRAWN_DIMENSIONS })
  const stack = (gains: Gains): Float32Array =>
    Float32Array.from({ length: dimensions.length * keys.length }, (_, i) => {
      const vector = gains.get(keys[i % keys.length] ?? '')
      return vector?.[dimensions[Math.floor(i / keys.length)] ?? 0] ?? 0
    })
  return [{ view: 'norm gains', points: fixedDimensions(stack(a), stack(b), { dimensions, coordinates: keys.length }) }]
}

/** True when a vector is not one number all over: gains that were folded away or never trained say nothing. */
export function isTrained(vector: Float32Array | undefined): boolean {
  if (vector === undefined || vector.length < 2) return false
  const mean = vector.reduce((sum, value) => sum + value, 0) / vector.length
  const square = vector.reduce((sum, value) => sum + (value - mean) ** 2, 0) / vector.length
  return Math.sqrt(square) > 1e-4 * Math.max(1, Math.abs(mean))
}

/** Both sides of a C1b test. */
export interface ResidualSides {
  readonly a: Weights
  readonly b: Weights
  readonly gainsA: Gains
  readonly gainsB: Gains
}

/** All pictures of the residual dimensions that both models offer; none when their widths differ or are below 64. */
export function residualTests({ a, b, gainsA, gainsB }: ResidualSides, seed: string): ResidualTest[] {
  return [
    ...testColumns(a, b, { role: 'embedding', seed }),
    ...testColumns(a, b, { role: 'head', seed }),
    ...gainsTest(gainsA, gainsB, seed),
  ]
}
