/**
 * The messages of a protobuf format as data: which field has which number, name and kind.
 *
 * A table has one message a paragraph: its name, then `number:name:kind` of each field, `*` where it repeats; lines that
 * begin with a space go on with the message above. A kind that is no kind of the encoding is the name of a message of
 * the same table. `…` at the end says that the message has further fields, which are passed over and leave the file read
 * in part. `make-schemas.py` prints such tables from the public descriptors.
 */
import { Fault } from '../../base/index.ts'

const OPEN = '…'

/** Kinds of values, each with the wire type in which a single one stands. */
const WIRE_TYPES = {
  int32: 0,
  int64: 0,
  uint32: 0,
  uint64: 0,
  sint32: 0,
  sint64: 0,
  bool: 0,
  enum: 0,
  fixed64: 1,
  sfixed64: 1,
  double: 1,
  string: 2,
  bytes: 2,
  message: 2,
  fixed32: 5,
  sfixed32: 5,
  float: 5,
} as const

/** A kind of {@link WIRE_TYPES}. */
export type FieldKind = keyof typeof WIRE_TYPES

/** One field of a message. */
export interface FieldType {
  readonly number: number
  readonly name: string
  readonly kind: FieldKind
  readonly repeated: boolean
  /** Wire type of a single value. */
  readonly wire: number
  /** True when many values may stand in one run of bytes. */
  readonly packable: boolean
  /** Name of the message, for fields of kind `message`. */
  readonly message: string | undefined
}

/** The fields of one message. */
export interface MessageType {
  readonly fields: ReadonlyMap<number, FieldType>
  /** True when it has fields that the table does not list. */
  readonly isOpen: boolean
}

/** The messages of a format by name. */
export type Schema = ReadonlyMap<string, MessageType>

function toKind(word: string): FieldKind {
  return word in WIRE_TYPES ? (word as FieldKind) : 'message'
}

function parseField(text: string): FieldType {
  const [number = '', name = '', type = ''] = text.split(':')
  const repeated = type.endsWith('*')
  const word = repeated ? type.slice(0, -1) : type
  const kind = toKind(word)
  const wire = WIRE_TYPES[kind]
  const message = kind === 'message' ? word : undefined
  return { number: Number(number), name, kind, repeated, wire, packable: repeated && wire !== 2, message }
}

/** Reads a table; see the module. @example parseSchema('Pair 1:key:string 2:value:bytes*').get('Pair')?.fields.size // 2 */
export function parseSchema(table: string): Schema {
  const paragraphs = table.trim().replaceAll(/\n\s+/g, ' ').split('\n')
  return new Map(
    paragraphs.map((paragraph) => {
      const [name = '', ...fields] = paragraph.split(' ')
      const listed = fields.filter((field) => field !== OPEN).map(parseField)
      return [
        name,
        { fields: new Map(listed.map((field) => [field.number, field])), isOpen: listed.length < fields.length },
      ]
    }),
  )
}

/** A message of a schema. @throws Fault `no-such-message`, which is a mistake in a reader */
export function messageOf(schema: Schema, name: string): MessageType {
  const type = schema.get(name)
  if (type === undefined) throw new Fault('no-such-message', `${name} is no message of the table`)
  return type
}
