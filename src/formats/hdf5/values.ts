/**
 * Values of attributes as JSON, and their text in full.
 *
 * Guarantee: a long list is cut to 64 items and a long text to 4,096 characters, with the number of items and the
 * SHA-256 of the bytes of the whole.
 */
import { ByteReader, mulChecked, sha256 } from '../../base/index.ts'
import type { MetadataFact } from '../facts.ts'
import type { Attribute } from './attributes.ts'
import { countElements } from './dataspace.ts'
import { type Datatype, tensorType } from './datatype.ts'
import { type Hdf5File, stop } from './file.ts'
import type { GlobalHeaps } from './heaps.ts'

const MOST_ITEMS = 64
const LONGEST_TEXT = 4096
/** Bytes of text in one attribute. */
const MOST_TEXT = 16 * 1024 * 1024
const HEX = 64

/** What values are read with. */
export interface ValueSource {
  readonly file: Hdf5File
  readonly heaps: GlobalHeaps
}

/** The elements of an attribute that are text, in full; undefined for anything else. @throws Fault `h5-…` */
export function textsOf(source: ValueSource, attribute: Attribute): readonly string[] | undefined {
  const { type, data } = attribute
  if (type.kind !== 'string' && type.isText !== true) return undefined
  const count = checkData(attribute)
  source.file.budget.spendItems(count)
  let total = 0
  return Array.from({ length: count }, (_, i) => {
    const text = textAt(source, type, data.subarray(i * type.size, (i + 1) * type.size))
    total += text.length
    if (total > MOST_TEXT) throw stop('h5-limit', `an attribute with more than ${MOST_TEXT} bytes of text`)
    return text
  })
}

/** The bytes of the first element of text or of opaque bytes; undefined for anything else. @throws Fault `h5-…` */
export function rawText(source: ValueSource, attribute: Attribute): Uint8Array | undefined {
  const { type, data } = attribute
  if (checkData(attribute) === 0) return undefined
  const first = data.subarray(0, type.size)
  if (type.kind === 'string' || type.kind === 'opaque') return first
  return type.isText === true ? variableAt(source, first).bytes : undefined
}

/** Number of elements, for which there must be bytes. */
function checkData({ name, type, space, data }: Attribute): number {
  const count = countElements(space)
  if (type.size > 0 && mulChecked(count, type.size) > data.length)
    throw stop('h5-size', `the attribute ${JSON.stringify(name)} has ${data.length} bytes for ${count} of ${type.size}`)
  return type.size === 0 ? 0 : count
}

function cutAtZero(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0)
  return end < 0 ? bytes : bytes.subarray(0, end)
}

function textAt(source: ValueSource, type: Datatype, bytes: Uint8Array): string {
  const text = type.kind === 'string' ? bytes : variableAt(source, bytes).bytes
  return Buffer.from(cutAtZero(text)).toString('utf8')
}

/** The sequence that an element of variable length points to. */
function variableAt(
  { file, heaps }: ValueSource,
  bytes: Uint8Array,
): { readonly count: number; readonly bytes: Uint8Array } {
  const reader = new ByteReader(bytes)
  const count = reader.u32()
  const address = file.address(reader)
  const index = reader.u32()
  const nothing = count === 0 || address === undefined || (address === 0 && index === 0)
  return { count, bytes: nothing ? new Uint8Array(0) : heaps.read(address, index) }
}

/** An attribute as a fact. @throws Fault `h5-…` */
export function factOf(source: ValueSource, key: string, attribute: Attribute): MetadataFact {
  const { type, space } = attribute
  const count = checkData(attribute)
  const kept = Math.min(count, MOST_ITEMS)
  const texts = textsOf(source, { ...attribute, space: [kept] })
  const values = texts?.map(cutText) ?? listValues(source, attribute, kept)
  const element = texts === undefined ? (tensorType(type)?.toLowerCase() ?? type.kind) : 'string'
  const cut = cutOf(attribute, count, texts ?? [])
  if (space?.length === 0) return { key, type: element, value: values[0] ?? null, ...cut }
  return { key, type: `array<${element}>`, value: values, ...cut }
}

/** How long a value was that is not whole in its fact, and the digest of the whole. */
function cutOf(
  { space, data }: Attribute,
  count: number,
  texts: readonly string[],
): Pick<MetadataFact, 'count' | 'digest'> {
  const longest = texts.reduce((most, text) => Math.max(most, text.length), 0)
  if (count <= MOST_ITEMS && longest <= LONGEST_TEXT) return {}
  const digest = sha256(texts.length === 0 ? data : Buffer.from(texts.join('\0')))
  return { count: space?.length === 0 ? longest : count, digest }
}

function cutText(text: string): string {
  return text.slice(0, LONGEST_TEXT).toWellFormed()
}

function listValues(source: ValueSource, { type, data }: Attribute, count: number): readonly unknown[] {
  return Array.from({ length: count }, (_, i) => valueAt(source, type, data.subarray(i * type.size)))
}

function valueAt(source: ValueSource, type: Datatype, bytes: Uint8Array): unknown {
  const own = bytes.subarray(0, type.size)
  if (type.kind === 'integer') return integerAt(type, own)
  if (type.kind === 'float') return floatAt(type, own)
  if (type.kind === 'enum' && type.base !== undefined) return integerAt(type.base, own)
  if (type.kind === 'variable') return `${variableAt(source, own).count} items`
  return Buffer.from(own.subarray(0, HEX)).toString('hex')
}

function integerAt({ bigEndian, signed }: Datatype, bytes: Uint8Array): number | string {
  const ordered = bigEndian ? bytes.toReversed() : bytes
  const raw = ordered.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)
  const value = signed ? BigInt.asIntN(8 * bytes.length, raw) : raw
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
}

function floatAt({ bigEndian, size }: Datatype, bytes: Uint8Array): number | string {
  const reader = new ByteReader(bytes, { littleEndian: !bigEndian })
  if (size !== 4 && size !== 8) return Buffer.from(bytes).toString('hex')
  const value = size === 4 ? reader.f32() : reader.f64()
  return Number.isFinite(value) ? value : String(value)
}
