/**
 * The header of a safetensors file: one JSON object from tensor names to type, shape and offsets.
 *
 * Guarantee: every tensor that becomes a fact lies in the file and has exactly the bytes that its shape and type need;
 * one that has not is an anomaly and no fact. Sizes go through checked arithmetic.
 * Source: `TensorInfo` and `Metadata::validate` of the safetensors library.
 */
import { isFault, mulChecked } from '../../base/index.ts'
import type { FactCollector } from '../fact-collector.ts'
import type { JsonCursor } from '../json/cursor.ts'
import { Flattener, pointerStep } from '../json/flatten.ts'
import { hasOddCharacters, quoteName } from '../names.ts'
import type { SafetensorsAnomaly } from './anomalies.ts'
import { BITS } from './element-types.ts'
import type { Spans } from './spans.ts'

/** What the parts of the header need. */
export interface HeaderContext {
  readonly cursor: JsonCursor
  readonly facts: FactCollector<SafetensorsAnomaly>
  readonly spans: Spans
  /** Offset in the file of the first byte of data. */
  readonly dataStart: number
  /** Bytes of data. */
  readonly dataSize: number
}

interface Entry {
  readonly name: string
  /** Offset of the name in the header. */
  readonly at: number
  type?: string
  shape?: readonly number[]
  begin?: number
  end?: number
}

/** An entry of which all parts are there. */
type WholeEntry = Required<Entry>

type Note = (code: SafetensorsAnomaly, what: string) => void

/** Notes what is wrong with one tensor. */
function noteOn({ facts }: HeaderContext, { name, at }: Entry): Note {
  const locus = `tensor ${quoteName(name)}`
  return (code, what) => facts.anomalies.add(code, `${locus} ${what}`, { locus, offset: 8 + at })
}

/** A list of sizes, or undefined when it is something else. Sizes beyond 2^53-1 become infinite. */
function takeSizes(cursor: JsonCursor): readonly number[] | undefined {
  if (cursor.kind() !== 'array') {
    cursor.skip()
    return undefined
  }
  const sizes: number[] = []
  let wellFormed = true
  cursor.array(() => {
    const value = cursor.kind() === 'number' ? cursor.number() : (cursor.skip(), -1)
    wellFormed &&= typeof value === 'bigint' ? value > 0n : Number.isInteger(value) && value >= 0
    if (wellFormed) sizes.push(typeof value === 'bigint' ? Infinity : value)
  })
  return wellFormed ? sizes : undefined
}

function takeOffsets(cursor: JsonCursor, entry: Entry): void {
  const offsets = takeSizes(cursor)
  if (offsets?.length !== 2) return
  ;[entry.begin, entry.end] = offsets as [number, number]
}

function takeField(context: HeaderContext, entry: Entry, key: string): void {
  const { cursor } = context
  if (key === 'dtype' && cursor.kind() === 'string') entry.type = cursor.string()
  else if (key === 'shape') {
    const shape = takeSizes(cursor)
    if (shape !== undefined) entry.shape = shape
  } else if (key === 'data_offsets') takeOffsets(cursor, entry)
  else {
    cursor.skip()
    if (key !== 'dtype') noteOn(context, entry)('stn-extra-field', `has a field ${quoteName(key)}`)
  }
}

function takeEntry(context: HeaderContext, name: string, at: number): WholeEntry | undefined {
  const entry: Entry = { name, at }
  if (context.cursor.kind() === 'object') context.cursor.object((key) => takeField(context, entry, key))
  else context.cursor.skip()
  const { type, shape, begin, end } = entry
  if (type !== undefined && shape !== undefined && begin !== undefined && end !== undefined) return entry as WholeEntry
  noteOn(context, entry)('stn-missing-field', 'has no dtype, shape or data_offsets of the right kind')
  return undefined
}

/** Bytes that shape and type need; undefined when the type is unknown, the bits fill no byte, or nothing can hold it. */
function bytesNeeded(context: HeaderContext, entry: WholeEntry): number | undefined {
  const bits = BITS.get(entry.type)
  if (bits === undefined) {
    noteOn(context, entry)('stn-dtype', `has the element type ${quoteName(entry.type)}`)
    return undefined
  }
  try {
    const total = mulChecked(...entry.shape, bits)
    if (total % 8 === 0) return total / 8
    noteOn(context, entry)('stn-span', `has ${total} bits, which fill no whole number of bytes`)
  } catch (thrown) {
    if (!isFault(thrown, 'size-overflow')) throw thrown
    noteOn(context, entry)('stn-overflow', `has a shape that multiplies to more than 2^53-1 bits`)
  }
  return undefined
}

function isInside(context: HeaderContext, entry: WholeEntry): boolean {
  const { begin, end } = entry
  if (begin <= end && end <= context.dataSize) return true
  if (!Number.isFinite(begin) || !Number.isFinite(end))
    noteOn(context, entry)('stn-overflow', 'has an offset above 2^53-1')
  else noteOn(context, entry)('stn-outside-file', `has data from ${begin} to ${end} of ${context.dataSize} bytes`)
  return false
}

function takeTensor(context: HeaderContext, name: string, at: number): void {
  const entry = takeEntry(context, name, at)
  if (name === '' || hasOddCharacters(name)) {
    noteOn(context, { name, at })(
      'stn-name',
      'has an empty name, or control, bidirectional or invisible characters in it',
    )
  }
  if (entry === undefined || !isInside(context, entry)) return
  const { type, shape, begin, end } = entry
  context.spans.add(begin, end)
  const needed = bytesNeeded(context, entry)
  if (needed === undefined) return
  if (end - begin !== needed)
    return noteOn(context, entry)('stn-span', `has ${end - begin} bytes; shape and type need ${needed}`)
  context.facts.tensor({
    name,
    type,
    shape,
    file: context.facts.path,
    offset: context.dataStart + begin,
    length: needed,
  })
}

function takeMetadata(context: HeaderContext): void {
  const { cursor, facts } = context
  const flattener = new Flattener(cursor, { metadata: (fact) => facts.metadata(fact) })
  const odd = (what: string): void => facts.anomalies.add('stn-metadata-type', what, { locus: '__metadata__' })
  if (cursor.kind() !== 'object') {
    odd('__metadata__ is no object')
    return cursor.skip()
  }
  cursor.object((key) => {
    if (cursor.kind() !== 'string') odd(`__metadata__ has a value under ${quoteName(key)} that is no string`)
    flattener.take(`/__metadata__${pointerStep(key)}`, key)
  })
}

/** Takes the header object from the cursor. @throws Fault `json-syntax`, `budget-*` */
export function takeHeader(context: HeaderContext): void {
  context.cursor.object((name, at) => {
    if (name === '__metadata__') takeMetadata(context)
    else takeTensor(context, name, at)
  })
}
