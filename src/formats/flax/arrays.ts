/**
 * Arrays in a Flax file: an extension whose payload is again MessagePack, a list of shape, type name and bytes.
 *
 * Source: `flax/serialization.py`, extension types 1 (array) and 3 (scalar of NumPy).
 */
import { Fault, isFault, mulChecked } from '../../base/index.ts'
import { DTYPES } from './dtypes.ts'
import { nextItem, type Item } from './items.ts'
import type { FlaxWalk } from './walk.ts'

/** One array, where its bytes lie. */
export interface FlaxArray {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly at: number
  readonly length: number
}

const MOST_DIMENSIONS = 64
const LONGEST_NAME = 64

function refuse(message: string, offset: number): Fault {
  return new Fault('msg-array', message, { details: { offset } })
}

function expect<Is extends 'list' | 'text' | 'bytes'>({ cursor }: FlaxWalk, end: number, is: Is): Item & { is: Is } {
  const at = cursor.at
  const item = nextItem(cursor, end)
  if (item.is !== is) throw refuse(`${item.is} at ${at} where an array has ${is}`, at)
  return item as Item & { is: Is }
}

function takeDimension({ cursor }: FlaxWalk, end: number): number {
  const at = cursor.at
  const item = nextItem(cursor, end)
  if (item.is !== 'integer') throw refuse(`${item.is} at ${at} where an array has a dimension`, at)
  return Number(item.value)
}

/** Takes the payload of an array up to `end`; its bytes are claimed. @throws Fault `msg-array`, `msg-length` */
export function takeArray(walk: FlaxWalk, end: number): FlaxArray {
  const { cursor } = walk
  const from = cursor.at
  const parts = expect(walk, end, 'list')
  const dimensions = expect(walk, end, 'list')
  if (parts.count !== 3 || dimensions.count > MOST_DIMENSIONS)
    throw refuse(`an array of ${parts.count} parts and ${dimensions.count} dimensions`, from)
  const shape = Array.from({ length: dimensions.count }, () => takeDimension(walk, end))
  const name = expect(walk, end, 'text')
  if (name.length > LONGEST_NAME || shape.some((size) => size < 0)) throw refuse('an array of no possible type', from)
  const dtype = Buffer.from(cursor.view(name.length)).toString('utf8').toWellFormed()
  const bytes = expect(walk, end, 'bytes')
  walk.facts.claim('metadata', walk.claimed, cursor.at)
  const at = cursor.at
  cursor.skip(bytes.length)
  walk.facts.claim('tensor', at, cursor.at)
  walk.claimed = cursor.at
  if (cursor.at !== end) throw refuse(`${end - cursor.at} bytes follow the bytes of an array`, cursor.at)
  return { dtype, shape, at, length: bytes.length }
}

/** Notes an array whose shape and type do not make its bytes. */
export function checkArray({ facts }: FlaxWalk, array: FlaxArray, path: string): void {
  const { dtype, shape, at, length } = array
  const place = { locus: path, offset: at, length }
  const known = DTYPES.get(dtype)
  if (known === undefined) {
    facts.anomalies.add('msg-dtype', `elements of type ${JSON.stringify(dtype)}`, place)
    return
  }
  try {
    const wanted = mulChecked(...shape, known[1])
    if (wanted !== length)
      facts.anomalies.add(
        'msg-array-size',
        `${shape.join(' × ')} of ${dtype} are ${wanted} bytes, not ${length}`,
        place,
      )
  } catch (thrown) {
    if (!isFault(thrown, 'size-overflow')) throw thrown
    facts.anomalies.add('msg-array-size', `${shape.join(' × ')} of ${dtype} are no size that can be`, place)
  }
}
