/**
 * Cosines of many rows with many rows: normalise, pack, multiply (`panels.as.ts`), keep the best.
 */
import { BELOW_UNIT, lanes, MAGNITUDE_32 } from './constants.as'
import { putFour } from './panels.as'
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
export function packUnitRows(
  src: usize,
  rows: usize,
  dimension: usize,
  inverses: usize,
  width: usize,
  dst: usize,
): void {
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
