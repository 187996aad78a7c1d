/**
 * Products of two matrices that are packed in panels.
 *
 * A panel of the first holds 4 rows, one of the second 8 columns, step by step, so that the inner loop reads both in
 * order. Each product is summed over the steps one after the other in f32, each product and each sum rounded, whatever
 * the panels are; its partial sum rests in `sums` between two stretches of steps.
 */
import { flushSmall, loadTail } from './vectors.as'

/** Stores the first `count` columns of a 4 × 4 square, given by its rows, one below the other. */
export function putFour(dst: usize, width: usize, r0: v128, r1: v128, r2: v128, r3: v128, count: usize): void {
  const a = i32x4.shuffle(r0, r1, 0, 4, 1, 5)
  const b = i32x4.shuffle(r2, r3, 0, 4, 1, 5)
  const c = i32x4.shuffle(r0, r1, 2, 6, 3, 7)
  const d = i32x4.shuffle(r2, r3, 2, 6, 3, 7)
  const step = width * 4
  v128.store(dst, i64x2.shuffle(a, b, 0, 2))
  if (count > 1) v128.store(dst + step, i64x2.shuffle(a, b, 1, 3))
  if (count > 2) v128.store(dst + 2 * step, i64x2.shuffle(c, d, 0, 2))
  if (count > 3) v128.store(dst + 3 * step, i64x2.shuffle(c, d, 1, 3))
}

/** The last one to four of a row of `count` elements that still has some, small ones flushed. */
function loadSome(at: usize, count: usize): v128 {
  return flushSmall(count >= 4 ? v128.load(at) : loadTail(at, count))
}

/** Packs `rows` rows of `steps` elements, row-major, into panels of `width`, 4 or 8; what a panel lacks is zero. */
export function packRows(src: usize, rows: usize, steps: usize, width: usize, dst: usize): void {
  const stride = steps * 4
  const whole = ((rows + width - 1) / width) * width
  for (let row: usize = 0; row < whole; row += 4, src += 4 * stride) {
    const panel = dst + 4 * ((row / width) * width * steps + (row % width))
    for (let k: usize = 0; k < steps; k += 4) {
      const count = min<usize>(4, steps - k)
      const at = src + 4 * k
      const r0 = row < rows ? loadSome(at, count) : f32x4.splat(0)
      const r1 = row + 1 < rows ? loadSome(at + stride, count) : f32x4.splat(0)
      const r2 = row + 2 < rows ? loadSome(at + 2 * stride, count) : f32x4.splat(0)
      const r3 = row + 3 < rows ? loadSome(at + 3 * stride, count) : f32x4.splat(0)
      putFour(panel + 4 * k * width, width, r0, r1, r2, r3, count)
    }
  }
}

/** Packs the columns of `steps` rows of `columns` elements, row-major, into panels of `width` columns. */
export function packColumns(src: usize, columns: usize, steps: usize, width: usize, dst: usize): void {
  const whole = ((columns + width - 1) / width) * width
  for (let column: usize = 0; column < whole; column += 4) {
    const count = column < columns ? min<usize>(4, columns - column) : 0
    let at = src + 4 * column
    let panel = dst + 4 * ((column / width) * width * steps + (column % width))
    for (let k: usize = 0; k < steps; k++, at += 4 * columns, panel += 4 * width)
      v128.store(panel, count > 0 ? loadSome(at, count) : f32x4.splat(0))
  }
}

/** Adds `steps` products to each of the 4 × 8 sums at `sums`, whose rows are `stride` bytes apart. */
function multiplyPanels(a: usize, b: usize, steps: usize, sums: usize, stride: usize): void {
  const s1 = sums + stride
  const s2 = s1 + stride
  const s3 = s2 + stride
  let c00 = v128.load(sums)
  let c01 = v128.load(sums, 16)
  let c10 = v128.load(s1)
  let c11 = v128.load(s1, 16)
  let c20 = v128.load(s2)
  let c21 = v128.load(s2, 16)
  let c30 = v128.load(s3)
  let c31 = v128.load(s3, 16)
  for (const end = a + 16 * steps; a < end; a += 16, b += 32) {
    const b0 = v128.load(b)
    const b1 = v128.load(b, 16)
    const a0 = v128.load32_splat(a)
    c00 = f32x4.add(c00, f32x4.mul(a0, b0))
    c01 = f32x4.add(c01, f32x4.mul(a0, b1))
    const a1 = v128.load32_splat(a, 4)
    c10 = f32x4.add(c10, f32x4.mul(a1, b0))
    c11 = f32x4.add(c11, f32x4.mul(a1, b1))
    const a2 = v128.load32_splat(a, 8)
    c20 = f32x4.add(c20, f32x4.mul(a2, b0))
    c21 = f32x4.add(c21, f32x4.mul(a2, b1))
    const a3 = v128.load32_splat(a, 12)
    c30 = f32x4.add(c30, f32x4.mul(a3, b0))
    c31 = f32x4.add(c31, f32x4.mul(a3, b1))
  }
  v128.store(sums, c00)
  v128.store(sums, c01, 16)
  v128.store(s1, c10)
  v128.store(s1, c11, 16)
  v128.store(s2, c20)
  v128.store(s2, c21, 16)
  v128.store(s3, c30)
  v128.store(s3, c31, 16)
}

/** Steps of one stretch: 8 columns of them fit into the first-level cache. */
const STRETCH: usize = 512
/** Rows that are multiplied with every column before the next rows: a stretch of them fits into the second level. */
const BLOCK: usize = 256

/** Adds the products of `m` packed rows (a multiple of 4) and `h` packed columns (of 8) to `m` rows of `h` sums. */
export function multiplyPacked(a: usize, m: usize, b: usize, h: usize, steps: usize, sums: usize): void {
  for (let k: usize = 0; k < steps; k += STRETCH) {
    const stretch = min<usize>(STRETCH, steps - k)
    for (let from: usize = 0; from < m; from += BLOCK) {
      const to = min<usize>(m, from + BLOCK)
      for (let j: usize = 0; j < h; j += 8) {
        const columns = b + 4 * (j * steps + 8 * k)
        for (let i = from; i < to; i += 4)
          multiplyPanels(a + 4 * (i * steps + 4 * k), columns, stretch, sums + 4 * (i * h + j), 4 * h)
      }
    }
  }
}
