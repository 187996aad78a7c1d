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
