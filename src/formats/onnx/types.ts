/**
 * Declared types of values: tensors, sequences, maps, optionals.
 */
import { quoteName } from '../names.ts'
import type { FieldValue, Place } from '../protobuf/walker.ts'
import { type OnnxContext } from './context.ts'
import { DATA_TYPES } from './data-types.ts'

const KINDS = [
  'tensor_type',
  'sequence_type',
  'map_type',
  'optional_type',
  'sparse_tensor_type',
  'opaque_type',
] as const

/** Messages of the kinds, and their fields that hold an element type. */
const MESSAGES: ReadonlyMap<string, readonly [message: string, inner: string]> = new Map([
  ['tensor_type', ['TypeProto.Tensor', 'elem_type']],
  ['sparse_tensor_type', ['TypeProto.SparseTensor', 'elem_type']],
  ['sequence_type', ['TypeProto.Sequence', 'elem_type']],
  ['optional_type', ['TypeProto.Optional', 'elem_type']],
  ['map_type', ['TypeProto.Map', 'value_type']],
  ['opaque_type', ['TypeProto.Opaque', '']],
])

function readKind(context: OnnxContext, value: FieldValue, locus: string): void {
  const [message, inner] = MESSAGES.get(value.type.name) ?? ['TypeProto.Opaque', '']
  const isElement = value.type.name.includes('tensor')
  const on = isElement || inner === '' ? {} : { [inner]: (type: FieldValue) => readType(context, type, locus) }
  const fields = context.walker.read(message, value, { keep: isElement ? [inner] : ['key_type'], on })
  const named = isElement ? inner : 'key_type'
  if (fields.count(named) === 0) return
  const type = fields.number(named)
  if (!DATA_TYPES.has(type) && type !== 0)
    context.note('onx-value-type', `${locus} has the element type ${type}`, { locus, ...value })
}

/** Reads a type. */
export function readType(context: OnnxContext, place: Place, locus: string): void {
  const on = Object.fromEntries(KINDS.map((kind) => [kind, (value: FieldValue) => readKind(context, value, locus)]))
  context.walker.read('TypeProto', place, { on })
}

/** Reads a declared value. @returns its name */
export function readValueInfo(context: OnnxContext, place: Place): string {
  const types: FieldValue[] = []
  const fields = context.walker.read('ValueInfoProto', place, {
    keep: ['name'],
    on: { type: (value) => types.push(value) },
  })
  const name = fields.text('name')
  for (const type of types) readType(context, type, `value ${quoteName(name)}`)
  return name
}
