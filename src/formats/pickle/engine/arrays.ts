/**
 * NumPy: element types, arrays and scalars whose parts must agree.
 *
 * An array that took fewer bytes than its shape wants, or bytes where its type holds pointers, would read or write
 * memory that is not its own. Source: NumPy `_core/src/multiarray/{methods,descriptor}.c`.
 */
import { tensorTypeOf, readCode } from './dtypes.ts'
import type { Machine } from './machine.ts'
import type { ArrayMeta, Checked, DtypeMeta } from './meta.ts'
import { countLatin1, payloadAt, textAt } from './texts.ts'
import { BYTES, detailOf, EMPTY, GLOBAL, INST, kindOf, LATIN1, LIST, STR, TUPLE } from './values.ts'

/** Flags of a type: counted references, pickled as a list, is a pointer. */
const REFERENCES = 7
const OBJECT_FLAGS = 63
const UNSIZED = /^[SVU]/

/** A part of a tuple. */
function part(m: Machine, cell: number, n: number): readonly [kind: number, load: number] {
  const at = m.heap.at(cell, n)
  return [m.heap.values.kind(at), m.heap.values.load(at)]
}

function wrong(reason: string): Checked {
  return { is: 'wrong', reason }
}

/** `numpy.dtype('f4', False, True)`. */
export function checkDtype(m: Machine, args: number): Checked {
  const [kind, load] = part(m, args, 0)
  if (kindOf(kind) === GLOBAL) return { is: 'dtype', code: 'V', size: 0, holdsObjects: false, bigEndian: false }
  const type = readCode(textAt(m, load, 64) ?? '')
  return type === undefined ? wrong('no code of an element type') : { is: 'dtype', ...type, bigEndian: false }
}

function dtypeOf(m: Machine, [kind, cell]: readonly [number, number]): DtypeMeta | undefined {
  const meta = kindOf(kind) === INST ? m.metas.get(cell) : undefined
  return meta?.is === 'dtype' ? meta : undefined
}

/** `(3, '<', subarray, names, fields, size, alignment, flags, …)` against the code that the type was made with. */
export function checkDtypeState(m: Machine, cell: number, state: number): Checked {
  const meta = m.metas.get(cell)
  if (meta?.is !== 'dtype') return wrong('the type that gets a state is not known')
  const order = textAt(m, part(m, state, 1)[1], 8) ?? ''
  if (!/^[<>|=]$/.test(order)) return wrong(`${JSON.stringify(order)} is no byte order`)
  const declared = part(m, state, 5)[1]
  const flags = part(m, state, 7)[1]
  if (!isSizeOf(meta, declared)) return wrong('the size is not that of the code')
  const size = UNSIZED.test(meta.code) ? declared : meta.size
  const inner = innerType(m, state, size)
  if (inner === undefined) return wrong('fields or base reach outside the element, or are not known')
  const holdsObjects = meta.holdsObjects || inner.holdsObjects
  if (!agree(meta, holdsObjects, flags)) return wrong(`flags ${flags} do not fit the type`)
  return { ...meta, size, holdsObjects, bigEndian: order === '>' }
}

/** Types of a fixed size give -1, the others the size of their code; a record has its size from its state alone. */
function isSizeOf({ code, size }: DtypeMeta, declared: number): boolean {
  if (code === 'V') return declared >= 0
  return declared === size || (declared === -1 && !UNSIZED.test(code))
}

function agree(meta: DtypeMeta, holdsObjects: boolean, flags: number): boolean {
  if (meta.holdsObjects) return flags === OBJECT_FLAGS
  return holdsObjects ? (flags & 3) === 3 : (flags & REFERENCES) === 0
}

/** What lies inside a structured type: whether it holds objects; undefined when it does not fit. */
function innerType(m: Machine, state: number, size: number): { readonly holdsObjects: boolean } | undefined {
  const [baseKind, base] = part(m, state, 2)
  if (kindOf(baseKind) === TUPLE) {
    const element = dtypeOf(m, part(m, base, 0))
    const count = countOf(m, part(m, base, 1))
    return element !== undefined && count !== undefined && element.size * count === size ? element : undefined
  }
  const [fieldsKind, fields] = part(m, state, 4)
  if (fieldsKind === 0) return { holdsObjects: false }
  if (!m.heap.isKnown(fields)) return undefined
  let holdsObjects = false
  const fit = m.heap.each(fields, (kind, load, index) => {
    if (index % 2 === 0) return true
    const field = kindOf(kind) === TUPLE ? dtypeOf(m, part(m, load, 0)) : undefined
    const offset = field === undefined ? -1 : part(m, load, 1)[1]
    if (field?.holdsObjects === true) holdsObjects = true
    return field !== undefined && offset >= 0 && offset + field.size <= size
  })
  return fit ? { holdsObjects } : undefined
}

/** Elements of a shape; undefined when it is no tuple of sizes. */
function countOf(m: Machine, [kind, load]: readonly [number, number]): number | undefined {
  if (kindOf(kind) !== TUPLE) return Number.isSafeInteger(load) && load >= 0 ? load : undefined
  const count = shapeOf(m, load).reduce((product, size) => product * size, 1)
  return Number.isSafeInteger(count) ? count : undefined
}

/** The numbers of a tuple. */
export function shapeOf(m: Machine, cell: number): readonly number[] {
  const shape: number[] = []
  m.heap.each(cell, (_kind, load) => shape.push(load) > 0)
  return shape
}

/** Bytes of a value that is bytes; undefined when it is none. */
function byteLength(m: Machine, [kind, load]: readonly [number, number]): number | undefined {
  if (kindOf(kind) === STR) return nativeLength(m, load)
  if (kindOf(kind) !== BYTES && kindOf(kind) !== BYTES + 1) return undefined
  if (detailOf(kind) === EMPTY) return 0
  return detailOf(kind) === LATIN1 ? (m.latin1.get(load) ?? countLatin1(m, load)) : payloadAt(m, load).length
}

function nativeLength(m: Machine, offset: number): number {
  return m.read(offset, 1)[0] === 0x53 ? (textAt(m, offset, 1 << 24) ?? '').length : payloadAt(m, offset).length
}

interface Described {
  readonly type: DtypeMeta
  readonly shape: readonly number[]
  readonly order: 'C' | 'F'
  readonly raw: readonly [number, number]
}

/** An array of numbers whose bytes stand in the stream as they are. */
function arrayIn(m: Machine, { type, shape, order, raw }: Described): ArrayMeta | undefined {
  const [kind, load] = raw
  const name = tensorTypeOf(type.code)
  const plain = kind === BYTES || kind === BYTES + 1 || (kindOf(kind) === STR && m.read(load, 1)[0] !== 0x53)
  if (!plain || name === undefined) return undefined
  const { from, length } = payloadAt(m, load)
  const endian = type.bigEndian ? { bigEndian: true } : {}
  const meta: ArrayMeta = { is: 'array', array: { type: name, shape, order, at: from, length, ...endian } }
  m.addArray(meta)
  return meta
}

/** State of an array: `(version, shape, type, fortran, bytes or list)`. */
export function checkArray(m: Machine, state: number): Checked {
  const type = dtypeOf(m, part(m, state, 2))
  if (type === undefined) return wrong('its element type is not known')
  const count = countOf(m, part(m, state, 1))
  const raw = part(m, state, 4)
  if (count === undefined) return wrong('its shape overflows')
  if (type.holdsObjects) {
    const listed = kindOf(raw[0]) === LIST && raw[1] >= 0 ? m.heap.count(raw[1]) : undefined
    return listed === count ? undefined : wrong(`an array of ${count} objects is given ${listed ?? 'no list of them'}`)
  }
  const bytes = byteLength(m, raw)
  if (bytes !== count * type.size) return wrong(`an array of ${count * type.size} bytes is given ${bytes ?? 'none'}`)
  const order = part(m, state, 3)[1] === 1 ? 'F' : 'C'
  return arrayIn(m, { type, shape: shapeOf(m, part(m, state, 1)[1]), order, raw })
}

/** `scalar(type, bytes)`. */
export function checkScalar(m: Machine, args: number): Checked {
  const type = dtypeOf(m, part(m, args, 0))
  if (type === undefined || type.holdsObjects) return wrong('its element type is not known or holds objects')
  const bytes = byteLength(m, part(m, args, 1))
  return bytes === type.size ? undefined : wrong(`an element of ${type.size} bytes is given ${bytes ?? 'none'}`)
}

/** `_frombuffer(bytes, type, shape, order)`. */
export function checkFromBuffer(m: Machine, args: number): Checked {
  const type = dtypeOf(m, part(m, args, 1))
  if (type === undefined || type.holdsObjects) return wrong('its element type is not known or holds objects')
  const count = countOf(m, part(m, args, 2))
  const raw = part(m, args, 0)
  const bytes = byteLength(m, raw)
  if (count === undefined || bytes !== count * type.size)
    return wrong(`an array of ${(count ?? Number.NaN) * type.size} bytes is given ${bytes ?? 'none'}`)
  const order = textAt(m, part(m, args, 3)[1], 8) === 'F' ? 'F' : 'C'
  return arrayIn(m, { type, shape: shapeOf(m, part(m, args, 2)[1]), order, raw })
}
