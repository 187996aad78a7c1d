/**
 * Counts 16-bit codes. Two tables are filled in turn, so that a run of equal codes does not wait for itself.
 */

function countAt(table: usize, code: u64): void {
  const at = table + 4 * (<usize>code & 0xffff)
  store<u32>(at, load<u32>(at) + 1)
}

/** Adds `count` codes to the two tables of 65,536 counts that stand one after the other at `tables`. */
export function histogram16(src: usize, count: usize, tables: usize): void {
  const end = src + 2 * count
  const wide = src + 2 * (count & ~3)
  const second = tables + 262144
  for (; src < wide; src += 8) {
    const codes = load<u64>(src)
    countAt(tables, codes)
    countAt(second, codes >> 16)
    countAt(tables, codes >> 32)
    countAt(second, codes >> 48)
  }
  for (; src < end; src += 2) countAt(tables, load<u16>(src))
}
