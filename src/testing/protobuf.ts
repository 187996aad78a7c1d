/**
 * Writes protobuf messages by the schema of a reader, sound ones and, field by field, any other.
 */
import { Budget } from '../formats/budget.ts'
import { memorySource } from '../formats/memory-source.ts'
import { PageReader } from '../formats/page-reader.ts'
import { readField } from '../formats/protobuf/wire.ts'
import { messageOf, type FieldType, type Schema } from '../formats/protobuf/schema.ts'

/** Fields in the order in which they are to stand; a field may stand any number of times. */
export type Message = readonly (readonly [name: string, value: FieldInput])[]
/** A value: of a message its fields, of packed numbers a typed list. */
export type FieldInput =
  | number
  | bigint
  | boolean
  | string
  | Uint8Array
  | Message
  | { readonly packed: readonly number[] }

/** A varint. @example varint(300).toString('hex') // 'ac02' */
export function varint(value: number | bigint): Buffer {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  do {
    const low = Number(rest & 0x7fn)
    rest >>= 7n
    bytes.push(rest > 0n ? low | 0x80 : low)
  } while (rest > 0n)
  return Buffer.from(bytes)
}

/** A field of any number and wire type, from its payload. */
export function rawField(number: number, wire: number, payload: Uint8Array): Buffer {
  const length = wire === 2 ? varint(payload.length) : Buffer.alloc(0)
  return Buffer.concat([varint(number * 8 + wire), length, payload])
}

function fixed(kind: FieldType['kind'], value: number | bigint): Buffer {
  const bytes = Buffer.alloc(kind === 'float' || kind.endsWith('32') ? 4 : 8)
  if (kind === 'float') bytes.writeFloatLE(Number(value))
  else if (kind === 'double') bytes.writeDoubleLE(Number(value))
  else if (bytes.length === 4) bytes.writeUInt32LE(Number(value) >>> 0)
  else bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)))
  return bytes
}

function scalar({ kind, wire }: FieldType, value: number | bigint | boolean): Buffer {
  const number = typeof value === 'boolean' ? Number(value) : value
  return wire === 0 ? varint(number) : fixed(kind, number)
}

function isMessage(value: FieldInput): value is Message {
  return Array.isArray(value)
}

function encodeField(schema: Schema, field: FieldType, value: FieldInput): Buffer {
  if (typeof value === 'string') return rawField(field.number, 2, Buffer.from(value))
  if (value instanceof Uint8Array) return rawField(field.number, 2, value)
  if (isMessage(value)) return rawField(field.number, 2, encode(schema, field.message ?? '', value))
  if (typeof value === 'object')
    return rawField(field.number, 2, Buffer.concat(value.packed.map((each) => scalar(field, each))))
  return rawField(field.number, field.wire, scalar(field, value))
}

/** The bytes of a message. */
export function encode(schema: Schema, name: string, message: Message): Buffer {
  const fields = [...messageOf(schema, name).fields.values()]
  return Buffer.concat(
    message.map(([key, value]) => {
      const field = fields.find((each) => each.name === key)
      if (field === undefined) throw new Error(`${name} has no field ${key}`)
      return encodeField(schema, field, value)
    }),
  )
}

/** Where the fields of the outermost message end: cut there, it is a shorter message and not a broken one. */
export function outermostEnds(bytes: Uint8Array): readonly number[] {
  const cursor = new PageReader(memorySource(bytes, new Budget()))
  const ends: number[] = []
  while (cursor.at < bytes.length) ends.push(readField(cursor, bytes.length).to)
  return ends
}
