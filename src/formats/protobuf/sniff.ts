/**
 * Recognises protobuf messages that have no signature, by the fields at their head.
 *
 * A message begins with tags that say which field follows and in which wire type. Random bytes soon give a field that
 * the message does not have, or a length beyond the file; a whole head of known fields is no accident.
 * Source: protobuf encoding; onnx.proto, saved_model.proto, graph.proto, sentencepiece_model.proto, Model.proto.
 */
import type { Glimpse } from '../reader.ts'

type Predicate = (glimpse: Glimpse) => boolean

const VARINT = 0
const FIXED64 = 1
const LENGTH = 2
const FIXED32 = 5

/** One field of a message. */
export interface WireField {
  readonly number: number
  readonly wire: number
  /** Value of a varint; length of a length-delimited field. */
  readonly value: number
  /** First byte of the value. */
  readonly at: number
}

function readVarint(bytes: Uint8Array, at: number): { readonly value: number; readonly next: number } | undefined {
  let value = 0
  for (let i = 0; i < 10; i++) {
    const byte = bytes[at + i]
    if (byte === undefined) return undefined
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return { value, next: at + i + 1 }
  }
  return undefined
}

function readField(bytes: Uint8Array, from: number): (WireField & { readonly next: number }) | undefined {
  const tag = readVarint(bytes, from)
  if (tag === undefined || tag.value < 8) return undefined
  const number = Math.floor(tag.value / 8)
  const wire = tag.value % 8
  if (wire === FIXED64) return { number, wire, value: 8, at: tag.next, next: tag.next + 8 }
  if (wire === FIXED32) return { number, wire, value: 4, at: tag.next, next: tag.next + 4 }
  const varint = wire === VARINT || wire === LENGTH ? readVarint(bytes, tag.next) : undefined
  if (varint === undefined) return undefined
  const end = wire === LENGTH ? varint.next + varint.value : varint.next
  return { number, wire, value: varint.value, at: varint.next, next: end }
}

/**
 * The fields that begin within the head, or undefined when it is no message: an unreadable tag, or a field that
 * would reach beyond `size` bytes.
 */
function readFields(head: Uint8Array, size: number): readonly WireField[] | undefined {
  const fields: WireField[] = []
  let at = 0
  while (at < head.length && fields.length < 64) {
    const field = readField(head, at)
    // A tag or a length may be cut by the end of the head.
    if (field === undefined)
      return size > head.length && head.length - at < 20 && fields.length > 0 ? fields : undefined
    if (field.next > size) return undefined
    fields.push(field)
    at = field.next
  }
  return fields
}

/** Field numbers that a message may have, with their wire types. */
type Schema = Readonly<Record<number, number>>

function fits(fields: readonly WireField[], schema: Schema): boolean {
  return fields.length > 0 && fields.every(({ number, wire }) => schema[number] === wire)
}

/** Printable ASCII without control characters. */
function isPrintable(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes.every((byte) => byte >= 0x20 && byte < 0x7f)
}

const ONNX: Schema = { 1: 0, 2: 2, 3: 2, 4: 2, 5: 0, 6: 2, 7: 2, 8: 2, 14: 2, 20: 2, 25: 2, 26: 2 }

/** ONNX ModelProto: an IR version first, then a graph or an operator set. */
export const isOnnx: Predicate = ({ head, size }) => {
  const fields = readFields(head, size)
  if (fields === undefined || !fits(fields, ONNX)) return false
  const version = fields.find(({ number }) => number === 1)?.value ?? 0
  const names = fields.filter(({ number, at, value }) => number === 2 && at + value <= head.length)
  const named = names.every(({ at, value }) => value === 0 || isPrintable(head.subarray(at, at + value)))
  return version >= 1 && version <= 99 && named && fields.some(({ number }) => number === 7 || number === 8)
}

/** The fields of the first sub-message of this number, as far as its head lies within the head of the file. */
function innerFields({ head, size }: Glimpse, number: number): readonly (WireField & { readonly bytes: Uint8Array })[] {
  const field = readFields(head, size)?.find((each) => each.number === number)
  if (field === undefined || field.wire !== LENGTH) return []
  const bytes = head.subarray(field.at, field.at + field.value)
  const inner = readFields(bytes, field.value) ?? []
  return inner.map((each) => ({ ...each, bytes: bytes.subarray(each.at, each.at + each.value) }))
}

function headFits({ head, size }: Glimpse, schema: Schema): boolean {
  const fields = readFields(head, size)
  return fields !== undefined && fits(fields, schema)
}

const META_GRAPH: Schema = { 1: 2, 2: 2, 3: 2, 4: 2, 5: 2, 6: 2, 7: 2 }
const META_INFO: Schema = { 1: 2, 2: 2, 3: 2, 4: 2, 5: 2, 6: 2, 7: 0, 8: 2 }
const GRAPH: Schema = { 1: 2, 2: 2, 3: 0, 4: 2, 5: 2 }

/** TensorFlow SavedModel: meta graphs, with a version of the schema. Fields may stand in any order. */
export const isSavedModel: Predicate = (glimpse) => {
  if (!headFits(glimpse, { 1: VARINT, 2: LENGTH })) return false
  const meta = innerFields(glimpse, 2)
  return fits(meta, META_GRAPH) && meta.some(({ number }) => number === 1 || number === 2)
}

/** TensorFlow GraphDef: nodes with a name and an operator. Fields may stand in any order. */
export const isGraphDef: Predicate = (glimpse) => {
  if (!headFits(glimpse, GRAPH)) return false
  const node = innerFields(glimpse, 1)
  const name = node.find(({ number, wire }) => number === 1 && wire === LENGTH)
  const operator = node.find(({ number, wire }) => number === 2 && wire === LENGTH)
  if (name === undefined || operator === undefined || !isPrintable(name.bytes)) return false
  return /^[A-Z_][\w>]*$/.test(Buffer.from(operator.bytes).toString('latin1'))
}

/** SentencePiece ModelProto: pieces with a text and a score. */
export const isSentencePiece: Predicate = (glimpse) => {
  const [piece, score] = glimpse.head[0] === 0x0a ? innerFields(glimpse, 1) : []
  return piece?.number === 1 && piece.wire === LENGTH && score?.number === 2 && score.wire === FIXED32
}

/** Core ML Model: a specification version, then a description. */
export const isCoreMl: Predicate = ({ head, size }) => {
  const fields = readFields(head, size)
  const [version, description] = fields ?? []
  return (
    version?.number === 1 &&
    version.wire === VARINT &&
    version.value <= 20 &&
    description?.number === 2 &&
    description.wire === LENGTH
  )
}

/** TensorFlow MetaGraphDef: information with a list of operators, then a graph. */
export const isMetaGraph: Predicate = (glimpse) => {
  if (!headFits(glimpse, META_GRAPH) || isGraphDef(glimpse)) return false
  const information = innerFields(glimpse, 1)
  return fits(information, META_INFO) && information.some(({ number }) => number === 2 || number === 5)
}

/** Keras SavedMetadata: objects with a number, a path and an identifier that Keras gives. */
export const isKerasMetadata: Predicate = (glimpse) => {
  const object = innerFields(glimpse, 1)
  const text = Buffer.from(glimpse.head).toString('latin1')
  return fits(object, { 2: 0, 3: 2, 4: 2, 5: 2, 6: 2 }) && text.includes('_tf_keras_')
}

/** TensorFlow FingerprintDef: numbers, a version and an id. */
export const isFingerprint: Predicate = (glimpse) => headFits(glimpse, { 1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 2, 7: 2 })

/** PaddlePaddle ProgramDesc: a block with its number and its parent's, then variables and operators. */
export const isPaddleProgram: Predicate = (glimpse) => {
  const [idx, parent, next] = innerFields(glimpse, 1)
  const isBlock = idx?.number === 1 && idx.wire === VARINT && parent?.number === 2 && parent.wire === VARINT
  return isBlock && (next?.number === 3 || next?.number === 4) && next.wire === LENGTH && glimpse.head[0] === 0x0a
}

/** Caffe NetParameter: a name, or layers with a name and a kind. */
export const isCaffe: Predicate = ({ head, size }) => {
  const fields = readFields(head, size)
  return fields !== undefined && fields.length > 0 && fields.every(({ number }) => number <= 8 || number === 100)
}

/** Caffe2 NetDef: a name, then operators with a kind. */
export const isCaffe2: Predicate = (glimpse) => {
  const { head, size } = glimpse
  const [name, first] = readFields(head, size) ?? []
  if (name === undefined || first === undefined || name.wire !== LENGTH || first.wire !== LENGTH) return false
  const isNamed = name.number === 1 && isPrintable(head.subarray(name.at, name.at + name.value))
  if (!isNamed || first.number !== 2) return false
  const kind = innerFields(glimpse, 2).find(({ number, wire }) => number === 4 && wire === LENGTH)
  if (kind === undefined) return false
  const at = first.at + kind.at
  return /^[A-Z]\w{0,63}$/.test(Buffer.from(head.subarray(at, at + kind.value)).toString('latin1'))
}
