/**
 * Tensors within a TensorFlow graph: constants, defaults, values of attributes.
 *
 * Numbers are passed over; texts are looked into, since a text may hold a graph.
 */
import { isFault, mulChecked } from '../../base/index.ts'
import { quoteName } from '../names.ts'
import type { FieldValue, Place, Walker } from '../protobuf/walker.ts'
import { LENGTH, readVarint, type Range } from '../protobuf/wire.ts'
import type { GraphContext } from './context.ts'
import { dataType, STRING_TYPE } from './data-types.ts'

const MOST_TENSORS = 131_072
const MOST_TEXTS = 1_000_000
/** Fields of numbers, and whether a packed run of them stands in the file as the elements do in memory. */
const NUMBERS: ReadonlyMap<string, boolean> = new Map([
  ['float_val', true],
  ['double_val', true],
  ['scomplex_val', true],
  ['dcomplex_val', true],
  ['int_val', false],
  ['int64_val', false],
  ['bool_val', false],
  ['half_val', false],
  ['uint32_val', false],
  ['uint64_val', false],
])

/** What to do with a text. */
export type TakeText = (text: Range & { readonly depth: number }) => void

interface Parts {
  readonly type: number
  readonly shape: readonly number[] | undefined
  readonly content: FieldValue | undefined
  readonly numbers: { readonly value: FieldValue; readonly count: number } | undefined
}

/** What reads messages, whatever it notes. */
type MessageReader = Pick<Walker<never>, 'read'>

/** Reads a shape; undefined when a dimension is unknown. */
export function readShape({ walker }: { readonly walker: MessageReader }, place: Place): readonly number[] | undefined {
  const shape: number[] = []
  const fields = walker.read('TensorShapeProto', place, {
    keep: ['unknown_rank'],
    on: { dim: (value) => shape.push(walker.read('TensorShapeProto.Dim', value, { keep: ['size'] }).number('size')) },
  })
  const isKnown = fields.number('unknown_rank') === 0 && shape.length <= 254
  return isKnown && shape.every((size) => size >= 0 && Number.isSafeInteger(size)) ? shape : undefined
}

/** Number of elements, or undefined when no file can have so many. */
export function countElements(shape: readonly number[]): number | undefined {
  try {
    const count = shape.includes(0) ? 0 : mulChecked(...shape)
    mulChecked(count, 16)
    return count
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    return undefined
  }
}

function readParts(context: GraphContext, place: Place, takeText: TakeText): Parts {
  const { walker } = context
  let shape: readonly number[] | undefined = []
  let content: FieldValue | undefined
  let numbers: Parts['numbers']
  const takeNumbers = (value: FieldValue): void => {
    const isRun = value.wire === LENGTH && value.type.packable
    numbers = { value, count: (numbers?.count ?? 0) + (isRun ? walker.checkPacked(value) : 1) }
  }
  const on: Record<string, (value: FieldValue) => void> = {
    tensor_shape: (value) => (shape = readShape(context, value)),
    tensor_content: (value) => (content = value),
    string_val: takeText,
    variant_val: (value) => readVariant(context, value, takeText),
  }
  for (const field of NUMBERS.keys()) on[field] = takeNumbers
  const type = walker.read('TensorProto', place, { keep: ['dtype'], on }).number('dtype')
  return { type, shape, content, numbers }
}

function readVariant(context: GraphContext, place: Place, takeText: TakeText): void {
  context.walker.read('VariantTensorDataProto', place, {
    on: { metadata: takeText, tensors: (value) => readTensor(context, value, { name: '', takeText }) },
  })
}

/** Texts that stand as content: the lengths of all, then the bytes of all. */
function takeContentTexts({ walker }: GraphContext, content: FieldValue, { count, takeText }: Texts): void {
  const { cursor } = walker
  if (count > MOST_TEXTS || count > content.to - content.from) return
  cursor.seek(content.from)
  const lengths = Array.from({ length: count }, () => Number(readVarint(cursor)))
  let from = cursor.at
  for (const length of lengths) {
    if (from + length > content.to) return
    takeText({ from, to: from + length, depth: content.depth })
    from += length
  }
}

interface Texts {
  readonly count: number
  readonly takeText: TakeText
}

/** What a tensor is called, and what to do with its texts. */
export interface TensorUse {
  readonly name: string
  readonly takeText: TakeText
}

function addTensor(context: GraphContext, parts: Parts, { name, count }: { name: string; count: number }): void {
  const { content, numbers, shape = [] } = parts
  const type = dataType(parts.type)
  if (type?.bits === undefined) return
  const file = context.walker.path
  const length = (count * type.bits) / 8
  if (content !== undefined && content.to - content.from === length) {
    context.walker.claimTensor(content)
    return context.facts.tensor({ name, type: type.name, shape, file, offset: content.from, length })
  }
  if (numbers === undefined || count < 2 || numbers.count !== count) return
  const { from, to, type: field } = numbers.value
  const isPlain = NUMBERS.get(field.name) === true && to - from === length
  const fact = { name, type: type.name, shape, file, offset: from, length: to - from }
  context.facts.tensor(isPlain ? fact : { ...fact, packed: 'typed' })
}

/** Says what is wrong with the size of the content, if anything. */
function findMisfit({ content, type, shape }: Parts, count: number | undefined): string | undefined {
  const size = content === undefined ? 0 : content.to - content.from
  if (size === 0) return undefined
  if (count === undefined || shape === undefined) return 'has data and no shape that a tensor can have'
  const bits = dataType(type)?.bits
  const expected = bits === undefined ? size : (count * bits) / 8
  return size === expected ? undefined : `has ${size} bytes, its shape and type give ${expected}`
}

/** Reads a tensor; one with data of its own enters the table. */
export function readTensor(context: GraphContext, place: Place, { name, takeText }: TensorUse): void {
  const parts = readParts(context, place, takeText)
  const { content, type, shape } = parts
  const count = shape === undefined ? undefined : countElements(shape)
  const locus = `tensor ${quoteName(name)}`
  const misfit = findMisfit(parts, count)
  if (misfit !== undefined) return context.note('tfg-tensor-size', `${locus} ${misfit}`, { locus, ...place })
  if (count === undefined) return
  if (content !== undefined && type === STRING_TYPE) takeContentTexts(context, content, { count, takeText })
  else if (++context.counts.tensors <= MOST_TENSORS) addTensor(context, parts, { name, count })
  else context.facts.leaveUnread(`more than ${MOST_TENSORS} tensors`)
}
