/**
 * Shards: a file in pieces of one size, so that it can be hashed by several at once.
 *
 * A manifest of shards speaks of a whole file only when its shards lie side by side from the first byte to the last. A
 * gap is a stretch of bytes that nobody signed, so it is refused like an overlap or a shard of another size. Whether the
 * last shard ends where the file ends is seen when the file is there.
 *
 * Source: OpenSSF Model Signing 1.0, section 5.2.2.
 */
import { Fault } from '../../base/index.ts'
import { groupByPath, type ByteRange, type Resource } from './oms.ts'

/** The ranges of a file of `size` bytes; none when it is empty. @example splitIntoShards(5, 2)[2] // { start: 4, end: 5 } */
export function splitIntoShards(size: number, shardSize: number): readonly ByteRange[] {
  return Array.from({ length: Math.ceil(size / shardSize) }, (_, index) => ({
    start: index * shardSize,
    end: Math.min(size, (index + 1) * shardSize),
  }))
}

function refuse(path: string, what: string): never {
  throw new Fault('oms-shards', `${path}: ${what}`)
}

function checkFile(path: string, shards: readonly Resource[], shardSize: number): void {
  const ranges = shards.map(({ range }) => range ?? { start: 0, end: 0 }).sort((a, b) => a.start - b.start)
  let at = 0
  for (const [index, { start, end }] of ranges.entries()) {
    if (start < at) refuse(path, `two shards share the byte ${start}`)
    if (start > at) refuse(path, `no shard covers the bytes from ${at} to ${start}`)
    const isLast = index === ranges.length - 1
    if (end <= start || end - start > shardSize || (!isLast && end - start !== shardSize))
      refuse(path, `the shard from ${start} to ${end} is not of ${shardSize} bytes`)
    at = end
  }
}

/** Ensures that the shards of each file cover it without gap and overlap. @throws Fault `oms-shards` */
export function checkShards(resources: readonly Resource[], shardSize: number): void {
  for (const [path, shards] of groupByPath(resources)) checkFile(path, shards, shardSize)
}

/** Where the last shard ends: the size of the file that was signed. */
export function sizeOfShards(shards: readonly Resource[]): number {
  return shards.reduce((size, { range }) => Math.max(size, range?.end ?? 0), 0)
}
