/**
 * Sign bits and Hamming distances.
 */

/** Bits of sixteen f32, 1 where the value is below zero. */
function sixteenSigns(src: usize): i32 {
  const zero = f32x4.splat(0)
  const low = i16x8.narrow_i32x4_s(f32x4.lt(v128.load(src), zero), f32x4.lt(v128.load(src, 16), zero))
  const high = i16x8.narrow_i32x4_s(f32x4.lt(v128.load(src, 32), zero), f32x4.lt(v128.load(src, 48), zero))
  return i8x16.bitmask(i8x16.narrow_i16x8_s(low, high))
}

/** Sign bits of `rows` rows; the words of a row are followed by those of the next. */
export function signBits(src: usize, rows: usize, dimension: usize, dst: usize): void {
  for (let row: usize = 0; row < rows; row++) {
    let column: usize = 0
    for (; column + 32 <= dimension; column += 32, src += 128, dst += 4)
      store<i32>(dst, sixteenSigns(src) | (sixteenSigns(src + 64) << 16))
    if (column === dimension) continue
    let word: u32 = 0
    for (let bit: u32 = 0; column < dimension; column++, bit++, src += 4) word |= (<u32>(load<f32>(src) < 0)) << bit
    store<u32>(dst, word)
    dst += 4
  }
}

/** Bits in which two rows of `words` 32-bit words differ. */
export function hammingDistance(a: usize, b: usize, words: usize): u32 {
  let distance: u64 = 0
  let i: usize = 0
  for (; i + 4 <= words; i += 4, a += 16, b += 16)
    distance += popcnt<u64>(load<u64>(a) ^ load<u64>(b)) + popcnt<u64>(load<u64>(a, 8) ^ load<u64>(b, 8))
  for (; i < words; i++, a += 4, b += 4) distance += popcnt<u32>(load<u32>(a) ^ load<u32>(b))
  return <u32>distance
}

/**
 * Goes on with the search for the nearest of `rows` references, the first of which has number `first`.
 *
 * @param best index, distance and tie of the query so far, three 32-bit words
 */
export function nearestByHamming(query: usize, src: usize, rows: u32, words: usize, first: u32, best: usize): void {
  let index = load<u32>(best)
  let least = load<u32>(best, 4)
  let tied = load<u32>(best, 8)
  for (let row: u32 = 0; row < rows; row++, src += 4 * words) {
    const distance = hammingDistance(query, src, words)
    if (distance < least) {
      index = first + row
      least = distance
      tied = 0
    } else if (distance === least) tied = 1
  }
  store<u32>(best, index)
  store<u32>(best, least, 4)
  store<u32>(best, tied, 8)
}

/** Distances of `rows` references to one query, as 16-bit numbers; `words` below 2,048. */
export function hammingDistances(query: usize, src: usize, rows: usize, words: usize, dst: usize): void {
  for (let row: usize = 0; row < rows; row++, dst += 2, src += 4 * words)
    store<u16>(dst, <u16>hammingDistance(query, src, words))
}
