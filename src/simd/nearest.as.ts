/**
 * Cosines of many rows with many rows: normalise, pack, multiply, keep the best.
 *
 * A matrix is packed in panels: a query panel holds 4 rows, a reference panel 8, element by element, so that the
 * inner loop reads both in order. Each cosine is summed over the dimensions one after the other, whatever the
 * panels are; its partial sum rests in `sums` between two stretches of dimensions.
 */
import { BELOW_UNIT, lanes, MAGNITUDE_32 } from './constants.as'
import { flushSubnormal, loadTail, squaredNorms, upper } from './vectors.as'

/** Turns squared norms into 1/norm, or 0 for a row without direction (zero or not finite). */
export function inverseNorms(src: usize, rows: usize, dimension: usize, dst: usize): void {
  squaredNorms(src, rows, dimension, dst)
  for (const end = dst + 8 * rows; dst < end; dst += 8) {
    const inverse = 1 / sqrt<f64>(load<f64>(dst))
    store<f64>(dst, inverse > 0 && inverse < Infinity ? inverse : 0)
  }
}

/**
 * Four elements times 1/norm, rounded to f32, flushed below 2^-40.
 *
 * Of a row without direction (1/norm is 0) this makes zeroes or NaN; such a row is passed over later.
 */
function normalise4(values: v128, inverse: v128): v128 {
  const kept = flushSubnormal(values)
  const low = f32x4.demote_f64x2_zero(f64x2.mul(f64x2.promote_low_f32x4(kept), inverse))
  const high = f32x4.demote_f64x2_zero(f64x2.mul(f64x2.promote_low_f32x4(upper(kept)), inverse))
  const both = i64x2.shuffle(low, high, 0, 2)
  return v128.and(both, i32x4.gt_s(v128.and(both, lanes(MAGNITUDE_32)), lanes(BELOW_UNIT)))
}

/** Normalises and packs rows of `dimension` into panels of `width` rows; rows that a panel lacks are zero. */
export function packPanels(src: usize, rows: usize, dimension: usize, inverses: usize, width: usize, dst: usize): void {
  const stride = dimension * 4
  for (let row: usize = 0; row < rows; row += 4) {
    const panel = dst + 4 * ((row / width) * width * dimension + (row % width))
    const i0 = v128.load64_splat(inverses + 8 * row)
    const i1 = row + 1 < rows ? v128.load64_splat(inverses + 8 * row, 8) : f64x2.splat(0)
    const i2 = row + 2 < rows ? v128.load64_splat(inverses + 8 * row, 16) : f64x2.splat(0)
    const i3 = row + 3 < rows ? v128.load64_splat(inverses + 8 * row, 24) : f64x2.splat(0)
    const at = src + row * stride
    let k: usize = 0
    for (; k + 4 <= dimension; k += 4) {
      const from = at + 4 * k
      putFour(
        panel + 4 * k * width,
        width,
        normalise4(v128.load(from), i0),
        normalise4(v128.load(from + stride), i1),
        normalise4(v128.load(from + 2 * stride), i2),
        normalise4(v128.load(from + 3 * stride), i3),
        4,
      )
    }
    if (k === dimension) continue
    const from = at + 4 * k
    const rest = dimension - k
    putFour(
      panel + 4 * k * width,
      width,
      normalise4(loadTail(from, rest), i0),
      normalise4(loadTail(from + stride, rest), i1),
      normalise4(loadTail(from + 2 * stride, rest), i2),
      normalise4(loadTail(from + 3 * stride, rest), i3),
      rest,
    )
  }
}

/** Stores the first `count` columns of a 4 × 4 square, given by its rows, one below the other. */
function putFour(dst: usize, width: usize, r0: v128, r1: v128, r2: v128, r3: v128, count: usize): void {
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

/** Dimensions that are multiplied in one stretch: 8 rows of them fit into the first-level cache. */
const STRETCH: usize = 512

/** All cosines of `m` packed queries with `h` packed references: `m` (a multiple of 4) rows of `h` (of 8) f32. */
export function cosines(queries: usize, m: usize, references: usize, h: usize, dimension: usize, sums: usize): void {
  memory.fill(sums, 0, 4 * m * h)
  for (let k: usize = 0; k < dimension; k += STRETCH) {
    const steps = min<usize>(STRETCH, dimension - k)
    for (let j: usize = 0; j < h; j += 8) {
      const b = references + 4 * (j * dimension + 8 * k)
      for (let i: usize = 0; i < m; i += 4)
        multiplyPanels(queries + 4 * (i * dimension + 4 * k), b, steps, sums + 4 * (i * h + j), 4 * h)
    }
  }
}

/**
 * Goes on with the search for the largest cosine among `rows` references, the first of which has number `first`.
 *
 * @param cosine cosines of one query with them; a multiple of 4 can be read
 * @param inverses their inverse norms; one of 0 is passed over
 * @param best index, cosine, score and tie of the query so far, four 32-bit words
 */
export function keepNearest(cosine: usize, rows: u32, inverses: usize, first: u32, absolute: bool, best: usize): void {
  let score = load<f32>(best, 8)
  const mask = i32x4.splat(absolute ? 0x7fffffff : -1)
  for (let row: u32 = 0; row < rows; row += 4) {
    const four = v128.and(v128.load(cosine + 4 * row), mask)
    if (!v128.any_true(f32x4.ge(four, f32x4.splat(score)))) continue
    for (let i = row; i < min<u32>(row + 4, rows); i++) {
      const value = load<f32>(cosine + 4 * i)
      const rank = absolute ? abs<f32>(value) : value
      if (rank < score || load<f64>(inverses + 8 * i) === 0) continue
      store<u32>(best, <u32>(rank === score), 12)
      if (rank === score) continue
      score = rank
      store<u32>(best, first + i)
      store<f32>(best, value, 4)
      store<f32>(best, rank, 8)
    }
  }
}
