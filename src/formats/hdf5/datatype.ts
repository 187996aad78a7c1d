/**
 * Datatypes: what the elements of datasets and attributes are.
 *
 * Source: HDF5 File Format Specification 3.0, IV.A.2.d; class 11 (complex numbers) as HDF5 2.0 writes it.
 */
import { ByteReader } from '../../base/index.ts'
import type { Budget } from '../budget.ts'
import { readNumber, stop } from './file.ts'

const CLASSES = [
  'integer',
  'float',
  'time',
  'string',
  'bits',
  'opaque',
  'compound',
  'reference',
  'enum',
  'variable',
  'array',
  'complex',
] as const
const LATEST_VERSION = 5
const MOST_DIMENSIONS = 32

/** How a float is laid out: bits of exponent and mantissa, and the bias. */
export interface FloatForm {
  readonly exponent: number
  readonly mantissa: number
  readonly bias: number
}

/** See the module. */
export interface Datatype {
  readonly kind: (typeof CLASSES)[number]
  /** Bytes of one element. */
  readonly size: number
  readonly bigEndian: boolean
  readonly signed: boolean
  readonly float?: FloatForm
  /** What an enumeration, array, complex number or variable-length sequence is made of. */
  readonly base?: Datatype
  readonly members?: readonly { readonly name: string; readonly offset: number; readonly type: Datatype }[]
  /** True for variable-length text. */
  readonly isText?: boolean
  /** True for the enumeration as which h5py stores booleans. */
  readonly isBoolean?: boolean
  readonly count?: number
}

interface Head {
  readonly version: number
  readonly kind: Datatype['kind']
  readonly bits: number
  readonly size: number
}

interface Walk {
  readonly reader: ByteReader
  readonly budget: Budget
  readonly depth: number
}

/** Reads a datatype message. @throws Fault `h5-…`, `budget-depth` */
export function readDatatype(body: Uint8Array, budget: Budget): Datatype {
  return readType({ reader: new ByteReader(body), budget, depth: 0 })
}

function readType(walk: Walk): Datatype {
  const { reader, budget } = walk
  budget.checkDepth(walk.depth)
  budget.spendItems()
  const first = reader.u8()
  const kind = CLASSES[first & 0x0f]
  const version = first >> 4
  if (kind === undefined || version < 1 || version > LATEST_VERSION)
    throw stop('h5-unsupported', `a datatype of class ${first & 0x0f}, version ${version}`)
  const bits = readNumber(reader, 3)
  const size = reader.u32()
  if (size === 0 && kind !== 'string' && kind !== 'opaque')
    throw stop('h5-structure', `a datatype of no bytes (${kind})`)
  return readBody({ ...walk, depth: walk.depth + 1 }, { version, kind, bits, size })
}

function readBody(walk: Walk, head: Head): Datatype {
  const { kind, bits, size } = head
  const plain = { kind, size, bigEndian: (bits & 1) !== 0, signed: (bits & 8) !== 0 }
  if (kind === 'float') return { ...plain, float: readFloat(walk) }
  if (kind === 'compound') return { ...plain, members: readMembers(walk, head) }
  if (kind === 'enum') return { ...plain, ...readEnum(walk, head) }
  if (kind === 'variable') return { ...plain, base: readType(walk), isText: (bits & 0x0f) === 1 }
  if (kind === 'array') return { ...plain, ...readArray(walk, head) }
  if (kind === 'complex') return { ...plain, base: readType(walk) }
  if (kind === 'integer' || kind === 'bits') walk.reader.skip(4)
  if (kind === 'time') walk.reader.skip(2)
  if (kind === 'opaque') walk.reader.skip(bits & 0xff)
  return plain
}

function readFloat({ reader }: Walk): FloatForm {
  reader.skip(5)
  const exponent = reader.u8()
  reader.skip(1)
  return { exponent, mantissa: reader.u8(), bias: reader.u32() }
}

/** A name that ends with a zero, in the older versions filled up to a multiple of eight. */
function readName({ reader }: Walk, version: number): string {
  const from = reader.at
  const bytes: number[] = []
  for (let byte = reader.u8(); byte !== 0; byte = reader.u8()) bytes.push(byte)
  const length = reader.at - from
  if (version < 3) reader.skip((8 - (length % 8)) % 8)
  return Buffer.from(bytes).toString('utf8')
}

function readMembers(walk: Walk, { version, bits, size }: Head): NonNullable<Datatype['members']> {
  const { reader } = walk
  const width = version < 3 ? 4 : Math.ceil(Math.log2(size + 1) / 8)
  return Array.from({ length: bits & 0xffff }, () => {
    const name = readName(walk, version)
    const offset = readNumber(reader, width)
    const dimensions = version === 1 ? readOldDimensions(reader) : 1
    const type = readType(walk)
    if (offset + type.size * dimensions > size)
      throw stop('h5-structure', 'a member of a compound type lies outside it')
    return { name, offset, type }
  })
}

/** Number of elements of a member of the first version, which may be an array by itself. */
function readOldDimensions(reader: ByteReader): number {
  const rank = reader.u8()
  reader.skip(11)
  const sizes = Array.from({ length: 4 }, () => reader.u32())
  return sizes.slice(0, Math.min(rank, 4)).reduce((product, one) => product * one, 1)
}

function readEnum(walk: Walk, { version, bits }: Head): { readonly base: Datatype; readonly isBoolean: boolean } {
  const base = readType(walk)
  const names = Array.from({ length: bits & 0xffff }, () => readName(walk, version))
  walk.reader.skip(names.length * base.size)
  return { base, isBoolean: base.size === 1 && names.join(' ') === 'FALSE TRUE' }
}

function readArray(walk: Walk, { version, size }: Head): { readonly base: Datatype; readonly count: number } {
  const { reader } = walk
  const rank = reader.u8()
  if (rank > MOST_DIMENSIONS) throw stop('h5-structure', `an array type of ${rank} dimensions`)
  if (version < 3) reader.skip(3)
  const count = Array.from({ length: rank }, () => reader.u32()).reduce((product, one) => product * one, 1)
  if (version < 3) reader.skip(4 * rank)
  const base = readType(walk)
  if (count * base.size !== size) throw stop('h5-structure', `an array type of ${size} bytes with ${count} elements`)
  return { base, count }
}

const FLOATS: ReadonlyMap<string, string> = new Map([
  ['2/5/10', 'F16'],
  ['2/8/7', 'BF16'],
  ['4/8/23', 'F32'],
  ['8/11/52', 'F64'],
  ['1/4/3', 'F8_E4M3'],
  ['1/5/2', 'F8_E5M2'],
])

/** The name of a type of tensor elements, as in safetensors; undefined for what is no tensor. */
export function tensorType(type: Datatype): string | undefined {
  const { kind, size, float, base } = type
  if (kind === 'integer') return [1, 2, 4, 8].includes(size) ? `${type.signed ? 'I' : 'U'}${size * 8}` : undefined
  if (kind === 'float' && float !== undefined) return FLOATS.get(`${size}/${float.exponent}/${float.mantissa}`)
  if (kind === 'enum' && base !== undefined) return type.isBoolean === true ? 'BOOL' : tensorType(base)
  return isComplex(type) ? `C${size * 8}` : undefined
}

/** A complex number: of its own class, or as NumPy has it, a pair of floats called r and i. */
function isComplex({ kind, size, base, members = [] }: Datatype): boolean {
  const isHalf = (part: Datatype | undefined): boolean => part?.kind === 'float' && part.size * 2 === size
  if (kind === 'complex') return isHalf(base)
  return members.map(({ name }) => name).join(' ') === 'r i' && members.every(({ type }) => isHalf(type))
}

/** Types that h5py stores as opaque bytes, by what Keras writes beside them, with the bytes of an element. */
const DECLARED: ReadonlyMap<string, readonly [name: string, size: number]> = new Map([
  ['bfloat16', ['BF16', 2]],
  ['float8_e4m3fn', ['F8_E4M3', 1]],
  ['float8_e5m2', ['F8_E5M2', 1]],
])

/** The name of an opaque type that an attribute beside the dataset gives. */
export function declaredType({ kind, size }: Datatype, declared: string | undefined): string | undefined {
  const [name, bytes] = DECLARED.get(declared ?? '') ?? []
  return kind === 'opaque' && size === bytes ? name : undefined
}
