/**
 * The tensor list of a GGUF file: names, dimensions, types and offsets as declared.
 *
 * Guarantee: the walk goes on past every tensor that is merely wrong; only a list that ends too early stops it.
 */
import { Fault } from '../../base/index.ts'
import type { GgufContext } from './context.ts'
import { ggmlType, REMOVED_TYPES, type GgmlType } from './ggml-types.ts'
import { hasOddCharacters, quoteName, readText } from './text.ts'

/** ggml's GGML_MAX_NAME: a name and its terminating zero fit in 64 bytes. */
const LONGEST_NAME = 63
const MOST_DIMENSIONS = 4

/** One entry of the tensor list. */
export interface TensorInfo {
  readonly name: string
  /** Row-major, slowest dimension first; undefined when a dimension or the product is above 2^53-1. */
  readonly shape: readonly number[] | undefined
  /** Undefined for types that are unknown or removed. */
  readonly type: GgmlType | undefined
  /** Bytes that the data takes; undefined when shape or type do not give it. */
  readonly length: number | undefined
  /** Declared offset from the start of the data; may exceed every file. */
  readonly offset: number
  /** Where the entry stands in the file. */
  readonly at: number
}

/** Reads `count` entries. @throws Fault whose code is an anomaly's, when the walk cannot go on */
export function readTensorInfos(context: GgufContext, count: number, into: TensorInfo[]): void {
  const names = new Set<string>()
  for (let i = 0; i < count; i++) {
    context.locus = `tensor ${i}`
    context.budget.spendItems()
    const info = readTensorInfo(context)
    if (names.has(info.name)) note(context, 'ggf-duplicate-tensor', 'stands twice')
    names.add(info.name)
    into.push(info)
  }
}

type TensorAnomaly =
  | 'ggf-duplicate-tensor'
  | 'ggf-tensor-name'
  | 'ggf-odd-characters'
  | 'ggf-dimensions'
  | 'ggf-empty-tensor'
  | 'ggf-overflow'
  | 'ggf-tensor-type'
  | 'ggf-removed-type'
  | 'ggf-block'

function note({ anomalies, locus, offset }: GgufContext, code: TensorAnomaly, what: string): void {
  anomalies.add(code, `${locus} ${what}`, { locus, offset })
}

function readTensorInfo(context: GgufContext): TensorInfo {
  context.offset = context.cursor.at
  const name = readName(context)
  const shape = readShape(context)
  const type = readType(context)
  const offset = Number(context.cursor.u64())
  return { name, shape, type, length: sizeOf(context, shape, type), offset, at: context.offset }
}

function readName(context: GgufContext): string {
  const { text, length } = readText(context, 1024)
  context.locus = `tensor ${quoteName(text)}`
  if (length === 0 || length > LONGEST_NAME)
    note(context, 'ggf-tensor-name', `has a name of ${length} bytes; 1 to ${LONGEST_NAME} are allowed`)
  if (hasOddCharacters(text)) note(context, 'ggf-odd-characters', 'has invisible characters in its name')
  return text
}

function readShape(context: GgufContext): readonly number[] | undefined {
  const { cursor } = context
  const count = cursor.u32()
  if (count < 1 || count > MOST_DIMENSIONS)
    note(context, 'ggf-dimensions', `has ${count} dimensions; 1 to ${MOST_DIMENSIONS} are allowed`)
  if (count > cursor.remaining / 8)
    throw new Fault('truncated', `${context.locus}: ${count} dimensions, ${cursor.remaining} bytes left`)
  if (count > 64) {
    cursor.skip(count * 8)
    return undefined
  }
  const dimensions = Array.from({ length: count }, () => cursor.u64())
  if (dimensions.includes(0n)) note(context, 'ggf-empty-tensor', `has a dimension of zero: ${dimensions.join(' × ')}`)
  return fitShape(context, dimensions)
}

function fitShape(context: GgufContext, dimensions: readonly bigint[]): readonly number[] | undefined {
  const limit = BigInt(Number.MAX_SAFE_INTEGER)
  const product = dimensions.reduce((all, one) => all * one, 1n)
  if (product <= limit && dimensions.every((one) => one <= limit)) return dimensions.map(Number).toReversed()
  const most = product >= 2n ** 63n ? '2^63-1' : '2^53-1'
  note(context, 'ggf-overflow', `has ${dimensions.join(' × ')} elements, above ${most}`)
  return undefined
}

function readType(context: GgufContext): GgmlType | undefined {
  const id = context.cursor.u32()
  const type = ggmlType(id)
  if (type !== undefined) return type
  const removed = REMOVED_TYPES.get(id)
  if (removed === undefined) note(context, 'ggf-tensor-type', `has the unknown type ${id}`)
  else note(context, 'ggf-removed-type', `has the type ${removed}, which ggml removed`)
  return undefined
}

type Shape = readonly number[] | undefined

function sizeOf(context: GgufContext, shape: Shape, type: GgmlType | undefined): number | undefined {
  if (shape === undefined || type === undefined) return undefined
  const row = shape.at(-1) ?? 1
  if (row % type.blockElements !== 0) {
    note(
      context,
      'ggf-block',
      `has rows of ${row} elements, no multiple of the ${type.blockElements} of a ${type.name} block`,
    )
    return undefined
  }
  const bytes = (shape.reduce((all, one) => all * one, 1) / type.blockElements) * type.blockBytes
  if (Number.isSafeInteger(bytes)) return bytes
  note(context, 'ggf-overflow', `takes ${bytes} bytes, above 2^53-1`)
  return undefined
}
