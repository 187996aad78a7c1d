/**
 * NumPy's element types, from the `descr` of a header.
 *
 * A plain type is a text of byte order, letter and size (`<f4`); a structured one a list of fields, each with a name,
 * a type and perhaps a shape, at any depth. What matters here is how many bytes an element takes, whether there are
 * Python objects in it (then the data is a pickle) and which tensor type it is, if it is one.
 *
 * Guarantee: a size is exact or a `Fault`; a type that is not of the closed list is a `Fault`, never a guess.
 * Source: NumPy, "The array interface protocol" (typestr, descr) and `numpy/lib/format.py`.
 */
import { addChecked, Fault, mulChecked, toSize } from '../../base/index.ts'
import { quoteName } from '../names.ts'
import { kindOf, type Literal, type LiteralSequence } from './literal.ts'

/** One element type. */
export interface NumpyType {
  /** Bytes of one element. */
  readonly bytes: number
  /** safetensors' name for it, or undefined when it is none of those: text, time, structure, object. */
  readonly type: string | undefined
  /** As the file has it; `structure` for fields. */
  readonly descr: string
  readonly bigEndian: boolean
  /** Whether there are Python objects in it. */
  readonly objects: boolean
}

const SIZES: ReadonlyMap<string, readonly number[]> = new Map([
  ['b', [1]],
  ['i', [1, 2, 4, 8]],
  ['u', [1, 2, 4, 8]],
  ['f', [2, 4, 8, 12, 16]],
  ['c', [8, 16, 24, 32]],
  ['m', [8]],
  ['M', [8]],
])
const TENSOR_TYPES: ReadonlyMap<string, string> = new Map([
  ['b1', 'BOOL'],
  ['i1', 'I8'],
  ['i2', 'I16'],
  ['i4', 'I32'],
  ['i8', 'I64'],
  ['u1', 'U8'],
  ['u2', 'U16'],
  ['u4', 'U32'],
  ['u8', 'U64'],
  ['f2', 'F16'],
  ['f4', 'F32'],
  ['f8', 'F64'],
  ['c8', 'C64'],
])
const UNIT = /^\[\d{0,9}(Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)(\/\d{1,9})?\]$/
const TYPE = /^([<>|=]?)([biufcmMOSUV])(\d{0,9})(\[.{1,24}\])?$/

function refuse(what: string): never {
  throw new Fault('numpy-type', what)
}

function checkUnit(descr: string, letter: string, unit: string | undefined): void {
  if (unit === undefined) return
  if (!UNIT.test(unit) || (letter !== 'm' && letter !== 'M')) refuse(`${quoteName(descr)} has a unit of no kind`)
}

/** The number in a descr; text and void may have any, the others those of {@link SIZES}. */
function checkSize(descr: string, letter: string, digits: string): number {
  const count = digits === '' ? Number.NaN : Number(digits)
  const sizes = SIZES.get(letter) ?? [count]
  return !Number.isNaN(count) && sizes.includes(count) ? count : refuse(`${quoteName(descr)} has no size that exists`)
}

function readPlain(descr: string): NumpyType {
  const [, order, letter = '', digits = '', unit] = TYPE.exec(descr) ?? refuse(`${quoteName(descr)} is no type`)
  if (letter === 'O') return { bytes: 8, type: undefined, descr, bigEndian: false, objects: true }
  checkUnit(descr, letter, unit)
  const count = checkSize(descr, letter, digits)
  const bytes = letter === 'U' ? mulChecked(count, 4) : count
  return {
    bytes,
    type: TENSOR_TYPES.get(letter + digits),
    descr,
    bigEndian: order === '>' && bytes > 1,
    objects: false,
  }
}

function readSizes(value: Literal | undefined): readonly number[] {
  if (typeof value === 'bigint') return [toSize(value)]
  if (kindOf(value) !== 'tuple') return refuse('the shape of a field is neither a tuple nor a number')
  return (value as LiteralSequence).items.map((item) =>
    typeof item === 'bigint' ? toSize(item) : refuse('a shape holds something else than integers'),
  )
}

function checkFieldName(name: Literal | undefined): void {
  if (typeof name === 'string') return
  const { items = [] } = kindOf(name) === 'tuple' ? (name as LiteralSequence) : {}
  if (items.length !== 2 || items.some((item) => typeof item !== 'string')) refuse('a field has no name')
}

function readField(field: Literal): { readonly bytes: number; readonly objects: boolean } {
  if (kindOf(field) !== 'tuple') return refuse('a field is no tuple')
  const { items } = field as LiteralSequence
  if (items.length < 2 || items.length > 3) refuse(`a field has ${items.length} parts`)
  checkFieldName(items[0])
  const { bytes, objects } = readType(items[1] ?? null)
  const sizes = items.length === 3 ? readSizes(items[2]) : []
  return { bytes: mulChecked(bytes, ...sizes), objects }
}

/** The element type that a `descr` describes. @throws Fault `numpy-type`, `size-overflow` @example readType('<f4').type // 'F32' */
export function readType(descr: Literal): NumpyType {
  if (typeof descr === 'string') return readPlain(descr)
  if (kindOf(descr) !== 'list') return refuse('descr is neither a text nor a list of fields')
  const fields = (descr as LiteralSequence).items.map(readField)
  return {
    bytes: fields.reduce((sum, { bytes }) => addChecked(sum, bytes), 0),
    type: undefined,
    descr: 'structure',
    bigEndian: false,
    objects: fields.some(({ objects }) => objects),
  }
}
