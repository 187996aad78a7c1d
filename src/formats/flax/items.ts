/**
 * The items of a MessagePack stream, one at a time: what comes next and how long it is, never its content.
 *
 * Guarantee: a length or a count that the bytes present cannot hold is a `Fault` `msg-length` before anything is read.
 * Source: the MessagePack specification.
 */
import { Fault } from '../../base/index.ts'
import type { PageReader } from '../page-reader.ts'

/** A scalar with its value. */
export interface ScalarItem {
  readonly is: 'nil' | 'bool' | 'integer' | 'float'
  readonly value: null | boolean | number | bigint
}

/** The head of something whose content follows. */
interface Text {
  readonly is: 'text'
  readonly length: number
}
interface Bytes {
  readonly is: 'bytes'
  readonly length: number
}
interface List {
  readonly is: 'list'
  readonly count: number
}
interface Entries {
  readonly is: 'map'
  readonly count: number
}
/** An extension, whose payload follows. */
export interface ExtensionItem {
  readonly is: 'extension'
  readonly type: number
  readonly length: number
}

/** One item. */
export type Item = ScalarItem | Text | Bytes | List | Entries | ExtensionItem
/** An item that holds no others. */
export type LeafItem = ScalarItem | Text | Bytes

function scalar(cursor: PageReader, byte: number): Item {
  const values: Readonly<Record<number, () => number | bigint>> = {
    0xcc: () => cursor.u8(),
    0xcd: () => cursor.u16(),
    0xce: () => cursor.u32(),
    0xcf: () => cursor.u64(),
    0xd0: () => cursor.i8(),
    0xd1: () => cursor.i16(),
    0xd2: () => cursor.i32(),
    0xd3: () => cursor.i64(),
  }
  if (byte === 0xc0) return { is: 'nil', value: null }
  if (byte === 0xc2 || byte === 0xc3) return { is: 'bool', value: byte === 0xc3 }
  if (byte === 0xca || byte === 0xcb) return { is: 'float', value: byte === 0xca ? cursor.f32() : cursor.f64() }
  const read = values[byte]
  if (read === undefined)
    throw new Fault('msg-reserved', `the byte ${byte} at ${cursor.at - 1} is of no type`, {
      details: { offset: cursor.at - 1 },
    })
  return { is: 'integer', value: read() }
}

function sizeAt(cursor: PageReader, width: number): number {
  if (width === 1) return cursor.u8()
  return width === 2 ? cursor.u16() : cursor.u32()
}

/** Kind of what follows and width of its length, by the byte before them. */
const LONG: ReadonlyMap<number, readonly [is: 'text' | 'bytes' | 'list' | 'map' | 'extension', width: number]> =
  new Map([
    [0xc4, ['bytes', 1]],
    [0xc5, ['bytes', 2]],
    [0xc6, ['bytes', 4]],
    [0xc7, ['extension', 1]],
    [0xc8, ['extension', 2]],
    [0xc9, ['extension', 4]],
    [0xd9, ['text', 1]],
    [0xda, ['text', 2]],
    [0xdb, ['text', 4]],
    [0xdc, ['list', 2]],
    [0xdd, ['list', 4]],
    [0xde, ['map', 2]],
    [0xdf, ['map', 4]],
  ])

/** What the first byte alone says: small numbers, short texts, lists, maps and extensions. */
function short(byte: number): Item | undefined {
  if (byte < 0x80) return { is: 'integer', value: byte }
  if (byte < 0x90) return { is: 'map', count: byte & 15 }
  if (byte < 0xa0) return { is: 'list', count: byte & 15 }
  if (byte < 0xc0) return { is: 'text', length: byte & 31 }
  return byte >= 0xe0 ? { is: 'integer', value: byte - 256 } : undefined
}

function head(cursor: PageReader): Item {
  const byte = cursor.u8()
  const known = short(byte)
  if (known !== undefined) return known
  if (byte >= 0xd4 && byte <= 0xd8) return { is: 'extension', type: cursor.i8(), length: 1 << (byte - 0xd4) }
  const long = LONG.get(byte)
  if (long === undefined) return scalar(cursor, byte)
  const [is, width] = long
  const size = sizeAt(cursor, width)
  if (is === 'extension') return { is, type: cursor.i8(), length: size }
  return is === 'list' || is === 'map' ? { is, count: size } : { is, length: size }
}

/** Bytes that must follow the head of an item at least. */
function least(item: Item): number {
  if (item.is === 'map') return 2 * item.count
  if (item.is === 'list') return item.count
  return 'length' in item ? item.length : 0
}

/** Reads the next item up to its content. @throws Fault `msg-length`, `msg-reserved` */
export function nextItem(cursor: PageReader, end: number): Item {
  const at = cursor.at
  if (at >= end) throw new Fault('msg-length', `an item is wanted at ${at}, where nothing follows`)
  try {
    const item = head(cursor)
    if (least(item) > end - cursor.at)
      throw new Fault('msg-length', `at ${at}, ${least(item)} bytes are declared and ${end - cursor.at} are left`, {
        details: { offset: at },
      })
    return item
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code !== 'truncated') throw thrown
    throw new Fault('msg-length', `the item at ${at} is cut`, { cause: thrown, details: { offset: at } })
  }
}
