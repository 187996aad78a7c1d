/**
 * PaddlePaddle parameters (`.pdiparams`): tensors one behind the other, without names.
 *
 * Each tensor is a version, the levels of its sequences, a second version, a description as a protobuf message and its
 * bytes. The names are those of the program, in the order of the alphabet.
 * Source: `SerializeToStream` in `lod_tensor.cc` and `tensor_util.cc` of PaddlePaddle 2.6.
 */
import { Fault, isFault, toSize } from '../../base/index.ts'
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { PageReader } from '../page-reader.ts'
import { ANOMALIES as PROTOBUF, type ProtobufAnomaly } from '../protobuf/anomalies.ts'
import { parseSchema } from '../protobuf/schema.ts'
import { Walker } from '../protobuf/walker.ts'
import type { ReadRequest } from '../reader.ts'
import { countElements } from '../tf-graph/tensors.ts'
import { ANOMALIES, type ParamsAnomaly } from './anomalies.ts'

const SCHEMA = parseSchema('TensorDesc 1:data_type:enum 2:dims:int64*')
const LONGEST_DESCRIPTION = 64 * 1024
const MOST_LEVELS = 16
const MOST_TENSORS = 131_072

/** Names and bytes of the element types, by number. */
const TYPES: ReadonlyMap<number, readonly [name: string, bytes: number]> = new Map([
  [0, ['BOOL', 1]],
  [1, ['I16', 2]],
  [2, ['I32', 4]],
  [3, ['I64', 8]],
  [4, ['F16', 2]],
  [5, ['F32', 4]],
  [6, ['F64', 8]],
  [20, ['U8', 1]],
  [21, ['I8', 1]],
  [22, ['BF16', 2]],
  [23, ['C64', 8]],
  [24, ['C128', 16]],
  [32, ['F8_E4M3', 1]],
  [33, ['F8_E5M2', 1]],
])

type Code = ParamsAnomaly | ProtobufAnomaly

/** True when the bytes are those that a tensor without sequences begins with. */
export function beginsTensor(head: Uint8Array): boolean {
  return head.length >= 24 && head.subarray(0, 16).every((byte) => byte === 0) && head[20] === 0x08
}

function stop(code: ParamsAnomaly, message: string): Fault {
  return new Fault(code, message)
}

function readVersion(cursor: PageReader): void {
  const version = cursor.u32()
  if (version !== 0) throw stop('pdl-structure', `at ${cursor.at}: a tensor of version ${version}; only 0 exists`)
}

function skipLevels(cursor: PageReader): void {
  const levels = toSize(cursor.u64())
  if (levels > MOST_LEVELS) throw stop('pdl-structure', `at ${cursor.at}: ${levels} levels of sequences`)
  for (let level = 0; level < levels; level++) cursor.skip(toSize(cursor.u64()))
}

function readTensor(walker: Walker<ParamsAnomaly>, cursor: PageReader, index: number): void {
  const { facts, path } = walker
  readVersion(cursor)
  skipLevels(cursor)
  readVersion(cursor)
  const length = cursor.u32()
  if (length > LONGEST_DESCRIPTION) throw stop('pdl-structure', `at ${cursor.at}: a description of ${length} bytes`)
  const from = cursor.at
  cursor.skip(length)
  const fields = walker.read('TensorDesc', { from, to: from + length, depth: 0 }, { keep: ['data_type', 'dims'] })
  const type = TYPES.get(fields.number('data_type'))
  const shape = fields.all('dims').map(Number)
  const count = shape.every((size) => size >= 0) ? countElements(shape) : undefined
  if (type === undefined || count === undefined)
    throw stop('pdl-tensor', `tensor ${index} is of type ${fields.number('data_type')} and shape ${shape.join(' × ')}`)
  const [name, bytes] = type
  const place = { file: path, offset: cursor.at, length: count * bytes }
  cursor.skip(place.length)
  walker.claimTensor({ from: place.offset, to: cursor.at })
  facts.tensor({ name: `#${index}`, type: name, shape, ...place })
}

/** Reads a file of parameters. @throws Fault `budget-…` */
export function readParams(request: ReadRequest): FileFacts {
  const facts = new FactCollector<Code>(request, 'paddle-params', [...ANOMALIES, ...PROTOBUF])
  const walker = new Walker<ParamsAnomaly>(request, facts, SCHEMA)
  const cursor = new PageReader(request.source)
  try {
    for (let index = 0; cursor.remaining > 0; index++) {
      if (index >= MOST_TENSORS) throw new Fault('budget-items', `more than ${MOST_TENSORS} tensors`)
      readTensor(walker, cursor, index)
    }
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    const code = thrown.code === 'truncated' || thrown.code === 'size-overflow' ? 'pdl-structure' : thrown.code
    if (!/^(?:pdl|pb)-/.test(code)) throw thrown
    facts.anomalies.add(code as Code, thrown.message, { locus: 'structure', offset: cursor.at })
  }
  return facts.finish()
}
