/**
 * The weights of an exported program: records of raw bytes, and a JSON record that says what they are.
 *
 * Source: `torch/export/pt2_archive/_package.py` and `_package_weights.py`; `torch/_export/serde/schema.py` for the
 * numbers of types.
 */
import { isUtf8 } from 'node:buffer'
import { isFault } from '../../base/index.ts'
import { isJsonArray, isJsonObject, JsonCursor, type JsonValue } from '../json/cursor.ts'
import { quoteName } from '../names.ts'
import type { PickleTensor } from '../pickle/engine/index.ts'
import type { TorchArchive } from '../torch/archive.ts'
import { placeTensor } from '../torch/place-tensor.ts'
import { isStored } from '../zip/content.ts'

const LONGEST_CONFIG = 32 * 1024 * 1024
/** Numbers of `ScalarType` in the schema of exported programs. */
const TYPES: ReadonlyMap<number, string> = new Map([
  [1, 'U8'],
  [2, 'I8'],
  [3, 'I16'],
  [4, 'I32'],
  [5, 'I64'],
  [6, 'F16'],
  [7, 'F32'],
  [8, 'F64'],
  [10, 'C64'],
  [11, 'C128'],
  [12, 'BOOL'],
  [13, 'BF16'],
  [28, 'U16'],
  [29, 'F8_E4M3'],
  [30, 'F8_E5M2'],
  [31, 'F8_E4M3FNUZ'],
  [32, 'F8_E5M2FNUZ'],
])

/** One weight, and whether its record is a pickle instead of raw bytes. */
interface Weight {
  readonly record: string
  readonly pickled: boolean
  readonly tensor: PickleTensor
}

function parse(archive: TorchArchive, name: string): JsonValue | undefined {
  const member = archive.take(name, 'metadata')
  const source = member && archive.open(member)
  if (source === undefined) return undefined
  if (source.size > LONGEST_CONFIG) return refuse(archive, name, `has ${source.size} bytes`)
  const bytes = source.read(0, source.size)
  if (!isUtf8(bytes)) return refuse(archive, name, 'is not UTF-8')
  const { budget } = archive.request
  const cursor = new JsonCursor(bytes, { budget, report: (_, message) => refuse(archive, name, message) })
  try {
    const value = cursor.value()
    cursor.end()
    return value
  } catch (thrown) {
    if (!isFault(thrown, 'json-syntax')) throw thrown
    return refuse(archive, name, thrown.message)
  }
}

function refuse(archive: TorchArchive, name: string, what: string): undefined {
  archive.note('tor-record', name, what)
}

function field(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isJsonObject(value) ? value.get(key) : undefined
}

function size(value: JsonValue | undefined): number | undefined {
  const number = field(value, 'as_int')
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined
}

function sizes(value: JsonValue | undefined): readonly number[] | undefined {
  if (!isJsonArray(value)) return undefined
  const found = value.map(size)
  return found.every((each) => each !== undefined) ? found : undefined
}

function toWeight(name: string, value: JsonValue): Weight | undefined {
  const meta = field(value, 'tensor_meta')
  const [record, dtype] = [field(value, 'path_name'), field(meta, 'dtype')]
  const [shape, strides] = [sizes(field(meta, 'sizes')), sizes(field(meta, 'strides'))]
  const offset = size(field(meta, 'storage_offset'))
  const type = typeof dtype === 'number' ? TYPES.get(dtype) : undefined
  if (typeof record !== 'string' || type === undefined || offset === undefined) return undefined
  if (shape === undefined || strides === undefined) return undefined
  const tensor = { name, storage: record, type, shape, strides, offset }
  return { record, pickled: field(value, 'use_pickle') === true, tensor }
}

/** Reads the weights that a JSON record lists, from the folder in which it stands. @throws Fault `budget-…` */
export function readWeights(archive: TorchArchive, name: string): void {
  const config = field(parse(archive, name), 'config')
  const folder = name.slice(0, name.lastIndexOf('/') + 1)
  if (!isJsonObject(config)) return refuse(archive, name, 'has no config')
  for (const [key, value] of config) {
    const weight = toWeight(key, value)
    if (weight !== undefined) takeWeight(archive, folder, weight)
    else refuse(archive, name, `does not say what ${quoteName(key)} is`)
  }
}

function takeWeight(archive: TorchArchive, folder: string, { record, pickled, tensor }: Weight): void {
  const member = archive.records.get(folder + record)
  if (pickled) return
  archive.take(folder + record, 'tensor')
  const lies = member && {
    from: member.from,
    bytes: member.size,
    ...(isStored(member) ? {} : { packed: 'compressed' }),
  }
  const file = { path: archive.request.path, bigEndian: archive.bigEndian }
  const fact = lies && placeTensor(tensor, lies, file)
  if (fact !== undefined) return archive.facts.tensor(fact)
  const what = `tensor ${quoteName(tensor.name)} does not lie in record ${quoteName(record)}`
  archive.facts.anomalies.add('pkl-tensor', what, { locus: `tensor ${quoteName(tensor.name)}` })
  archive.facts.leaveUnread(what)
}
