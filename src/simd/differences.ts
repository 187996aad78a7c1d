/**
 * Where two lists of codes differ: what canonicalising a tensor changed.
 *
 * Few codes of a tensor change when it is canonicalised; the list of their places and the canonical codes together say
 * all that the tensor says, and one hash over both can stand for a second hash over the tensor.
 */
import { Fault } from '../base/index.ts'
import { placeAt, scratchAt, wordsAt } from './kernel-memory.ts'
import { loadKernels } from './kernels.ts'

/** Codes compared at a time. */
const TILE_CODES = 2 ** 20
const SECOND_AT = 2 * TILE_CODES
const PLACES_AT = 4 * TILE_CODES

/**
 * The places at which two lists of 16-bit codes differ, ascending.
 *
 * @throws Fault `length-mismatch`
 * @example [...findDifferences(Uint16Array.of(1, 2, 3), Uint16Array.of(1, 0, 0))] // [1, 2]
 */
export function findDifferences(a: Uint16Array, b: Uint16Array): Uint32Array {
  if (a.length !== b.length) throw new Fault('length-mismatch', `${a.length} codes against ${b.length}`)
  if (a.length <= TILE_CODES) return differencesOfTile(a, b)
  const tiles = Array.from({ length: Math.ceil(a.length / TILE_CODES) }, (_, tile) => {
    const from = tile * TILE_CODES
    const places = differencesOfTile(a.subarray(from, from + TILE_CODES), b.subarray(from, from + TILE_CODES))
    return places.map((place) => place + from)
  })
  const found = new Uint32Array(tiles.reduce((sum, { length }) => sum + length, 0))
  tiles.reduce((at, places) => (found.set(places, at), at + places.length), 0)
  return found
}

function differencesOfTile(a: Uint16Array, b: Uint16Array): Uint32Array {
  const target = scratchAt(PLACES_AT)
  const count = loadKernels().differences(placeAt(a, 0), placeAt(b, SECOND_AT), a.length, target)
  return new Uint32Array(wordsAt(target, count))
}
