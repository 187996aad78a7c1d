/**
 * Entry bundles: up to 256 leaves in one file, each behind its length in two bytes. Batches that wait in the database are
 * packed alike, with any number of leaves.
 *
 * Source: C2SP tlog-tiles 0.1.0, "Log entries".
 */
import { Fault } from '../../base/index.ts'
import { TILE_WIDTH } from './paths.ts'

/** Most bytes of a leaf. */
export const MAX_LEAF = 65_535

/** Leaves one after another, each behind its length. @throws Fault `entry-bundle` when one is too long */
export function packLeaves(leaves: readonly Uint8Array[]): Uint8Array {
  const packed = new Uint8Array(leaves.reduce((sum, { length }) => sum + 2 + length, 0))
  let at = 0
  for (const leaf of leaves) {
    if (leaf.length > MAX_LEAF)
      throw new Fault('entry-bundle', `a leaf of ${leaf.length} bytes; ${MAX_LEAF} are allowed`)
    packed[at] = leaf.length >> 8
    packed[at + 1] = leaf.length & 255
    packed.set(leaf, at + 2)
    at += 2 + leaf.length
  }
  return packed
}

/** The leaves again, as views of the bytes. @throws Fault `entry-bundle` when they are cut off or more than `most` */
export function unpackLeaves(bytes: Uint8Array, most: number): readonly Uint8Array[] {
  const leaves: Uint8Array[] = []
  let at = 0
  while (at < bytes.length) {
    const [high, low] = [bytes[at], bytes[at + 1]]
    if (high === undefined || low === undefined || leaves.length === most)
      throw new Fault('entry-bundle', `the bundle is cut off or too long after ${leaves.length} leaves`)
    const end = at + 2 + high * 256 + low
    if (end > bytes.length) throw new Fault('entry-bundle', `the bundle is cut off in leaf ${leaves.length}`)
    leaves.push(bytes.subarray(at + 2, end))
    at = end
  }
  return leaves
}

/** The leaves as a bundle. @throws Fault `entry-bundle` when there are more than 256 or one is too long */
export function encodeEntryBundle(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length > TILE_WIDTH) throw new Fault('entry-bundle', `${leaves.length} leaves; a bundle holds 256`)
  return packLeaves(leaves)
}

/** The leaves of a bundle, as views of its bytes. @throws Fault `entry-bundle` when it is cut off or holds more than 256 */
export function decodeEntryBundle(bytes: Uint8Array): readonly Uint8Array[] {
  return unpackLeaves(bytes, TILE_WIDTH)
}
