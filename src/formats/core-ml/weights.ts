/**
 * Weights of a Core ML program (`weight.bin`): blobs, each behind a head of its own, all at multiples of 64 bytes.
 *
 * The names and shapes are those of the program beside it, which points at the heads; here each blob is a row of numbers.
 * Source: the blob storage of MIL in coremltools 9.0 (`StorageFormat.hpp`), version 2.
 */
import { alignUp, Fault, isFault, toSize } from '../../base/index.ts'
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { PageReader } from '../page-reader.ts'
import type { FormatReader, ReadRequest } from '../reader.ts'
import { ANOMALIES, type WeightsAnomaly } from './anomalies.ts'

const HEAD = 64
const VERSION = 2
const SENTINEL = 0xdeadbeef
const MOST_BLOBS = 131_072

/** Names and bits of the element types, by number. */
const TYPES: ReadonlyMap<number, readonly [name: string, bits: number]> = new Map([
  [1, ['F16', 16]],
  [2, ['F32', 32]],
  [3, ['U8', 8]],
  [4, ['I8', 8]],
  [5, ['BF16', 16]],
  [6, ['I16', 16]],
  [7, ['U16', 16]],
  [8, ['I4', 4]],
  [9, ['U1', 1]],
  [10, ['U2', 2]],
  [11, ['U4', 4]],
  [12, ['U3', 3]],
  [13, ['U6', 6]],
  [14, ['I32', 32]],
  [15, ['U32', 32]],
  [16, ['F8_E4M3', 8]],
  [17, ['F8_E5M2', 8]],
])

function stop(message: string): Fault {
  return new Fault('cml-weights', message)
}

/** Claims the rest of a head, which is reserved. */
function claimHead(facts: FactCollector<WeightsAnomaly>, from: number, used: number): void {
  facts.claim('header', from, from + used)
  facts.claim('padding', from + used, from + HEAD)
}

function readBlob(cursor: PageReader, facts: FactCollector<WeightsAnomaly>, index: number): void {
  const from = cursor.at
  const sentinel = cursor.u32()
  const id = cursor.u32()
  const length = toSize(cursor.u64())
  const offset = toSize(cursor.u64())
  const paddingBits = toSize(cursor.u64())
  const type = TYPES.get(id)
  if (sentinel !== SENTINEL) throw stop(`at ${from}: no head of a blob`)
  if (type === undefined) throw stop(`blob ${index} has the element type ${id}`)
  if (offset !== from + HEAD) throw stop(`blob ${index} has its head at ${from} and its data at ${offset}`)
  const [name, bits] = type
  if (paddingBits > 7 || (length * 8 - paddingBits) % bits !== 0)
    throw stop(`blob ${index} of ${length} bytes holds no whole number of elements`)
  cursor.seek(offset)
  claimHead(facts, from, 32)
  cursor.skip(length)
  facts.claim('tensor', offset, offset + length)
  const shape = [(length * 8 - paddingBits) / bits]
  facts.tensor({ name: `#${index}`, type: name, shape, file: facts.path, offset, length })
}

function readBlobs(cursor: PageReader, facts: FactCollector<WeightsAnomaly>): void {
  const count = cursor.u32()
  const version = cursor.u32()
  if (version !== VERSION) throw stop(`weights of version ${version}; ${VERSION} is read`)
  cursor.seek(HEAD)
  claimHead(facts, 0, 8)
  for (let index = 0; index < count; index++) {
    if (index >= MOST_BLOBS) throw new Fault('budget-items', `more than ${MOST_BLOBS} blobs`)
    readBlob(cursor, facts, index)
    const next = Math.min(alignUp(cursor.at, HEAD), cursor.at + cursor.remaining)
    facts.claim('padding', cursor.at, next)
    cursor.seek(next)
  }
}

function read(request: ReadRequest): FileFacts {
  const facts = new FactCollector<WeightsAnomaly>(request, 'core-ml-weights', ANOMALIES)
  const cursor = new PageReader(request.source)
  try {
    readBlobs(cursor, facts)
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    if (!['cml-weights', 'truncated', 'size-overflow'].includes(thrown.code)) throw thrown
    facts.anomalies.add('cml-weights', thrown.message, { locus: 'structure', offset: cursor.at })
  }
  return facts.finish()
}

/** See the module. */
export const coreMlWeightsReader: FormatReader = {
  format: 'core-ml-weights',
  title: 'Weights of a Core ML program',
  version: 1,
  extensions: ['weight.bin', '.bin'],
  sniff({ head }) {
    if (head.length < 2 * HEAD) return null
    const view = new DataView(head.buffer, head.byteOffset, head.length)
    const isVersion = view.getUint32(4, true) === VERSION && head.subarray(8, HEAD).every((byte) => byte === 0)
    return isVersion && view.getUint32(HEAD, true) === SENTINEL ? 'magic' : null
  },
  read,
}
