/**
 * What the checker verifies of arguments and states beyond their schema.
 */
import { DISTRIBUTION_TEMPLATE } from '../policy/distribution-template.ts'
import { STORAGE_TYPES, TENSOR_TYPES } from '../policy/storage-types.ts'
import { Refusal } from './refusal.ts'
import { pathOf, type ElementType, type Instance, type Value } from './values.ts'

const CODE = /^[<>|=]?(b1|[iu][1248]|f(?:2|4|8|12|16)|c(?:8|16|24|32)|O[48]?|[SV]\d{1,9}|U\d{1,9}|[Mm]8)$/

function demand(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Refusal(what)
}

/** The numbers of a tuple, or of the torch.Size around one. */
function numbers(value: Value | undefined): readonly number[] {
  if (value?.is === 'instance' && value.sizes !== undefined) return value.sizes
  demand(value?.is === 'tuple', 'no tuple of sizes')
  return value.items.map((item) => (item.is === 'int' ? item.value : Number.NaN))
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1)
}

/** The element type that a NumPy dtype stands for. @throws Refusal */
export function elementType(value: Value | undefined): ElementType {
  demand(value?.is === 'instance' && value.dtype !== undefined, 'an element type is not known')
  return value.dtype
}

/** `numpy.dtype('f4', …)`. */
export function dtypeOf([first]: readonly Value[]): ElementType {
  if (first?.is === 'global') return { code: 'V', size: 0, objects: false }
  const code = first?.is === 'text' ? CODE.exec(first.text)?.[1] : undefined
  demand(code !== undefined, 'no code of an element type')
  const size = code.startsWith('O') ? 8 : Number(code.slice(1)) * (code.startsWith('U') ? 4 : 1)
  return { code, size, objects: code.startsWith('O') }
}

/** The state of a dtype, `(3, '<', base, names, fields, size, alignment, flags, …)`. */
export function dtypeWithState(old: ElementType, state: readonly Value[]): ElementType {
  const order = state[1]
  demand(order?.is === 'text' && /^[<>|=]$/.test(order.text), 'no byte order')
  const [declared, , flags] = numbers({ is: 'tuple', items: state.slice(5, 8) })
  demand(declared !== undefined && flags !== undefined, 'a type without size or flags')
  const flexible = /^[SVU]/.test(old.code)
  const fits = old.code === 'V' ? declared >= 0 : declared === old.size || (declared === -1 && !flexible)
  demand(fits, 'the size of a type is not that of its code')
  const size = flexible ? declared : old.size
  const parts = partsOf(state, size)
  const objects = old.objects || parts.some((part) => part.objects)
  const agree = old.objects ? flags === 63 : objects ? (flags & 3) === 3 : (flags & 7) === 0
  demand(agree, 'the flags of a type do not fit it')
  return { ...old, size, objects }
}

function partsOf(state: readonly Value[], size: number): readonly ElementType[] {
  const [base, fields] = [state[2], state[4]]
  if (base?.is === 'tuple') {
    const element = elementType(base.items[0])
    const count = base.items[1]?.is === 'int' ? base.items[1].value : product(numbers(base.items[1]))
    demand(element.size * count === size, 'the base of a type does not fill it')
    return [element]
  }
  if (fields?.is !== 'dict') return []
  return fields.items.flatMap((field, i) => {
    if (i % 2 === 0) return []
    demand(field.is === 'tuple', 'a field is no tuple')
    const element = elementType(field.items[0])
    const at = field.items[1]?.is === 'int' ? field.items[1].value : -1
    demand(at >= 0 && at + element.size <= size, 'a field reaches outside its type')
    return [element]
  })
}

function lengthOf(value: Value | undefined): number {
  if (value?.is === 'bytes' || value?.is === 'bytearray') return value.length
  return value?.is === 'text' && value.native ? value.text.length : Number.NaN
}

/** `(version, shape, type, order, bytes or list)`. */
export function checkArrayState(state: readonly Value[]): void {
  const [, shape, type, , raw] = state
  const element = elementType(type)
  const count = product(numbers(shape))
  if (element.objects) demand(raw?.is === 'list' && raw.items.length === count, 'an array of objects is not filled')
  else demand(lengthOf(raw) === count * element.size, 'the bytes of an array are not as many as it has')
}

/** `scalar(type, bytes)`. */
export function checkScalar([type, raw]: readonly Value[]): void {
  const element = elementType(type)
  demand(!element.objects && lengthOf(raw) === element.size, 'the bytes of a number are not as many as it has')
}

/** `_frombuffer(bytes, type, shape, order)`. */
export function checkBuffer([raw, type, shape]: readonly Value[]): void {
  const element = elementType(type)
  demand(!element.objects, 'a buffer of objects')
  demand(lengthOf(raw) === element.size * product(numbers(shape)), 'the bytes of an array are not as many as it has')
}

/** `_rebuild_tensor…(storage, offset, sizes, strides, …)`. */
export function checkTensor(args: readonly Value[]): void {
  const [storage, offset, sizes, strides, , , type] = args
  demand(storage?.is === 'storage' && offset?.is === 'int', 'a tensor without a storage')
  const [shape, steps] = [numbers(sizes), numbers(strides)]
  demand(shape.length === steps.length, 'a tensor has more sizes than strides')
  const named = type?.is === 'global' ? TENSOR_TYPES.get(pathOf(type)) : undefined
  const capacity =
    named === undefined || storage.type !== 'torch.storage.UntypedStorage'
      ? storage.elements
      : Math.floor(storage.elements / named.size)
  const last = shape.reduce((reach, size, i) => reach + (size - 1) * (steps[i] as number), offset.value)
  demand((shape.includes(0) ? offset.value : last + 1) <= capacity, 'a tensor reaches outside its storage')
}

/** The state of a distribution of scipy. */
export function checkDistribution(state: Value): void {
  demand(state.is === 'dict', 'the state of a distribution is no dict')
  state.items.forEach((key, i) => {
    if (i % 2 === 1 || key.is !== 'text' || key.text !== '_parse_arg_template') return
    const value = state.items[i + 1]
    demand(value?.is === 'text' && DISTRIBUTION_TEMPLATE.test(value.text), 'a distribution runs a text of its own')
  })
}

function storageSize(type: Extract<Value, { is: 'global' }>): number {
  const size = STORAGE_TYPES.get(pathOf(type))?.size
  demand(size !== undefined, 'a storage of no class')
  return size
}

function keyOf(key: Value | undefined): string {
  demand(key?.is === 'text' || key?.is === 'int', 'a storage without a key')
  return key.is === 'text' ? key.text : `${key.value}`
}

/** `('storage', class, key, location, numel)`, or torch's class with its source. */
export function persistentValue(id: Value, storageBytes?: (key: string) => number | undefined): Value {
  demand(id.is === 'tuple', 'a persistent id is no tuple')
  const [kind, type, key, , numel] = id.items
  demand(kind?.is === 'text' && type?.is === 'global', 'a persistent id is of no known kind')
  if (kind.text === 'module' && id.items.length === 4) return type
  demand(kind.text === 'storage' && id.items.length <= 6, 'a persistent id is no storage')
  demand(numel?.is === 'int' && numel.value >= 0, 'a storage without a size')
  checkRecord(storageBytes, keyOf(key), numel.value * storageSize(type))
  return { is: 'storage', type: pathOf(type), elements: numel.value }
}

function checkRecord(
  storageBytes: ((key: string) => number | undefined) | undefined,
  key: string,
  wanted: number,
): void {
  if (storageBytes !== undefined) demand(storageBytes(key) === wanted, 'a storage is not of the size of its record')
}

/** What joblib reads behind a wrapper: bytes of elements, or a pickle for objects. */
export interface Wrapped {
  readonly length: number
  readonly objects: boolean
  /** Whether a byte says how much padding comes first. */
  readonly padded: boolean
}

/** The state of a `NumpyArrayWrapper`. */
export function wrappedArray(state: Value): Wrapped {
  demand(state.is === 'dict', 'the state of a wrapper is no dict')
  const attributes = new Map(
    state.items.flatMap((key, i) =>
      i % 2 === 0 && key.is === 'text' ? [[key.text, state.items[i + 1] as Value]] : [],
    ),
  )
  const subclass = attributes.get('subclass')
  demand(
    subclass?.is === 'global' && /^numpy\.(ndarray|matrix|matrixlib\.defmatrix\.matrix|memmap)$/.test(pathOf(subclass)),
    'a wrapper of no array',
  )
  const element = elementType(attributes.get('dtype'))
  const alignment = attributes.get('numpy_array_alignment_bytes')
  demand(alignment === undefined || ['int', 'bool', 'none'].includes(alignment.is), 'an alignment that is no number')
  const padded = alignment !== undefined && alignment.is !== 'none'
  return { length: element.size * product(numbers(attributes.get('shape'))), objects: element.objects, padded }
}

/** Sizes of a torch.Size that is made of a tuple. */
export function sizesOf([tuple]: readonly Value[]): readonly number[] {
  return numbers(tuple)
}

/** A fresh instance. */
export function instance(module: string, name: string): Instance {
  return { is: 'instance', module, name, items: [], states: 0 }
}
