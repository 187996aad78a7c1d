/** Transposes matrices: the columns of a weight become rows that the other kernels can take. */
import { Fault } from '../base/index.ts'

/** Side of the square that is turned at a time, so that both sides stay in the cache. */
const TILE = 32

/**
 * The transpose of a row-major matrix: `columns` rows of `rows` elements.
 *
 * @throws Fault `length-mismatch` when the matrix does not have rows × columns elements
 * @example [...transposeMatrix(Float32Array.of(1, 2, 3, 4, 5, 6), 2, 3)] // [1, 4, 2, 5, 3, 6]
 */
export function transposeMatrix(matrix: Float32Array, rows: number, columns: number): Float32Array {
  if (matrix.length !== rows * columns)
    throw new Fault('length-mismatch', `${matrix.length} elements are not ${rows} × ${columns}`)
  const transposed = new Float32Array(matrix.length)
  for (let top = 0; top < rows; top += TILE)
    for (let left = 0; left < columns; left += TILE)
      for (let row = top; row < Math.min(rows, top + TILE); row++)
        for (let column = left; column < Math.min(columns, left + TILE); column++)
          transposed[column * rows + row] = matrix[row * columns + column] as number
  return transposed
}
