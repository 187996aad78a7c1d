/**
 * Leaves of a batch as one value of the database: each behind its length in two bytes, as in an entry bundle, but any
 * number of them.
 */
import { Fault } from '../../base/index.ts'

/** Packs leaves of at most 65,535 bytes. */
export function packLeaves(leaves: readonly Uint8Array[]): Buffer {
  const packed = Buffer.allocUnsafe(leaves.reduce((sum, { length }) => sum + 2 + length, 0))
  let at = 0
  for (const leaf of leaves) {
    packed.writeUInt16BE(leaf.length, at)
    packed.set(leaf, at + 2)
    at += 2 + leaf.length
  }
  return packed
}

/** The leaves again, as views. @throws Fault `log-batch` when there are not `count`, or bytes are left */
export function unpackLeaves(bytes: Uint8Array, count: number): readonly Uint8Array[] {
  const leaves: Uint8Array[] = []
  let at = 0
  while (at + 2 <= bytes.length) {
    const end = at + 2 + (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)
    leaves.push(bytes.subarray(at + 2, end))
    at = end
  }
  if (at !== bytes.length || leaves.length !== count)
    throw new Fault('log-batch', `a batch of ${bytes.length} bytes does not hold ${count} leaves`)
  return leaves
}
