/**
 * The rotation between two residual streams, found from tokens (orthogonal Procrustes).
 *
 * Rows of the embedding, and of the head with the gains of the final norm folded in, belong to the same tokens in both
 * models, however the residual stream was turned. Each row is taken in unit length, less the mean over the tokens, in unit
 * length again; R is the polar factor of the sum over the tokens of the outer products of A's row with B's.
 *
 * R is found without looking at hidden units, so the fixed-point test after it is as exact as before it.
 * Source: P. Schönemann, Psychometrika 31 (1966).
 */
import { multiply } from '../../simd/index.ts'
import { gainsOf } from '../weights/unit-shape.ts'
import { readUnits } from '../weights/unit-matrix.ts'
import type { Part } from '../weights/part.ts'
import type { Weights } from '../weights/weights.ts'
import type { Matrix } from './frame.ts'
import { everyNumber, readInOrder } from './layer-vectors.ts'
import { normaliseRows } from './neighbours.ts'
import { polarFactor, type Polar } from './polar.ts'
import { pairTokens, type TokenPairs } from './token-pairs.ts'

/** Wider residual streams take hours to turn and are left alone. */
const MOST_WIDTH = 5120
/** Fewer tokens than this say nothing of a rotation. */
const LEAST_TOKENS = 64

/** What was found. */
export interface TokenRotation {
  readonly rotation: Polar
  readonly tokens: number
  readonly by: TokenPairs['by'] | 'unit'
  /** `embedding`, `head` or both; none where units were paired. */
  readonly from: readonly string[]
}

type TokenRole = 'embedding' | 'head'

function findTokens(weights: Weights, role: TokenRole): Part | undefined {
  return weights.model.parts.find((part) => part.role === role && !part.bias && part.layer < 0 && part.rows > 1)
}

function tokenCount(part: Part): number {
  return part.transposed ? part.columns : part.rows
}

function widthOf(part: Part): number {
  return part.transposed ? part.rows : part.columns
}

/** Rows of tokens in any order. Two numbers may be the same token only where a vocabulary names it twice. */
function readTokens(weights: Weights, part: Part, tokens: Uint32Array): Float32Array {
  const [units, length] = [tokenCount(part), widthOf(part)]
  const matrix = { part, axis: part.transposed ? 'column' : 'row', units, length } as const
  const coordinates = everyNumber(length)
  return readInOrder(tokens, length, (ascending) => readUnits(weights, matrix, { units: ascending, coordinates }))
}

/**
 * Rows with gains folded in, in unit length, less their mean, in unit length again: so a token with a giant row, or
 * one that is no number, counts no more than any other.
 */
function centreTokens(rows: Float32Array, length: number, gains: Float32Array | null): Float32Array {
  const folded = gains === null ? rows : rows.map((value, i) => value * (gains[i % length] ?? 1))
  const directions = normaliseRows(folded, length).rows
  const mean = new Float64Array(length)
  for (let i = 0; i < directions.length; i++) mean[i % length] = (mean[i % length] ?? 0) + (directions[i] ?? 0)
  const count = directions.length / length
  const centred = directions.map((value, i) => value - (mean[i % length] ?? 0) / count)
  return normaliseRows(centred, length).rows
}

function finalGains(weights: Weights, width: number): Float32Array | null {
  const norm = weights.model.parts.find(({ role, bias }) => role === 'final-norm' && !bias)
  const gains = norm === undefined ? null : gainsOf(weights, norm)
  return gains?.length === width ? gains : null
}

function outerProducts(
  a: Weights,
  b: Weights,
  at: { readonly role: TokenRole; readonly seed: string },
): (Matrix & { pairs: TokenPairs }) | null {
  const [ours, theirs] = [findTokens(a, at.role), findTokens(b, at.role)]
  if (ours === undefined || theirs === undefined) return null
  const [rows, columns] = [widthOf(ours), widthOf(theirs)]
  const pairs = pairTokens(a, b, { rows: [tokenCount(ours), tokenCount(theirs)], seed: at.seed })
  if (pairs.a.length < LEAST_TOKENS || Math.max(rows, columns) > MOST_WIDTH) return null
  const gains = (weights: Weights, width: number): Float32Array | null =>
    at.role === 'head' ? finalGains(weights, width) : null
  const x = centreTokens(readTokens(a, ours, pairs.a), rows, gains(a, rows))
  const y = centreTokens(readTokens(b, theirs, pairs.b), columns, gains(b, columns))
  const values = multiply(x, y, { rows, inner: pairs.a.length, columns, transposeA: true })
  return { rows, columns, values, pairs }
}

/** Finds the rotation; null when the models have no tokens to go by or are too wide. */
export function rotationFromTokens(a: Weights, b: Weights, seed: string): TokenRotation | null {
  const embedding = outerProducts(a, b, { role: 'embedding', seed })
  if (embedding === null) return null
  const head = outerProducts(a, b, { role: 'head', seed })
  const hasHead = head?.rows === embedding.rows && head.columns === embedding.columns
  const values = hasHead ? embedding.values.map((value, i) => value + (head.values[i] ?? 0)) : embedding.values
  const rotation = polarFactor({ rows: embedding.rows, columns: embedding.columns, values })
  if (rotation === null) return null
  const { pairs } = embedding
  return { rotation, tokens: pairs.a.length, by: pairs.by, from: hasHead ? ['embedding', 'head'] : ['embedding'] }
}
