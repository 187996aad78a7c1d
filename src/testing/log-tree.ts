/**
 * Small logs for tests: leaves, their hashes, and readers over them in memory.
 */
import { createPrivateKey, type KeyObject } from 'node:crypto'
import { hashLeaf, hashNode } from '../log/merkle/hash.ts'
import type { ReadHashes } from '../log/merkle/prove.ts'
import { entryBundlePath, TILE_WIDTH, tilePath, tileWidth } from '../log/tiles/paths.ts'
import { encodeEntryBundle } from '../log/tiles/bundles.ts'
import { growTiles, type ReadTile } from '../log/tiles/grow.ts'

/** Leaf number n: its number as text. */
export function leafOf(n: number): Uint8Array {
  return Buffer.from(`leaf ${n}`)
}

/** Hashes of the first `size` leaves. */
export function leafHashes(size: number): readonly Uint8Array[] {
  return Array.from({ length: size }, (_, n) => hashLeaf(leafOf(n)))
}

/** All levels of complete subtrees over these leaf hashes. */
export function readerOver(leaves: readonly Uint8Array[]): ReadHashes {
  const levels = [leaves]
  for (let level = leaves; level.length > 1;) {
    const below = level
    level = Array.from({ length: Math.floor(below.length / 2) }, (_, n) => hashNode(below[2 * n]!, below[2 * n + 1]!))
    levels.push(level)
  }
  return (level, from, count) => {
    const hashes = levels[level]?.slice(from, from + count) ?? []
    return hashes.length === count ? Promise.resolve(hashes) : Promise.reject(new Error(`no ${level}/${from}+${count}`))
  }
}

/** Files of a log by path: what any web server would serve. */
export class LogFiles {
  readonly files = new Map<string, Uint8Array>()
  readonly leaves: Uint8Array[] = []

  readonly readTile: ReadTile = (name) => {
    const bytes = this.files.get(tilePath(name)) ?? this.files.get(tilePath({ ...name, width: TILE_WIDTH }))
    return bytes === undefined ? Promise.reject(new Error(`no ${tilePath(name)}`)) : Promise.resolve(bytes)
  }

  /** Appends leaves, with the tiles and bundles that a log of the new size serves. */
  async append(leaves: readonly Uint8Array[]): Promise<void> {
    const size = this.leaves.length
    for (const tile of await growTiles(size, leaves.map(hashLeaf), this.readTile))
      this.files.set(tilePath(tile), tile.bytes)
    this.leaves.push(...leaves)
    for (let index = Math.floor(size / TILE_WIDTH); index * TILE_WIDTH < this.leaves.length; index++) {
      const width = tileWidth({ level: 0, index }, this.leaves.length)
      const content = this.leaves.slice(index * TILE_WIDTH, index * TILE_WIDTH + width)
      this.files.set(entryBundlePath({ index, width }), encodeEntryBundle(content))
    }
  }
}

/** An Ed25519 private key from its 32 bytes. */
export function ed25519From(seed: Uint8Array): KeyObject {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
}

/** An ML-DSA-44 private key from its 32 bytes. */
export function mlDsa44From(seed: Uint8Array): KeyObject {
  const der = Buffer.concat([
    Buffer.from('3034020100300b06096086480165030403110422', 'hex'),
    Buffer.from([0x80, 32]),
    seed,
  ])
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
}
