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

/** What is no int is no number, with which no comparison holds. */
function numberOf(value: Value | undefined): number {
  return value?.is === 'int' ? value.value : Number.NaN
}

/** The numbers of a tuple, or of the torch.Size around one. @throws Refusal */
export function sizesOf(value: Value | undefined): readonly number[] {
  if (value?.is === 'instance' && value.sizes !== undefined) return value.sizes
  return partsOf(value).map(numberOf)
}

function partsOf(value: Value | undefined): readonly Value[] {
  demand(value?.is === 'tuple', 'something is no tuple')
  return value.items
}

/** The values of a dict under a text, of which the last one counts. */
function valuesUnder(dict: Value, text: string): readonly Value[] {
  demand(dict.is === 'dict', 'a state is no dict')
  return dict.items.filter((_value, i) => {
    const key = dict.items[i - 1]
    return i % 2 === 1 && key?.is === 'text' && key.text === text
  })
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1)
}

/** The element type that a NumPy dtype stands for. */
function elementType(value: Value | undefined): ElementType {
  demand(value?.is === 'instance' && value.dtype !== undefined, 'an element type is not known')
  return value.dtype
}

/** `numpy.dtype('f4', …)`. */
export function dtypeOf([first]: readonly Value[]): ElementType {
  if (first?.is === 'global') return { code: 'V', size: 0, objects: false }
  const code = first?.is === 'text' ? CODE.exec(first.text)?.[1] : undefined
  demand(code !== undefined, 'no code of an element type')
  const objects = code.startsWith('O')
  return { code, size: objects ? 8 : Number(code.slice(1)) * (code.startsWith('U') ? 4 : 1), objects }
}

/** The state of a dtype, `(3, '<', base, names, fields, size, alignment, flags, …)`. */
export function dtypeWithState(type: Instance, state: Value): ElementType {
  const old = elementType(type)
  const [, order, base, , fields, declared, , flags] = partsOf(state)
  demand(order?.is === 'text' && /^[<>|=]$/.test(order.text), 'no byte order')
  const size = sizeWithState(old, numberOf(declared))
  const parts = base?.is === 'tuple' ? [baseOf(base, size)] : fields?.is === 'dict' ? fieldsOf(fields.items, size) : []
  const objects = old.objects || parts.some((part) => part.objects)
  const bits = numberOf(flags)
  const agree = old.objects ? bits === 63 : objects ? (bits & 3) === 3 : (bits & 7) === 0
  demand(agree, 'the flags of a type do not fit it')
  return { ...old, size, objects }
}

function sizeWithState(old: ElementType, declared: number): number {
  const flexible = /^[SVU]/.test(old.code)
  const fits = old.code === 'V' ? declared >= 0 : declared === old.size || (declared === -1 && !flexible)
  demand(fits, 'the size of a type is not that of its code')
  return flexible ? declared : old.size
}

function baseOf({ items: [type, shape] }: { readonly items: readonly Value[] }, size: number): ElementType {
  const element = elementType(type)
  const count = shape?.is === 'int' ? shape.value : product(sizesOf(shape))
  demand(element.size * count === size, 'the base of a type does not fill it')
  return element
}

function fieldsOf(items: readonly Value[], size: number): readonly ElementType[] {
  return items
    .filter((_item, i) => i % 2 === 1)
    .map((field) => {
      const [type, at] = partsOf(field)
      const element = elementType(type)
      const from = numberOf(at)
      demand(from >= 0 && from + element.size <= size, 'a field reaches outside its type')
      return element
    })
}

function lengthOf(value: Value | undefined): number {
  if (value?.is === 'text' && value.native) return value.text.length
  return value?.is === 'bytes' || value?.is === 'bytearray' ? value.length : Number.NaN
}

/** `(version, shape, type, order, bytes or list)`. */
export function checkArrayState(state: Value): void {
  const [, shape, type, , raw] = partsOf(state)
  const count = product(sizesOf(shape))
  if (!elementType(type).objects) checkBytes(type, raw, count)
  else demand(raw?.is === 'list' && raw.items.length === count, 'an array of objects is not filled')
}

function checkBytes(type: Value | undefined, raw: Value | undefined, count: number): void {
  const { size, objects } = elementType(type)
  demand(!objects && lengthOf(raw) === count * size, 'there are not as many bytes as elements')
}

/** `scalar(type, bytes)`. */
export function checkScalar([type, raw]: readonly Value[]): void {
  checkBytes(type, raw, 1)
}

/** `_frombuffer(bytes, type, shape, order)`. */
export function checkBuffer([raw, type, shape]: readonly Value[]): void {
  checkBytes(type, raw, product(sizesOf(shape)))
}

/** `_rebuild_tensor…(storage, offset, sizes, strides, …)`. */
export function checkTensor(args: readonly Value[]): void {
  const [storage, offset, sizes, strides, , , type] = args
  demand(storage?.is === 'storage', 'a tensor without a storage')
  const [from, shape, steps] = [numberOf(offset), sizesOf(sizes), sizesOf(strides)]
  demand(shape.length === steps.length, 'a tensor has more sizes than strides')
  const named = type?.is === 'global' ? TENSOR_TYPES.get(pathOf(type)) : undefined
  const width = storage.type === 'torch.storage.UntypedStorage' ? (named?.size ?? 1) : 1
  const last = shape.reduce((reach, size, i) => reach + (size - 1) * (steps[i] as number), from)
  demand((shape.includes(0) ? from : last + 1) * width <= storage.elements, 'a tensor reaches outside its storage')
}

/** The state of a distribution of scipy. */
export function checkDistribution(state: Value): void {
  for (const value of valuesUnder(state, '_parse_arg_template'))
    demand(value.is === 'text' && DISTRIBUTION_TEMPLATE.test(value.text), 'a distribution runs a text of its own')
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
  const parts = partsOf(id)
  const [kind, type, key, , numel] = parts
  demand(kind?.is === 'text' && type?.is === 'global', 'a persistent id is of no known kind')
  if (kind.text === 'module' && parts.length === 4) return type
  demand(kind.text === 'storage' && parts.length <= 6, 'a persistent id is no storage')
  const elements = numberOf(numel)
  demand(elements >= 0, 'a storage without a size')
  const [record, bytes] = [keyOf(key), elements * storageSize(type)]
  const isThere = storageBytes === undefined || storageBytes(record) === bytes
  demand(isThere, 'a storage is not of the size of its record')
  return { is: 'storage', type: pathOf(type), elements }
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
  const attribute = (name: string): Value | undefined => valuesUnder(state, name).at(-1)
  const subclass = attribute('subclass')
  demand(
    subclass?.is === 'global' && /^numpy\.(ndarray|matrix|matrixlib\.defmatrix\.matrix|memmap)$/.test(pathOf(subclass)),
    'a wrapper of no array',
  )
  const { size, objects } = elementType(attribute('dtype'))
  const alignment = attribute('numpy_array_alignment_bytes') ?? { is: 'none' }
  demand(['int', 'bool', 'none'].includes(alignment.is), 'an alignment that is no number')
  return { length: size * product(sizesOf(attribute('shape'))), objects, padded: alignment.is !== 'none' }
}

/** A fresh instance. */
export function instance(module: string, name: string): Instance {
  return { is: 'instance', module, name, items: [], built: false }
}
