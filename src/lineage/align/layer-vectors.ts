/**
 * The hidden units of a layer as vectors in the residual stream, with the gains of the norm before it folded in.
 *
 * Folding on both sides makes a model whose gains were folded away comparable with one that kept them, and is what a
 * rotation of the residual stream needs: after it no gain stands on its own dimension any more.
 */
import { MLP_VIEWS, type Mlp, type MlpView } from '../weights/mlp.ts'
import { readUnits } from '../weights/unit-matrix.ts'
import { gainsBefore } from '../weights/unit-shape.ts'
import type { Weights } from '../weights/weights.ts'

/** A layer from which units can be read in each view. */
export interface LayerVectors {
  readonly layer: number
  /** Hidden units. */
  readonly width: number
  /** Residual dimensions. */
  readonly length: number
  readonly views: readonly MlpView[]
  /**
   * Vectors of units, one row each, in their own length.
   *
   * @param units ascending
   * @param coordinates ascending
   */
  read(view: MlpView, units: Uint32Array, coordinates: Uint32Array): Float32Array
}

/** All numbers below `size`. */
export function everyNumber(size: number): Uint32Array {
  return Uint32Array.from({ length: size }, (_, i) => i)
}

/** Opens a layer. */
export function layerVectors(weights: Weights, mlp: Mlp): LayerVectors {
  const gains = gainsBefore(weights, mlp.layer)
  return {
    layer: mlp.layer,
    width: mlp.width,
    length: mlp.inner,
    views: MLP_VIEWS.filter((view) => mlp.views.has(view)),
    read(view, units, coordinates) {
      const matrix = mlp.views.get(view)
      if (matrix === undefined) return new Float32Array(units.length * coordinates.length)
      const rows = readUnits(weights, matrix, { units, coordinates })
      if (view === 'down' || gains?.length !== mlp.inner) return rows
      const scales = Float32Array.from(coordinates, (place) => gains[place] ?? 1)
      return rows.map((value, i) => value * (scales[i % scales.length] ?? 1))
    },
  }
}

/**
 * Rows of numbers in any order, by a reading that wants them ascending.
 *
 * @param numbers distinct
 * @param length of a row
 */
export function readInOrder(
  numbers: Uint32Array,
  length: number,
  read: (ascending: Uint32Array) => Float32Array,
): Float32Array {
  const sorted = numbers.toSorted()
  const rows = read(sorted)
  const places = new Map(Array.from(sorted, (number, place) => [number, place]))
  const out = new Float32Array(rows.length)
  for (const [i, number] of numbers.entries()) {
    const from = (places.get(number) ?? 0) * length
    out.set(rows.subarray(from, from + length), i * length)
  }
  return out
}
