/**
 * The header of one array in the npy format.
 *
 * Magic, version, the length of the text, the text: a dict of `descr`, `fortran_order` and `shape` and of nothing else,
 * padded with spaces and ended by a newline.
 *
 * Guarantee: what a header says is either understood to its last character or an anomaly; nothing is taken from one
 * of two equal keys.
 * Source: NumPy enhancement proposal 1; `numpy/lib/_format_impl.py` of NumPy 2.
 */
import { isUtf8 } from 'node:buffer'
import { Fault, isFault, toSize } from '../../base/index.ts'
import type { ByteSource } from '../byte-source.ts'
import { PageReader } from '../page-reader.ts'
import { readType, type NumpyType } from './dtype.ts'
import { kindOf, parseLiteral, type Literal, type LiteralDict, type LiteralSequence } from './literal.ts'

/** The eight characters and signs that every npy array begins with, without the version. */
export const MAGIC: readonly number[] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
/** NumPy itself refuses a text of more than 10,000 characters unless it is told to trust the file. */
const LONGEST = 1024 * 1024
const MOST_DIMENSIONS = 64
const VERSIONS: readonly number[] = [1, 2, 3]
const KEYS = ['descr', 'fortran_order', 'shape'] as const

/** What a header says. */
export interface NpyHeader {
  readonly type: NumpyType
  /** True when the first index runs fastest. */
  readonly fortran: boolean
  readonly shape: readonly number[]
  /** First byte after the header, in the source. */
  readonly dataFrom: number
}

/** True when an array begins at this place. */
export function beginsWithMagic(bytes: Uint8Array, at = 0): boolean {
  return MAGIC.every((byte, index) => bytes[at + index] === byte)
}

function refuse(what: string): never {
  throw new Fault('npy-header', what)
}

function readText(cursor: PageReader): string {
  const version = cursor.u8()
  const minor = cursor.u8()
  if (!VERSIONS.includes(version) || minor !== 0) refuse(`version ${version}.${minor}; 1.0, 2.0 and 3.0 exist`)
  const length = version === 1 ? cursor.u16() : cursor.u32()
  if (length > cursor.remaining) refuse(`a header of ${length} bytes is declared; ${cursor.remaining} are left`)
  if (length > LONGEST) refuse(`a header of ${length} bytes; at most ${LONGEST} are read`)
  const bytes = Buffer.from(cursor.view(length))
  if (version === 3 && !isUtf8(bytes)) refuse('the header is not UTF-8')
  return bytes.toString(version === 3 ? 'utf8' : 'latin1')
}

function parseDict(text: string): LiteralDict {
  const { value, end } = parseLiteral(text)
  if (kindOf(value) !== 'dict') refuse('the header is no dict')
  if (!/^[ \t]*\n?$/.test(text.slice(end))) refuse('something else than spaces and a newline follows the dict')
  return value as LiteralDict
}

function readEntries({ entries }: LiteralDict): ReadonlyMap<string, Literal> {
  const known = new Map<string, Literal>()
  for (const [key, value] of entries) {
    if (typeof key !== 'string' || !KEYS.some((each) => each === key)) return refuse('the dict has a key of its own')
    if (known.has(key)) refuse(`the key ${key} stands twice`)
    known.set(key, value)
  }
  if (known.size < KEYS.length) refuse(`the dict has no ${KEYS.find((key) => !known.has(key))}`)
  return known
}

function readShape(value: Literal | undefined): readonly number[] {
  if (kindOf(value) !== 'tuple') return refuse('the shape is no tuple')
  const { items } = value as LiteralSequence
  if (items.length > MOST_DIMENSIONS) refuse(`${items.length} dimensions; at most ${MOST_DIMENSIONS} exist`)
  return items.map((item) => (typeof item === 'bigint' ? toSize(item) : refuse('the shape holds no integer')))
}

function understand(text: string): Omit<NpyHeader, 'dataFrom'> {
  const entries = readEntries(parseDict(text))
  const fortran = entries.get('fortran_order')
  if (typeof fortran !== 'boolean') return refuse('fortran_order is neither True nor False')
  return { type: readType(entries.get('descr') ?? null), fortran, shape: readShape(entries.get('shape')) }
}

/** Reads the header that begins at `at`. @throws Fault `npy-header`, with the reason; `truncated` */
export function readHeader(source: ByteSource, at: number): NpyHeader {
  const cursor = new PageReader(source, { at })
  if (!beginsWithMagic(cursor.view(MAGIC.length))) refuse('the array does not begin with its magic')
  const text = readText(cursor)
  try {
    return { ...understand(text), dataFrom: cursor.at }
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    return refuse(thrown.message)
  }
}
