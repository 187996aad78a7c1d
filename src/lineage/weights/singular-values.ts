/**
 * Singular values by one-sided Jacobi rotations: slow, simple, and exact to the last few bits for small matrices.
 *
 * Source: M. R. Hestenes, J. SIAM 6 (1958).
 */

/** Singular values of a matrix given by its columns, descending; zeros beyond its rank. The columns are used up. */
export function singularValues(columns: readonly Float64Array[]): number[] {
  for (let sweep = 0; sweep < 12; sweep++) if (!rotateAll(columns)) break
  return columns.map((column) => Math.hypot(...column)).toSorted((x, y) => y - x)
}

function rotateAll(columns: readonly Float64Array[]): boolean {
  let turned = false
  for (let i = 0; i < columns.length; i++)
    for (let j = i + 1; j < columns.length; j++) if (rotate(columns[i], columns[j])) turned = true
  return turned
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += (x[i] ?? 0) * (y[i] ?? 0)
  return sum
}

/** Makes two columns orthogonal; false when they already were. */
function rotate(x: Float64Array | undefined, y: Float64Array | undefined): boolean {
  if (x === undefined || y === undefined) return false
  const [xx, yy, xy] = [dot(x, x), dot(y, y), dot(x, y)]
  if (Math.abs(xy) <= 1e-12 * Math.sqrt(xx * yy)) return false
  const zeta = (yy - xx) / (2 * xy)
  const tangent = Math.sign(zeta || 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta))
  const c = 1 / Math.sqrt(1 + tangent * tangent)
  const s = c * tangent
  for (let i = 0; i < x.length; i++) {
    const [u, v] = [x[i] ?? 0, y[i] ?? 0]
    x[i] = c * u - s * v
    y[i] = s * u + c * v
  }
  return true
}
