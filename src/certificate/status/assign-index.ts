/**
 * Which index a certificate gets in a status list: a random one that is free.
 *
 * In order of issue the index would tell how many certificates there are, and who fetches a list for an index would tell
 * which one he holds.
 */
import { Fault, type Randomness } from '../../base/index.ts'

/** A list is given up for a new one when so much of it is taken: then a free place is found in a few tries. */
const FULL_AT = 7 / 8
const MAX_TRIES = 1000
const WORD = 2 ** 32

/** A uniform integer below `limit`, at most 2^32. */
function below(limit: number, randomness: Randomness): number {
  const bound = WORD - (WORD % limit)
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const bytes = randomness(4)
    const word = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0)
    if (word < bound) return word % limit
  }
  throw new Fault('randomness', 'the source of randomness gives the same over and over')
}

/** The list of which an index is drawn. */
export interface DrawnList {
  readonly entries: number
  /** How many indices were ever given. */
  readonly taken: number
  /** Takes an index for good; false when it was given before. */
  readonly take: (index: number) => Promise<boolean>
}

/**
 * Takes a free index: draws until one is free, each as likely as any other.
 *
 * @throws Fault `status-list-full` when seven of eight are taken, `randomness`
 */
export async function assignIndex({ entries, taken, take }: DrawnList, randomness: Randomness): Promise<number> {
  if (taken >= entries * FULL_AT)
    throw new Fault('status-list-full', `${taken} of ${entries} places are taken; begin a new list`)
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const index = below(entries, randomness)
    if (await take(index)) return index
  }
  throw new Fault('randomness', 'the source of randomness gives the same over and over')
}
