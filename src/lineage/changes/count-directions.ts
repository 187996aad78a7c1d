/**
 * How many singular values of a matrix exceed a threshold, without the values.
 *
 * The Gram matrix is made tridiagonal by Householder reflections; the number of its eigenvalues above the square of the
 * threshold is the number of positive terms of its Sturm sequence there. This is far cheaper than the values, and
 * enough to tell that a difference is of no low rank. Right for thresholds above 1e-7 of the largest value.
 *
 * Source: G. H. Golub, C. F. Van Loan, Matrix Computations, sections 8.3.1 and 8.4.1.
 */

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += (x[i] ?? 0) * (y[i] ?? 0)
  return sum
}

function gram(columns: readonly Float64Array[]): Float64Array[] {
  const out = columns.map(() => new Float64Array(columns.length))
  for (const [i, line] of out.entries()) {
    const x = columns[i] ?? line
    for (let j = 0; j <= i; j++) line[j] = dot(x, columns[j] ?? x)
  }
  for (const [i, line] of out.entries()) for (let j = i + 1; j < line.length; j++) line[j] = out[j]?.[i] ?? 0
  return out
}

/** The reflection that clears a column below its subdiagonal, and what is left on the subdiagonal. */
function reflectionOf(column: Float64Array, from: number): { readonly v: Float64Array; readonly left: number } {
  const v = new Float64Array(column.length)
  v.set(column.subarray(from), from)
  const length = Math.sqrt(dot(v, v))
  const left = (v[from] ?? 0) > 0 ? -length : length
  v[from] = (v[from] ?? 0) - left
  const norm = Math.sqrt(dot(v, v))
  return { v: norm > 0 ? v.map((value) => value / norm) : v, left }
}

/** Diagonal and subdiagonal of an orthogonally similar matrix. The rows are used up. */
function tridiagonalise(rows: readonly Float64Array[]): { readonly main: number[]; readonly beside: number[] } {
  const beside: number[] = []
  for (let k = 0; k + 1 < rows.length; k++) {
    const { v, left } = reflectionOf(rows[k] ?? new Float64Array(0), k + 1)
    beside.push(left)
    const product = Float64Array.from(rows, (row, i) => (i > k ? dot(row, v) : 0))
    const half = dot(product, v)
    for (let i = k + 1; i < rows.length; i++) {
      const row = rows[i]
      const [vi, wi] = [v[i] ?? 0, (product[i] ?? 0) - half * (v[i] ?? 0)]
      if (row === undefined) continue
      for (let j = k + 1; j < row.length; j++) {
        const vj = v[j] ?? 0
        row[j] = (row[j] ?? 0) - 2 * (vi * ((product[j] ?? 0) - half * vj) + wi * vj)
      }
    }
  }
  return { main: rows.map((row, i) => row[i] ?? 0), beside }
}

/** Singular values of the matrix of these columns that exceed a positive threshold. */
export function countDirections(columns: readonly Float64Array[], threshold: number): number {
  const { main, beside } = tridiagonalise(gram(columns))
  const at = threshold * threshold
  let [count, last] = [0, 1]
  for (const [i, value] of main.entries()) {
    const off = i === 0 ? 0 : (beside[i - 1] ?? 0)
    last = value - at - (off * off) / (last === 0 ? Number.MIN_VALUE : last)
    if (last > 0) count += 1
  }
  return count
}
