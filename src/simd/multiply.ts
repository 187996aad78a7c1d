/**
 * Products of matrices in f32.
 *
 * An element of the product is the sum of f32 products in the order of the inner index, each product and each sum
 * rounded; so it does not depend on how the work is cut up. Magnitudes below 2^-50 count as zero: what is left has
 * products and sums that are zero or normal, so that no crafted matrix is slow. The sum of n products errs by at most
 * n · 2^-24 of the sum of their magnitudes.
 */
import { Fault } from '../base/index.ts'
import { floatsAt, placeAt, scratchAt } from './kernel-memory.ts'
import { loadKernels } from './kernels.ts'

/** The shape of a product: `rows` × `inner` times `inner` × `columns`. */
export interface ProductShape {
  readonly rows: number
  readonly inner: number
  readonly columns: number
  /** True when the first matrix lies transposed: `inner` × `rows`, row-major. */
  readonly transposeA?: boolean
  /** True when the second matrix lies transposed: `columns` × `inner`, row-major. */
  readonly transposeB?: boolean
}

/** Sides of a tile: of the product 1024 × 1024, and so many steps of the inner index. */
const TILE = 1024
const STEPS = 512
const MIB = 2 ** 20
/** The scratch space: the two packed tiles, the tile that is packed, the sums. */
const SECOND_AT = 2 * MIB
const RAW_AT = 4 * MIB
const SUMS_AT = 6 * MIB

/** A matrix as it lies in memory, row-major. */
interface Layout {
  readonly values: Float32Array
  readonly width: number
  /** True when its rows run along the inner index. */
  readonly innermost: boolean
}

/** A part of one side of the product: some of its rows or columns, some of the inner index. */
interface Part {
  readonly from: number
  readonly count: number
  readonly step: number
  readonly steps: number
}

/**
 * The product of two matrices, `rows` × `columns`, row-major.
 *
 * @param a `rows` × `inner`, row-major, or its transpose
 * @param b `inner` × `columns`, row-major, or its transpose
 * @throws Fault `length-mismatch` when a matrix has another number of elements than its shape says
 * @example multiply(Float32Array.of(1, 2), Float32Array.of(3, 4), { rows: 1, inner: 2, columns: 1 })[0] // 11
 */
export function multiply(a: Float32Array, b: Float32Array, shape: ProductShape): Float32Array {
  const { rows, inner, columns, transposeA = false, transposeB = false } = shape
  ensureElements(a, rows, inner)
  ensureElements(b, inner, columns)
  const first = { values: a, width: transposeA ? rows : inner, innermost: !transposeA }
  const second = { values: b, width: transposeB ? inner : columns, innermost: transposeB }
  const product = new Float32Array(rows * columns)
  for (let column = 0; column < columns; column += TILE) {
    const across = Math.min(TILE, columns - column)
    for (let row = 0; row < rows; row += TILE) {
      const down = Math.min(TILE, rows - row)
      const stride = multiplyTile(first, second, { row, down, column, across, inner })
      const sums = floatsAt(scratchAt(SUMS_AT), down * stride)
      for (let i = 0; i < down; i++)
        product.set(sums.subarray(i * stride, i * stride + across), (row + i) * columns + column)
    }
  }
  return product
}

function ensureElements(matrix: Float32Array, rows: number, columns: number): void {
  const whole = [rows, columns].every((side) => Number.isSafeInteger(side) && side >= 0)
  if (!whole || matrix.length !== rows * columns)
    throw new Fault('length-mismatch', `${matrix.length} elements against ${rows} × ${columns}`)
}

interface Tile {
  readonly row: number
  readonly down: number
  readonly column: number
  readonly across: number
  readonly inner: number
}

/** Leaves a tile of the product in the scratch space; returns the length of its rows there. */
function multiplyTile(first: Layout, second: Layout, { row, down, column, across, inner }: Tile): number {
  const [m, h] = [Math.ceil(down / 4) * 4, Math.ceil(across / 8) * 8]
  floatsAt(scratchAt(SUMS_AT), m * h).fill(0)
  for (let step = 0; step < inner; step += STEPS) {
    const steps = Math.min(STEPS, inner - step)
    pack(first, { from: row, count: down, step, steps }, 4, scratchAt(0))
    pack(second, { from: column, count: across, step, steps }, 8, scratchAt(SECOND_AT))
    loadKernels().multiplyPacked(scratchAt(0), m, scratchAt(SECOND_AT), h, steps, scratchAt(SUMS_AT))
  }
  return h
}

/** Packs a part of a matrix into panels of `panel` rows or columns. */
function pack({ values, width, innermost }: Layout, part: Part, panel: number, target: number): void {
  const { from, count, step, steps } = part
  const kernels = loadKernels()
  if (innermost) kernels.packRows(placeRows(values, width, [from, count, step, steps]), count, steps, panel, target)
  else kernels.packColumns(placeRows(values, width, [step, steps, from, count]), count, steps, panel, target)
}

/** Where `height` rows from `top`, of each `across` elements from `left`, lie one after the other. */
function placeRows(
  values: Float32Array,
  width: number,
  [top, height, left, across]: readonly [number, number, number, number],
): number {
  if (across === width) return placeAt(values.subarray(top * width, (top + height) * width), RAW_AT)
  const address = scratchAt(RAW_AT)
  const raw = floatsAt(address, height * across)
  for (let row = 0; row < height; row++) {
    const from = (top + row) * width + left
    raw.set(values.subarray(from, from + across), row * across)
  }
  return address
}
