/**
 * Tensors of an ONNX model: raw, typed, in another file, sparse.
 *
 * The data of a tensor is passed over, never read; what is checked is that it is as long as shape and type say, and that
 * it stands in one place only.
 */
import { mulChecked } from '../../base/index.ts'
import type { TensorFact } from '../facts.ts'
import { hasOddCharacters, quoteName } from '../names.ts'
import type { Fields } from '../protobuf/fields.ts'
import type { FieldValue, Place } from '../protobuf/walker.ts'
import { LENGTH } from '../protobuf/wire.ts'
import type { OnnxAnomaly } from './anomalies.ts'
import { type OnnxContext } from './context.ts'
import { CONTIGUOUS_FIELDS, DATA_TYPES, type DataType } from './data-types.ts'
import { readExternal } from './external.ts'

const TYPED_FIELDS = ['float_data', 'int32_data', 'string_data', 'int64_data', 'double_data', 'uint64_data']
const EXTERNAL = 1
const MOST_TENSORS = 131_072

/** A run of data in the file. */
interface Data {
  readonly field: string
  from: number
  to: number
  /** Entries of typed data. */
  count: number
  /** Runs that it stands in. */
  runs: number
}

interface Parts {
  readonly fields: Fields
  readonly data: ReadonlyMap<string, Data>
  readonly entries: readonly (readonly [string, string])[]
  readonly hasSegment: boolean
}

function readParts(context: OnnxContext, place: Place): Parts {
  const { walker } = context
  const data = new Map<string, Data>()
  const entries: (readonly [string, string])[] = []
  let hasSegment = false
  const take = (value: FieldValue): void => {
    const { from, to, type, wire } = value
    const run = data.get(type.name) ?? { field: type.name, from, to, count: 0, runs: 0 }
    run.to = to
    run.runs += 1
    run.count += type.packable && wire === LENGTH ? walker.checkPacked(value) : 1
    data.set(type.name, run)
    if (type.name !== 'string_data') walker.claimTensor(value)
  }
  const on: Record<string, (value: FieldValue) => void> = {
    raw_data: take,
    segment: () => (hasSegment = true),
    external_data: (value) => {
      const pair = walker.read('StringStringEntryProto', value, { keep: ['key', 'value'] })
      if (entries.length < 1000) entries.push([pair.text('key'), pair.text('value')])
    },
  }
  for (const field of TYPED_FIELDS) on[field] = take
  const fields = walker.read('TensorProto', place, { keep: ['dims', 'data_type', 'name', 'data_location'], on })
  return { fields, data, entries, hasSegment }
}

type Say = (code: OnnxAnomaly, message: string) => void

function readShape(fields: Fields, say: Say): readonly number[] | undefined {
  const shape = fields.all('dims').map(Number)
  if (fields.count('dims') === shape.length && shape.every((size) => size >= 0 && Number.isSafeInteger(size))) {
    if (shape.length <= 1024) return shape
  }
  say('onx-tensor-data', `has the shape ${fields.texts('dims').slice(0, 16).join(' × ')}, which no tensor has`)
  return undefined
}

function countElements(shape: readonly number[], say: Say): number | undefined {
  try {
    const count = shape.includes(0) ? 0 : mulChecked(...shape)
    mulChecked(count, 16)
    return count
  } catch {
    say('onx-tensor-data', `has ${shape.join(' × ')} elements, above 2^53-1`)
    return undefined
  }
}

/** The one run of data that a tensor has; undefined when it has none, or more than one or another than its type has. */
function theData({ data }: Parts, type: DataType, say: Say): Data | undefined {
  const runs = [...data.values()].filter(({ from, to }) => to > from || data.size === 1)
  const [run] = runs
  if (runs.length > 1) say('onx-tensor-data', `has data in ${runs.map(({ field }) => field).join(' and ')}`)
  const isRaw = run?.field === 'raw_data'
  if (run !== undefined && (isRaw ? type.bits === undefined : run.field !== type.field)) {
    say('onx-tensor-data', `is of type ${type.name} and has its data in ${run.field}`)
    return undefined
  }
  return runs.length > 1 ? undefined : run
}

function checkLength(run: Data | undefined, { type, count, length }: Size, say: Say): boolean {
  if (run?.field === 'raw_data') {
    if (run.runs === 1 && run.to - run.from === length) return true
    say('onx-tensor-size', `has ${run.to - run.from} bytes of raw data, its shape and type give ${length}`)
    return false
  }
  const expected = type.entries(count)
  if ((run?.count ?? 0) === expected) return true
  say('onx-tensor-size', `has ${run?.count ?? 0} values, its shape gives ${expected}`)
  return false
}

interface Size {
  readonly type: DataType
  readonly count: number
  /** Bytes that the elements take. */
  readonly length: number
}

function addTensor(context: OnnxContext, run: Data | undefined, tensor: Omit<TensorFact, 'file' | 'offset'>): void {
  const file = context.walker.path
  if (run === undefined) return context.facts.tensor({ ...tensor, file, offset: 0, length: 0 })
  const { from, to, field, runs } = run
  const isPlain = field === 'raw_data' || (CONTIGUOUS_FIELDS.has(field) && runs === 1 && to - from === tensor.length)
  context.facts.tensor(
    isPlain ? { ...tensor, file, offset: from } : { ...tensor, file, offset: from, length: to - from, packed: 'typed' },
  )
}

/** What a tensor is, as far as it is one. */
function readSize({ fields }: Parts, say: Say): (Size & { readonly shape: readonly number[] }) | undefined {
  const type = DATA_TYPES.get(fields.number('data_type'))
  if (type === undefined) say('onx-tensor-type', `has the element type ${fields.number('data_type')}`)
  const shape = readShape(fields, say)
  const count = shape === undefined ? undefined : countElements(shape, say)
  if (shape === undefined || count === undefined || type === undefined) return undefined
  return { type, count, shape, length: Math.ceil((count * (type.bits ?? 0)) / 8) }
}

interface Titled {
  readonly name: string
  readonly place: Place
  readonly say: Say
}

function takeExternal(context: OnnxContext, parts: Parts, { name, place, say }: Titled): void {
  const { entries } = parts
  const size = readSize(parts, say)
  if (size === undefined) return readExternal(context, { entries, name, type: 'unknown', shape: [], length: 0, place })
  const { type, shape, length } = size
  if (type.bits === undefined) say('onx-tensor-data', 'holds texts and lies in another file')
  if (parts.data.size > 0) say('onx-tensor-data', 'has data of its own and lies in another file as well')
  readExternal(context, { entries, name, type: type.name, shape, length, place })
}

function takeOwn(context: OnnxContext, parts: Parts, { name, say }: Titled): void {
  const size = readSize(parts, say)
  if (size === undefined) return
  const { type, shape, length } = size
  const run = theData(parts, type, say)
  if (run === undefined && parts.data.size > 0) return
  if (checkLength(run, size, say) && context.counts.tensors <= MOST_TENSORS)
    addTensor(context, run, { name, type: type.name, shape, length })
}

/**
 * Reads a tensor and adds it to the table.
 *
 * @param title how the tensor is called where its own name does not tell it from others
 * @returns its own name
 */
export function readTensor(context: OnnxContext, place: Place, title = ''): string {
  const parts = readParts(context, place)
  const own = parts.fields.text('name')
  const name = title === '' ? own : title
  const locus = `tensor ${quoteName(name)}`
  const say: Say = (code, message) => context.note(code, `${locus} ${message}`, { locus, ...place })
  if (++context.counts.tensors > MOST_TENSORS) context.facts.leaveUnread(`more than ${MOST_TENSORS} tensors`)
  if (hasOddCharacters(name)) say('onx-odd-characters', 'has invisible characters in its name')
  if (parts.hasSegment) say('onx-tensor-data', 'is a segment of a larger one, which no loader reads')
  const isExternal = parts.fields.number('data_location') === EXTERNAL || parts.entries.length > 0
  const take = isExternal ? takeExternal : takeOwn
  take(context, parts, { name, place, say })
  return own
}

/** Reads a sparse tensor: its values and their indices. @returns the name of the values */
export function readSparseTensor(context: OnnxContext, place: Place, title = ''): string {
  let name = ''
  let parts = 0
  context.walker.read('SparseTensorProto', place, {
    on: {
      values: (value) => {
        name = readTensor(context, value, title)
        parts += 1
      },
      indices: (value) => {
        readTensor(context, value, `${title === '' ? name : title}.indices`)
        parts += 1
      },
    },
  })
  if (parts !== 2) {
    const locus = `sparse tensor ${quoteName(name)}`
    context.note('onx-tensor-data', `${locus} lacks its values or its indices`, { locus, ...place })
  }
  return name
}
