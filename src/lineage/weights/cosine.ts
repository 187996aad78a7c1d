/**
 * The cosine of two vectors: sums in double precision, in the order of the elements.
 *
 * Where means are subtracted or more is counted in the same pass (correlations of gains and of neighbouring rows,
 * samples of parts, rows of unused tokens) the sums stand there.
 */

/** Cosine of two vectors of one length, -1 to 1; 0 when either is zero. @example cosine(Int8Array.of(3, 0), Int8Array.of(3, 4)) // 0.6 */
export function cosine(x: Float32Array | Int8Array, y: Float32Array | Int8Array): number {
  let [xx, yy, xy] = [0, 0, 0]
  for (let i = 0; i < x.length; i++) {
    const u = x[i] ?? 0
    const v = y[i] ?? 0
    xx += u * u
    yy += v * v
    xy += u * v
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0
}
