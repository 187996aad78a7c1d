/**
 * Models of 135M parameters whose weights are made to be slow, beside one whose weights are ordinary.
 */
import { join } from 'node:path'
import { writeSmallModel } from './small-pair.ts'

/** Codes of bf16 by a random code and the place. */
const CODES: Readonly<Record<string, (random: number, place: number) => number>> = {
  'NaN everywhere': () => 0x7fc0,
  'infinities of both signs': (random) => 0x7f80 | (random & 0x8000),
  'subnormals everywhere': (random) => (random & 0x807f) | 1,
  'squares that are subnormal': (random) => 0x1f80 | (random & 0x807f),
  'zero tensors': () => 0,
  'one row over and over': (_, place) => 0x3c00 + (place % 576),
  'rows of 1e38 in between': (random, place) =>
    Math.floor(place / 576) % 64 === 7 ? 0x7e96 | (random & 0x8000) : random,
}

/** One model and what it is. */
export interface HostileModel {
  readonly name: string
  readonly folder: string
}

/** Another ordinary model, unrelated to the parent of the small pair. */
export function writeOrdinary(place: string): string {
  return writeSmallModel(join(place, 'ordinary'), (random) => random)
}

/** Writes them one after the other; each is there until the next is asked for. */
export function* hostileModels(place: string): Generator<HostileModel> {
  for (const [name, codeOf] of Object.entries(CODES))
    yield { name, folder: writeSmallModel(join(place, 'hostile'), codeOf) }
}
