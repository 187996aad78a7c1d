/**
 * Reads the index of a TensorFlow checkpoint into facts: the tensors, and where in the shards beside it they lie.
 *
 * The index is a sorted table from names to descriptions; the first entry, of the empty name, tells the number of shards.
 * The shards hold the bytes of the tensors one behind the other and nothing else.
 *
 * Source: `tensor_bundle.proto` and `tensor_bundle.h` of TensorFlow 2.21.
 */
import { isFault } from '../../base/index.ts'
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts, TensorFact } from '../facts.ts'
import { quoteName } from '../names.ts'
import { ANOMALIES as PROTOBUF, type ProtobufAnomaly } from '../protobuf/anomalies.ts'
import type { FieldValue } from '../protobuf/walker.ts'
import { Walker } from '../protobuf/walker.ts'
import type { ReadRequest } from '../reader.ts'
import { dataType } from '../tf-graph/data-types.ts'
import { TENSORFLOW_SCHEMA } from '../tf-graph/schema.ts'
import { countElements, readShape } from '../tf-graph/tensors.ts'
import { ANOMALIES, type CheckpointAnomaly } from './anomalies.ts'
import {
  blockEnd,
  FOOTER,
  readBlock,
  readEntryHandle,
  readFooter,
  stop,
  type BlockHandle,
  type TableEntry,
} from './table.ts'

const MOST_SHARDS = 99_999
const MOST_TENSORS = 131_072
const BIG_ENDIAN = 1

interface Checkpoint {
  readonly request: ReadRequest
  readonly walker: Walker<CheckpointAnomaly>
  readonly facts: FactCollector<CheckpointAnomaly | ProtobufAnomaly>
  readonly tensors: TensorFact[]
  shards: number
  bigEndian: boolean
}

function readHeader(checkpoint: Checkpoint, { from, to }: TableEntry): void {
  const { walker, facts } = checkpoint
  const fields = walker.read('BundleHeaderProto', { from, to, depth: 0 }, { keep: ['num_shards', 'endianness'] })
  const shards = fields.number('num_shards')
  if (shards < 1 || shards > MOST_SHARDS) throw stop('tfc-header', `the index declares ${shards} shards`)
  checkpoint.shards = shards
  checkpoint.bigEndian = fields.number('endianness') === BIG_ENDIAN
  facts.metadata({ key: 'num_shards', type: 'int32', value: shards })
}

function shardPath({ request, shards }: Checkpoint, shard: number): string {
  const number = (value: number): string => String(value).padStart(5, '0')
  return `${request.path.replace(/\.index$/, '')}.data-${number(shard)}-of-${number(shards)}`
}

interface Description {
  readonly type: number
  readonly shape: readonly number[] | undefined
  readonly shard: number
  readonly offset: number
  readonly size: number
  readonly slices: number
}

function readDescription({ walker }: Checkpoint, { from, to }: TableEntry): Description {
  let shape: readonly number[] | undefined = []
  const fields = walker.read(
    'BundleEntryProto',
    { from, to, depth: 0 },
    {
      keep: ['dtype', 'shard_id', 'offset', 'size', 'slices'],
      on: { shape: (value: FieldValue) => (shape = readShape({ walker }, value)) },
    },
  )
  return {
    type: fields.number('dtype'),
    shape,
    shard: fields.number('shard_id'),
    offset: fields.number('offset'),
    size: fields.number('size'),
    slices: fields.count('slices'),
  }
}

function isRange(offset: number, size: number): boolean {
  return offset >= 0 && size >= 0 && Number.isSafeInteger(offset + size)
}

/** Says what is wrong with a description, if anything. */
function findFault({ shards }: Checkpoint, { type, shape, shard, offset, size }: Description): string | undefined {
  const element = dataType(type)
  if (element === undefined) return `has the element type ${type}`
  const count = shape === undefined ? undefined : countElements(shape)
  if (count === undefined) return `has the shape ${shape?.join(' × ') ?? 'of unknown size'}, which no tensor has`
  if (shard < 0 || shard >= shards) return `lies in shard ${shard} of ${shards}`
  if (!isRange(offset, size)) return `lies at ${offset} and takes ${size} bytes`
  const expected = element.bits === undefined ? size : (count * element.bits) / 8
  return expected === size ? undefined : `takes ${size} bytes, its shape and type give ${expected}`
}

function readTensor(checkpoint: Checkpoint, entry: TableEntry): void {
  const { facts, tensors, bigEndian, request } = checkpoint
  const name = entry.key.toString('utf8').slice(0, 4096).toWellFormed()
  const description = readDescription(checkpoint, entry)
  // A variable that was saved in slices has no bytes of its own; each slice is an entry beside it.
  if (description.slices > 0 && description.size === 0) return
  const fault = findFault(checkpoint, description)
  const locus = `tensor ${quoteName(name)}`
  if (fault !== undefined)
    return facts.anomalies.add('tfc-tensor', `${locus} ${fault}`, {
      locus,
      offset: entry.from,
      length: entry.to - entry.from,
    })
  const { type, shape = [], shard, offset, size } = description
  const element = dataType(type)
  const plain = { name, type: element?.name ?? '', shape, file: shardPath(checkpoint, shard), offset, length: size }
  const packed = element?.bits === undefined ? { packed: 'strings' } : {}
  const place = request.depth === 0 ? packed : { file: request.path, offset: 0, packed: 'external' }
  if (tensors.length >= MOST_TENSORS) return facts.leaveUnread(`more than ${MOST_TENSORS} tensors`)
  tensors.push({ ...plain, ...(bigEndian ? { bigEndian } : {}), ...place })
}

function checkOverlaps({ tensors, facts }: Checkpoint): void {
  for (const list of Map.groupBy(tensors, ({ file }) => file).values()) {
    let end = 0
    for (const { name, offset, length } of list.toSorted((a, b) => a.offset - b.offset)) {
      const locus = `tensor ${quoteName(name)}`
      if (length > 0 && offset < end)
        facts.anomalies.add('tfc-overlap', `${locus} begins at ${offset}, before the end of another at ${end}`, {
          locus,
        })
      end = Math.max(end, offset + length)
    }
  }
}

function readEntries(checkpoint: Checkpoint, handle: BlockHandle, after: Buffer | undefined): Buffer | undefined {
  const { request, facts } = checkpoint
  let last = after
  for (const entry of readBlock(request.source, handle, request.budget)) {
    if (last !== undefined && Buffer.compare(last, entry.key) >= 0)
      throw stop('tfc-order', `${quoteName(entry.key.toString('utf8'))} does not stand behind the name before it`)
    if (last === undefined && entry.key.length > 0) throw stop('tfc-header', 'the index does not begin with its header')
    if (last === undefined) readHeader(checkpoint, entry)
    else readTensor(checkpoint, entry)
    last = entry.key
  }
  facts.claim('index', handle.from, blockEnd(handle))
  return last
}

function readTable(checkpoint: Checkpoint): void {
  const { source, budget } = checkpoint.request
  const { facts } = checkpoint
  if (source.size < FOOTER) throw stop('tfc-structure', `a file of ${source.size} bytes has no footer`)
  const { about, index, end } = readFooter(source)
  let last: Buffer | undefined
  for (const entry of readBlock(source, index, budget))
    last = readEntries(checkpoint, readEntryHandle(source, entry), last)
  if (last === undefined) throw stop('tfc-header', 'the index has no entries')
  if (readBlock(source, about, budget).length > 0) facts.leaveUnread('the index has entries about itself')
  facts.claim('index', about.from, blockEnd(about))
  facts.claim('index', index.from, blockEnd(index))
  facts.claim('header', source.size - FOOTER, end)
  facts.claim('padding', end, source.size - 8)
  facts.claim('magic', source.size - 8, source.size)
  checkOverlaps(checkpoint)
  for (const tensor of checkpoint.tensors) facts.tensor(tensor)
}

/** Reads a file that ends in the signature of a table. @throws Fault `budget-…` */
export function readCheckpoint(request: ReadRequest): FileFacts {
  const facts = new FactCollector<CheckpointAnomaly | ProtobufAnomaly>(request, 'tf-checkpoint', [
    ...ANOMALIES,
    ...PROTOBUF,
  ])
  const walker = new Walker<CheckpointAnomaly>(request, facts, TENSORFLOW_SCHEMA)
  const checkpoint: Checkpoint = { request, walker, facts, tensors: [], shards: 0, bigEndian: false }
  try {
    readTable(checkpoint)
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    const code = thrown.code === 'truncated' ? 'tfc-structure' : thrown.code
    if (!/^(?:tfc|pb)-/.test(code)) throw thrown
    facts.anomalies.add(code as CheckpointAnomaly, thrown.message, { locus: 'structure' })
  }
  return facts.finish()
}
