/** Small dense matrices in f64: what the reconstruction of heads needs. Row-major. */

/** A matrix with its product with the transpose of another: rows of a × rows of b. */
export function productOfRows(a: readonly Float64Array[], b: readonly Float64Array[]): Float64Array[] {
  return a.map((x) => Float64Array.from(b, (y) => x.reduce((sum, value, k) => sum + value * (y[k] ?? 0), 0)))
}

/** The product of two matrices given by their rows. */
export function product(a: readonly Float64Array[], b: readonly Float64Array[]): Float64Array[] {
  const width = b[0]?.length ?? 0
  return a.map((row) => {
    const out = new Float64Array(width)
    for (const [k, value] of row.entries()) {
      const other = b[k]
      for (let j = 0; j < width; j++) out[j] = (out[j] ?? 0) + value * (other?.[j] ?? 0)
    }
    return out
  })
}

/** The inverse by elimination with pivots; null when the matrix is singular. */
export function inverse(matrix: readonly Float64Array[]): Float64Array[] | null {
  const side = matrix.length
  const work = matrix.map((row, i) =>
    Float64Array.from({ length: 2 * side }, (_, j) => (j < side ? (row[j] ?? 0) : j - side === i ? 1 : 0)),
  )
  for (let column = 0; column < side; column++) if (!eliminate(work, column)) return null
  return work.map((row) => row.slice(side))
}

function subtract(row: Float64Array, other: Float64Array, factor: number): void {
  for (const [j, value] of other.entries()) row[j] = (row[j] ?? 0) - factor * value
}

/** The row from `column` on that is largest in that column. */
function findPivot(work: readonly Float64Array[], column: number): number {
  const size = (row: number): number => Math.abs(work[row]?.[column] ?? 0)
  let pivot = column
  for (let row = column; row < work.length; row++) if (size(row) > size(pivot)) pivot = row
  return pivot
}

/** Clears a column of all rows but its pivot's. */
function eliminate(work: Float64Array[], column: number): boolean {
  const pivot = findPivot(work, column)
  const [chosen, replaced] = [work[pivot], work[column]]
  const scale = chosen?.[column] ?? 0
  if (chosen === undefined || replaced === undefined || Math.abs(scale) < 1e-12) return false
  const scaled = chosen.map((value) => value / scale)
  work[pivot] = replaced
  work[column] = scaled
  for (const [i, row] of work.entries()) if (i !== column) subtract(row, scaled, row[column] ?? 0)
  return true
}

/** The matrix M for which M·a comes nearest to b (least squares); null when the rows of a are dependent. */
export function mixing(a: readonly Float64Array[], b: readonly Float64Array[]): Float64Array[] | null {
  const inverted = inverse(productOfRows(a, a))
  return inverted === null ? null : product(productOfRows(b, a), inverted)
}

/** Sum of the squares of the differences, and of the second. */
export function squares(
  a: readonly Float64Array[],
  b: readonly Float64Array[],
): { readonly left: number; readonly all: number } {
  let left = 0
  let all = 0
  for (const [i, row] of b.entries())
    for (const [k, value] of row.entries()) {
      left += (value - (a[i]?.[k] ?? 0)) ** 2
      all += value ** 2
    }
  return { left, all }
}
