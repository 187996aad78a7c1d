/**
 * joblib: the bytes of an array that follow the opcode that completes its wrapper.
 *
 * Source: joblib `numpy_pickle.py` (NumpyArrayWrapper.read_array): since version 1.2 one byte says how many bytes of
 * padding follow it, when the wrapper has an alignment; then the elements; an array of objects is a pickle instead.
 */
import { Fault, isFault } from '../../../base/index.ts'
import { tensorTypeOf } from './dtypes.ts'
import { shapeOf } from './arrays.ts'
import { Machine } from './machine.ts'
import type { DtypeMeta } from './meta.ts'
import { textAt } from './texts.ts'
import { BOOL, detailOf, GLOBAL, INST, INT, kindOf, NONE, STR, TUPLE, withDetail } from './values.ts'

const ARRAY_CLASSES: readonly string[] = [
  'numpy.ndarray',
  'numpy.matrix',
  'numpy.matrixlib.defmatrix.matrix',
  'numpy.memmap',
]
const DEEPEST = 8
const PADDING = 0xff

type Value = readonly [kind: number, load: number]

function attributesOf(m: Machine, state: number): ReadonlyMap<string, Value> {
  const attributes = new Map<string, Value>()
  let key = ''
  m.heap.each(state, (kind, load, index) => {
    if (index % 2 === 0) key = kindOf(kind) === STR ? (textAt(m, load, 64) ?? '') : ''
    else attributes.set(key, [kind, load])
    return attributes.size < 16
  })
  return attributes
}

function refuse(m: Machine, reason: string): void {
  m.note('pkl-signature', `the array wrapper at ${m.offset}: ${reason}`)
  m.fail('an array wrapper', reason)
}

/** The path of the class that a wrapper makes, empty when it names none. */
function subclassOf(m: Machine, attributes: ReadonlyMap<string, Value>): string {
  const subclass = attributes.get('subclass')
  return subclass !== undefined && kindOf(subclass[0]) === GLOBAL ? m.globals.at(detailOf(subclass[0])).target : ''
}

/**
 * Passes the bytes that follow a wrapper with this state, and puts the array in its place.
 *
 * @throws Fault `pkl-length`; `pkl-signature` when it is not known how many they are
 */
export function passWrappedArray(m: Machine, state: number): void {
  if (m.context.rawArrays !== 'joblib')
    return m.fail('an array wrapper', 'it stands in a stream that joblib does not read')
  const attributes = attributesOf(m, state)
  const target = subclassOf(m, attributes)
  if (!ARRAY_CLASSES.includes(target)) refuse(m, `it makes ${target === '' ? 'no array' : target}`)
  const cell = m.heap.make()
  if (m.frameEnd <= m.position) m.frameEnd = -1
  else m.misform('pkl-frame', `array bytes at ${m.position} stand inside a frame`)
  passContent(m, { attributes, cell })
  m.replace(m.stack.length - 1, withDetail(INST, Math.max(0, m.globals.internTarget('numpy.ndarray'))), cell)
}

function passContent(m: Machine, { attributes, cell }: Pick<Wrapped, 'attributes' | 'cell'>): void {
  const shape = attributes.get('shape')
  const dtype = attributes.get('dtype')
  const meta = dtype === undefined ? undefined : m.metas.get(dtype[1])
  if (shape === undefined || kindOf(shape[0]) !== TUPLE || meta?.is !== 'dtype')
    throw new Fault('pkl-signature', `the array wrapper at ${m.offset} has a shape or a type that is not known`)
  if (meta.holdsObjects) runNested(m)
  else passElements(m, { attributes, shape: shapeOf(m, shape[1]), meta, cell })
}

interface Wrapped {
  readonly attributes: ReadonlyMap<string, Value>
  readonly shape: readonly number[]
  readonly meta: DtypeMeta
  readonly cell: number
}

function passElements(m: Machine, { attributes, shape, meta, cell }: Wrapped): void {
  passPadding(m, attributes.get('numpy_array_alignment_bytes'))
  const length = shape.reduce((product, size) => product * size, meta.size)
  const at = m.position
  if (!Number.isSafeInteger(length) || length < 0 || length > m.to - at)
    throw new Fault('pkl-length', `an array of ${length} bytes at ${at}; ${m.to - at} are left`)
  m.skipTo(at + length)
  if (length > 0) m.longPayloads.push({ from: at, to: at + length })
  if (length > 0) m.rawBehind.push({ from: at, to: at + length })
  const type = tensorTypeOf(meta.code)
  if (type === undefined) return
  const order = attributes.get('order')
  const isFortran = order !== undefined && kindOf(order[0]) === STR && textAt(m, order[1], 8) === 'F'
  const endian = meta.bigEndian ? { bigEndian: true } : {}
  const array = { type, shape, order: isFortran ? ('F' as const) : ('C' as const), at, length, ...endian }
  m.addArray({ is: 'array', array })
  if (cell >= 0) m.metas.set(cell, { is: 'array', array })
}

function passPadding(m: Machine, alignment: Value | undefined): void {
  if (alignment === undefined || alignment[0] === NONE) return
  if (alignment[0] !== INT && alignment[0] !== BOOL) return refuse(m, 'its alignment is no number')
  const at = m.position
  if (m.to <= at) throw new Fault('pkl-truncated', `the bytes end at ${m.to} before an array`)
  const count = m.read(at, 1)[0] as number
  if (count > m.to - at - 1)
    throw new Fault('pkl-length', `${count} bytes of padding at ${at}; ${m.to - at - 1} are left`)
  if (m.read(at + 1, count).some((byte) => byte !== PADDING)) refuse(m, `its padding at ${at} holds something`)
  m.skipTo(at + 1 + count)
}

/** Runs the stream that begins at the next byte, whose result is an array; an array of objects is written so. */
function runNested(m: Machine): void {
  if (m.depth === DEEPEST) return m.fail('a nested stream', `streams are nested deeper than ${DEEPEST}`)
  const inner = new Machine({
    request: m.request,
    from: m.position,
    context: { persistent: 'none', to: m.to },
    outer: m,
    run: m.run,
  })
  try {
    m.run(inner)
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    m.fail('a nested stream', thrown.message)
    m.adopt(inner)
    throw thrown
  }
  m.adopt(inner)
}
