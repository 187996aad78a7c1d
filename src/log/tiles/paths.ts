/**
 * Where tiles and entry bundles lie.
 *
 * A tile holds 256 hashes of its level; above a full tile stands one hash of the level 8 higher. A tile at the right edge
 * is partial and carries its width in its name, so what lies under a name never changes.
 *
 * Source: C2SP tlog-tiles 0.1.0.
 */
import { Fault } from '../../base/index.ts'

/** Hashes of a full tile, entries of a full bundle. */
export const TILE_WIDTH = 256

/** One tile. */
export interface TileName {
  /** 0: leaf hashes. Each level stands 8 levels of the tree higher. */
  readonly level: number
  readonly index: number
  /** Hashes in it, 1 to 256. */
  readonly width: number
}

/** One entry bundle. */
export type BundleName = Omit<TileName, 'level'>

function groups(index: number): string {
  const digits = String(index)
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0')
  return (padded.match(/.{3}/g) ?? []).map((group, at, { length }) => (at < length - 1 ? `x${group}` : group)).join('/')
}

function place({ index, width }: BundleName): string {
  if (!Number.isSafeInteger(index) || index < 0 || !Number.isInteger(width) || width < 1 || width > TILE_WIDTH)
    throw new Fault('tile', `there is no tile ${index} of width ${width}`)
  return width === TILE_WIDTH ? groups(index) : `${groups(index)}.p/${width}`
}

/** @throws Fault `tile` @example tilePath({ level: 0, index: 1234067, width: 256 }) // 'tile/0/x001/x234/067' */
export function tilePath({ level, ...name }: TileName): string {
  if (!Number.isInteger(level) || level < 0 || level > 63) throw new Fault('tile', `there is no tile of level ${level}`)
  return `tile/${level}/${place(name)}`
}

/** @throws Fault `tile` @example entryBundlePath({ index: 0, width: 15 }) // 'tile/entries/000.p/15' */
export function entryBundlePath(name: BundleName): string {
  return `tile/entries/${place(name)}`
}

/**
 * The width that a tile has in a log of `size` leaves: 256, less at the right edge, 0 beyond it.
 *
 * @example tileWidth({ level: 1, index: 1 }, 70_000) // 17
 */
export function tileWidth({ level, index }: Omit<TileName, 'width'>, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level) - index * TILE_WIDTH
  return Math.max(0, Math.min(TILE_WIDTH, hashes))
}
