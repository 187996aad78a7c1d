/**
 * One round of a blind alignment: from pairs of units to a rotation, from a rotation to pairs of units.
 *
 * The rotation is the polar factor of the weighted outer products of paired vectors. Pairs are mutual nearest neighbours
 * under cos(g,g') + |cos(u,u') + cos(d,d')| after the turn.
 *
 * Source: iterative closest point (P. Besl, N. McKay, IEEE PAMI 14, 1992), on directions.
 */
import { multiply } from '../../simd/index.ts'
import type { Matrix } from './frame.ts'
import type { FitLayer } from './minutiae.ts'
import { polarFactor, type Polar } from './polar.ts'

/** A pair of units by their places in two fit layers. The sign is that of up and down. */
export interface UnitPair {
  readonly i: number
  readonly j: number
  readonly weight: number
  readonly sign: 1 | -1
}

function takeScaled(
  rows: Float32Array,
  length: number,
  picks: readonly (readonly [place: number, scale: number])[],
): Float32Array {
  const out = new Float32Array(picks.length * length)
  for (const [at, [place, scale]] of picks.entries())
    for (let k = 0; k < length; k++) out[at * length + k] = scale * (rows[place * length + k] ?? 0)
  return out
}

/** Adds the outer products of rows that belong together. */
function addProducts(sums: Matrix, x: Float32Array, y: Float32Array): void {
  const { rows, columns, values } = sums
  const product = multiply(x, y, { rows, columns, inner: x.length / rows, transposeA: true })
  for (const [at, value] of product.entries()) values[at] = (values[at] ?? 0) + value
}

/** Two fit layers with their pairs. */
export interface PairedLayers {
  readonly a: FitLayer
  readonly b: FitLayer
  readonly pairs: readonly UnitPair[]
}

/** The rotation that takes the vectors of A nearest to those of B; null when there is nothing to go by. */
export function fitRotation(layers: readonly PairedLayers[]): Polar | null {
  const [first] = layers
  if (first === undefined) return null
  const shape = { rows: first.a.length, columns: first.b.length }
  const sums = { ...shape, values: new Float32Array(shape.rows * shape.columns) }
  for (const { a, b, pairs } of layers) {
    if (pairs.length === 0) continue
    const [ours, theirs] = [a.length, b.length]
    addProducts(
      sums,
      takeScaled(
        a.lead,
        ours,
        pairs.map(({ i, weight }) => [i, weight]),
      ),
      takeScaled(
        b.lead,
        theirs,
        pairs.map(({ j }) => [j, 1]),
      ),
    )
    // Up and down of a unit stand one after the other, so that both are rows of the residual stream.
    addProducts(
      sums,
      takeScaled(
        a.wings,
        2 * ours,
        pairs.map(({ i, weight, sign }) => [i, weight * sign]),
      ),
      takeScaled(
        b.wings,
        2 * theirs,
        pairs.map(({ j }) => [j, 1]),
      ),
    )
  }
  return polarFactor(sums)
}

function turn(rows: Float32Array, { rows: inner, columns, values }: Matrix): Float32Array {
  return multiply(rows, values, { rows: rows.length / inner, inner, columns })
}

interface Best {
  readonly place: Int32Array
  readonly score: Float32Array
}

function emptyBest(count: number): Best {
  return { place: new Int32Array(count).fill(-1), score: new Float32Array(count) }
}

/** Mutual nearest neighbours after the turn. */
export function pairUnits(a: FitLayer, b: FitLayer, rotation: Matrix): UnitPair[] {
  const [count, width] = [a.units.length, b.units.length]
  const lead = multiply(turn(a.lead, rotation), b.lead, {
    rows: count,
    inner: b.length,
    columns: width,
    transposeB: true,
  })
  const wings = multiply(turn(a.wings, rotation), b.wings, {
    rows: count,
    inner: 2 * b.length,
    columns: width,
    transposeB: true,
  })
  const [forward, back] = [emptyBest(count), emptyBest(width)]
  for (let i = 0, at = 0; i < count; i++)
    for (let j = 0; j < width; j++, at++) {
      const score = (lead[at] ?? 0) + Math.abs(wings[at] ?? 0)
      if (score > (forward.score[i] ?? 0)) keep(forward, i, { place: j, score })
      if (score > (back.score[j] ?? 0)) keep(back, j, { place: i, score })
    }
  return Array.from(forward.place, (j, i): UnitPair[] => {
    if (j < 0 || back.place[j] !== i) return []
    const weight = ((forward.score[i] ?? 0) / 3) ** 2
    return [{ i, j, weight, sign: (wings[i * width + j] ?? 0) < 0 ? -1 : 1 }]
  }).flat()
}

function keep(best: Best, at: number, { place, score }: { place: number; score: number }): void {
  best.place[at] = place
  best.score[at] = score
}
