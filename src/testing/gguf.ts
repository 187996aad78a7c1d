/**
 * Writes GGUF files for tests: right ones by default, and wrong in exactly the way that a test asks for.
 */
import { ggmlTypeByName } from '../formats/gguf/ggml-types.ts'
import { VALUE_TYPES, type ValueType } from '../formats/gguf/value-types.ts'

/** A metadata value: a scalar, or a list with the type of its items. */
export type GgufValue = string | number | bigint | boolean | GgufList
/** Items of one type; a list of lists holds further ones. */
export interface GgufList {
  readonly of: ValueType
  readonly items: readonly GgufValue[]
  /** Number of items to declare instead of the true one. */
  readonly declared?: number | bigint
}

/** One tensor. Data that is not given is zeros. */
export interface GgufTensor {
  readonly name: string
  /** Row-major, as in facts. */
  readonly shape: readonly (number | bigint)[]
  /** ggml's name in lower case. */
  readonly type: string
  readonly data?: Uint8Array
  /** Type number to declare instead of the true one. */
  readonly typeId?: number
  /** Offset to declare instead of the running sum. */
  readonly offset?: number | bigint
}

/** What to write; everything has a default. */
export interface GgufOptions {
  readonly version?: number
  readonly littleEndian?: boolean
  /** Used for padding; stands in the metadata only if a test puts it there. */
  readonly alignment?: number
  readonly metadata?: readonly (readonly [key: string, type: ValueType | number, value: GgufValue])[]
  readonly tensors?: readonly GgufTensor[]
  /** Counts to declare instead of the true ones. */
  readonly tensorCount?: number | bigint
  readonly entryCount?: number | bigint
}

class Writer {
  readonly #parts: Uint8Array[] = []
  readonly #little: boolean
  length = 0

  constructor(littleEndian: boolean) {
    this.#little = littleEndian
  }

  bytes(bytes: Uint8Array): void {
    this.#parts.push(bytes)
    this.length += bytes.length
  }

  number(size: number, write: (view: DataView, little: boolean) => void): void {
    const bytes = new Uint8Array(size)
    write(new DataView(bytes.buffer), this.#little)
    this.bytes(bytes)
  }

  u32(value: number): void {
    this.number(4, (view, little) => view.setUint32(0, value, little))
  }

  u64(value: number | bigint): void {
    this.number(8, (view, little) => view.setBigUint64(0, BigInt(value), little))
  }

  text(text: string): void {
    const bytes = new TextEncoder().encode(text)
    this.u64(bytes.length)
    this.bytes(bytes)
  }

  pad(alignment: number): void {
    const rest = this.length % alignment
    if (rest > 0) this.bytes(new Uint8Array(alignment - rest))
  }

  join(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#parts))
  }
}

const SCALARS: Readonly<Record<string, (view: DataView, value: number | bigint, little: boolean) => void>> = {
  u8: (view, value) => view.setUint8(0, Number(value)),
  i8: (view, value) => view.setInt8(0, Number(value)),
  bool: (view, value) => view.setUint8(0, Number(value)),
  u16: (view, value, little) => view.setUint16(0, Number(value), little),
  i16: (view, value, little) => view.setInt16(0, Number(value), little),
  u32: (view, value, little) => view.setUint32(0, Number(value), little),
  i32: (view, value, little) => view.setInt32(0, Number(value), little),
  f32: (view, value, little) => view.setFloat32(0, Number(value), little),
  f64: (view, value, little) => view.setFloat64(0, Number(value), little),
  u64: (view, value, little) => view.setBigUint64(0, BigInt(value), little),
  i64: (view, value, little) => view.setBigInt64(0, BigInt(value), little),
}
const SIZES: Readonly<Record<string, number>> = { u8: 1, i8: 1, bool: 1, u16: 2, i16: 2, u32: 4, i32: 4, f32: 4 }

function writeValue(writer: Writer, type: ValueType, value: GgufValue): void {
  if (type === 'string') return writer.text(value as string)
  if (type === 'array') return writeList(writer, value as GgufList)
  const number = typeof value === 'bigint' ? value : Number(value)
  writer.number(SIZES[type] ?? 8, (view, little) => SCALARS[type]?.(view, number, little))
}

function writeList(writer: Writer, { of, items, declared }: GgufList): void {
  writer.u32(VALUE_TYPES.indexOf(of))
  writer.u64(declared ?? items.length)
  for (const item of items) writeValue(writer, of, item)
}

function typeOf(tensor: GgufTensor): {
  readonly id: number
  readonly blockElements: number
  readonly blockBytes: number
} {
  return ggmlTypeByName(tensor.type) ?? { id: 0, blockElements: 1, blockBytes: 0 }
}

function bytesOf(tensor: GgufTensor): Uint8Array {
  if (tensor.data !== undefined) return tensor.data
  const { blockElements, blockBytes } = typeOf(tensor)
  const elements = tensor.shape.reduce<number>((all, one) => all * Number(one), 1)
  return new Uint8Array(Math.floor(elements / blockElements) * blockBytes)
}

function writeInfos(writer: Writer, tensors: readonly GgufTensor[], alignment: number): void {
  let offset = 0
  for (const tensor of tensors) {
    writer.text(tensor.name)
    writer.u32(tensor.shape.length)
    for (const dimension of tensor.shape.toReversed()) writer.u64(dimension)
    writer.u32(tensor.typeId ?? typeOf(tensor).id)
    writer.u64(tensor.offset ?? offset)
    offset = Math.ceil((offset + bytesOf(tensor).length) / alignment) * alignment
  }
}

function writeHeader(writer: Writer, options: GgufOptions): void {
  const { metadata = [], tensors = [] } = options
  writer.bytes(new TextEncoder().encode('GGUF'))
  writer.u32(options.version ?? 3)
  writer.u64(options.tensorCount ?? tensors.length)
  writer.u64(options.entryCount ?? metadata.length)
  for (const [key, type, value] of metadata) {
    writer.text(key)
    writer.u32(typeof type === 'number' ? type : VALUE_TYPES.indexOf(type))
    if (typeof type !== 'number') writeValue(writer, type, value)
  }
}

/** Writes a file. @example buildGguf().length // 24 */
export function buildGguf(options: GgufOptions = {}): Uint8Array {
  const { tensors = [], alignment = 32, littleEndian = true } = options
  const writer = new Writer(littleEndian)
  writeHeader(writer, options)
  writeInfos(writer, tensors, alignment)
  for (const tensor of tensors) {
    writer.pad(alignment)
    writer.bytes(bytesOf(tensor))
  }
  if (tensors.length > 0) writer.pad(alignment)
  return writer.join()
}
