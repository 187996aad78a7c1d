/**
 * Unit shapes: numbers of a hidden unit that no change of the residual basis touches.
 *
 * Folding norm gains and rotating the residual stream leaves every hidden unit at its place but turns all its vectors.
 * What stays is their lengths and the angles between them: log |g|, log |u||d|, |cos(g,u)|, cos(g,d) with the sign of
 * cos(g,u), cos(u,d). With the gains of the norm before the MLP folded into g and u these five are the same before and
 * after. Units are neighbours when these numbers, each in standard deviations over the drawn units, are closest.
 *
 * The bound of the fixed-point test holds for any way of finding neighbours, so this view is as exact as the others; it
 * is weaker, because five numbers say less than a vector, and it is asked only when the plain views are silent.
 *
 * The mathematics: `docs/method.md`, section 2.6.
 */
import type { Mlp } from './mlp.ts'
import type { Part } from './part.ts'
import { readUnits } from './unit-matrix.ts'
import type { Weights } from './weights.ts'

/** Vectors of the units of one layer, in full length. */
interface UnitVectors {
  readonly gate: Float32Array | undefined
  readonly up: Float32Array | undefined
  readonly down: Float32Array | undefined
}

function inner(a: Float32Array, b: Float32Array, at: { readonly unit: number; readonly length: number }): number {
  let sum = 0
  for (let i = at.unit * at.length, end = i + at.length; i < end; i++) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}

function cosine(dot: number, squareA: number, squareB: number): number {
  return squareA > 0 && squareB > 0 ? dot / Math.sqrt(squareA * squareB) : 0
}

function logLength(square: number): number {
  return 0.5 * Math.log(Math.max(square, 1e-60))
}

function shapeOf({ gate, up, down }: UnitVectors, at: { readonly unit: number; readonly length: number }): number[] {
  const wide = up ?? gate
  if (wide === undefined || down === undefined) return []
  const uu = inner(wide, wide, at)
  const dd = inner(down, down, at)
  const ud = cosine(inner(wide, down, at), uu, dd)
  if (gate === undefined || gate === wide) return [logLength(uu), logLength(dd), ud]
  const gg = inner(gate, gate, at)
  const gu = cosine(inner(gate, wide, at), gg, uu)
  const gd = cosine(inner(gate, down, at), gg, dd)
  return [logLength(gg), logLength(uu) + logLength(dd), Math.abs(gu), gu < 0 ? -gd : gd, ud]
}

/** Multiplies each row by the gains of the norm before it. */
function fold(rows: Float32Array | undefined, gains: Float32Array | null): Float32Array | undefined {
  if (rows === undefined || gains === null || rows.length % gains.length !== 0) return rows
  return rows.map((value, i) => value * (gains[i % gains.length] ?? 1))
}

/** Each column in standard deviations from its mean. */
function standardise(rows: readonly (readonly number[])[]): Float64Array[] {
  const width = rows[0]?.length ?? 0
  const out = rows.map(() => new Float64Array(width))
  for (let column = 0; column < width; column++) {
    const values = rows.map((row) => row[column] ?? 0)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
    for (const [i, value] of values.entries()) {
      const row = out[i]
      if (row !== undefined) row[column] = spread > 0 ? (value - mean) / spread : 0
    }
  }
  return out
}

/** Gains by which a norm multiplies; Gemma keeps them less 1, but for its GGUF files. */
export function gainsOf(weights: Weights, norm: Part): Float32Array | null {
  if (norm.rows !== 1) return null
  const stored = weights.rows(norm, 0, 1)
  return weights.model.family === 'gemma' ? stored.map((value) => value + 1) : stored
}

/** The gains of the norm before the MLP of a layer; null when there are none. */
export function gainsBefore(weights: Weights, layer: number): Float32Array | null {
  const norm = weights.model.parts.find((part) => part.layer === layer && part.role === 'mlp-norm' && !part.bias)
  return norm === undefined ? null : gainsOf(weights, norm)
}

/** Shapes of the drawn units of one layer, one row a unit; empty when the layer has no pair of up and down. */
export function readUnitShapes(weights: Weights, mlp: Mlp, units: Uint32Array): readonly Float64Array[] {
  const coordinates = Uint32Array.from({ length: mlp.inner }, (_, i) => i)
  const read = (view: 'gate' | 'up' | 'down'): Float32Array | undefined => {
    const matrix = mlp.views.get(view)
    return matrix === undefined ? undefined : readUnits(weights, matrix, { units, coordinates })
  }
  const gains = gainsBefore(weights, mlp.layer)
  const vectors = { gate: fold(read('gate'), gains), up: fold(read('up'), gains), down: read('down') }
  const rows = Array.from(units, (_, unit) => shapeOf(vectors, { unit, length: mlp.inner }))
  return (rows[0]?.length ?? 0) === 0 ? [] : standardise(rows)
}

/** For each row of `a` the only nearest row of `b`, or -1. */
export function nearestShapes(a: readonly Float64Array[], b: readonly Float64Array[]): Int32Array {
  return Int32Array.from(a, (row) => {
    let best = Infinity
    let place = -1
    for (const [j, other] of b.entries()) {
      let distance = 0
      for (let i = 0; i < row.length; i++) distance += ((row[i] ?? 0) - (other[i] ?? 0)) ** 2
      if (distance < best) {
        best = distance
        place = j
      } else if (distance === best) place = -1
    }
    return place
  })
}
