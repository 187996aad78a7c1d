/**
 * Is the difference of two matrices of low rank, as a merged LoRA leaves it?
 *
 * A block of up to 64 × 64 of the difference has the rank of the whole (for almost all blocks, up to its size). Rounding to the
 * stored type adds noise of known size, whose largest singular value stays below 2σ√n but for a little; what
 * rises above 1.5 times that edge is signal. The rank is said only when it is at most a third of the size n of the block.
 *
 * Source: edge of the Marchenko-Pastur law; one-sided Jacobi rotations (Hestenes 1958); what was measured: `docs/method.md`, section 6.
 */
import type { PartPair } from './part-pairs.ts'
import type { Weights } from './weights.ts'

const LARGEST_BLOCK = 64
const SMALLEST_BLOCK = 16

/** Singular values of a square matrix given by its columns, descending. The columns are used up. */
export function singularValues(columns: readonly Float64Array[]): number[] {
  for (let sweep = 0; sweep < 12; sweep++) if (!rotateAll(columns)) break
  return columns.map((column) => Math.hypot(...column)).toSorted((x, y) => y - x)
}

function rotateAll(columns: readonly Float64Array[]): boolean {
  let turned = false
  for (const [i, x] of columns.entries()) for (const y of columns.slice(i + 1)) if (rotate(x, y)) turned = true
  return turned
}

/** Makes two columns orthogonal; false when they already were. */
function rotate(x: Float64Array, y: Float64Array): boolean {
  let xx = 0
  let yy = 0
  let xy = 0
  for (const [i, u] of x.entries()) {
    const v = y[i] ?? 0
    xx += u * u
    yy += v * v
    xy += u * v
  }
  if (Math.abs(xy) <= 1e-12 * Math.sqrt(xx * yy)) return false
  const zeta = (yy - xx) / (2 * xy)
  const tangent = Math.sign(zeta || 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta))
  const c = 1 / Math.sqrt(1 + tangent * tangent)
  const s = c * tangent
  for (const [i, u] of x.entries()) {
    const v = y[i] ?? 0
    x[i] = c * u - s * v
    y[i] = s * u + c * v
  }
  return true
}

/** Distance between neighbours of a value in its stored type. */
function ulp(value: number, type: string): number {
  const bits = { bf16: 7, f16: 10, f32: 23 }[type.toLowerCase()]
  if (bits === undefined || value === 0) return 0
  return 2 ** (Math.floor(Math.log2(Math.abs(value))) - bits)
}

/** Rank of the difference of two matrices of the same shape; null when it is not low or cannot be told. */
export function lowRankOf(a: Weights, b: Weights, { a: ours, b: theirs }: PartPair): number | null {
  const size = Math.min(LARGEST_BLOCK, ours.rows, ours.columns)
  if (size < SMALLEST_BLOCK || ours.rope !== theirs.rope || ours.transposed !== theirs.transposed) return null
  const left = a.rows(ours, 0, size)
  const right = b.rows(theirs, 0, size)
  const columns = Array.from({ length: size }, () => new Float64Array(size))
  let noise = 0
  for (const [j, column] of columns.entries()) {
    for (let i = 0; i < size; i++) {
      const x = left[i * ours.columns + j] ?? 0
      const y = right[i * theirs.columns + j] ?? 0
      column[i] = x - y
      noise += (ulp(x, ours.tensor.type) ** 2 + ulp(y, theirs.tensor.type) ** 2) / 12
    }
  }
  const edge = 2 * Math.sqrt(noise / size)
  const rank = singularValues(columns).filter((value) => value > 1.5 * edge).length
  return rank > 0 && rank <= size / 3 && edge > 0 ? rank : null
}
