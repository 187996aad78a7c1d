/**
 * The sections of a LiteRT-LM bundle: models, tokenizers, weights and settings, one behind the other.
 *
 * Each is handed on as a member; what has no reader stays unread. A Hugging Face tokenizer is compressed: eight bytes
 * that say how long it is, and a zlib stream.
 */
import { inflateSync } from 'node:zlib'
import { isFault, toSize } from '../../base/index.ts'
import type { FactCollector } from '../fact-collector.ts'
import type { FlatAnomaly } from '../flatbuffer/anomalies.ts'
import type { FlatTable } from '../flatbuffer/table.ts'
import { memorySource } from '../memory-source.ts'
import type { ReadRequest } from '../reader.ts'
import { sliceSource } from '../slice-source.ts'
import type { LitertAnomaly } from './anomalies.ts'

/** One section. */
export interface Section {
  readonly type: number
  readonly index: number
  readonly at: number
  readonly length: number
}

type Facts = FactCollector<LitertAnomaly | FlatAnomaly>

const MODEL = 3
const COMPRESSED_TOKENIZER = 6
const WEIGHTS = 7
/** Name of a member by the type of its section. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [MODEL, 'model.tflite'],
  [4, 'tokenizer.model'],
  [5, 'llm_metadata.pb'],
  [COMPRESSED_TOKENIZER, 'tokenizer.json'],
  [WEIGHTS, 'weights'],
  [8, 'executor_metadata.pb'],
])
const LONGEST_TOKENIZER = 48 * 1024 * 1024
const LENGTH_BYTES = 8

/** The sections in the order of the file; those that do not lie where one can are noted. */
export function readSections(root: FlatTable, facts: Facts, bounds: { from: number; size: number }): Section[] {
  const sections: Section[] = []
  let index = 0
  for (const object of root.table('sectionMetadata')?.tables('objects') ?? []) {
    const place = { locus: `section ${index}`, offset: object.at }
    try {
      const [at, to] = [object.size64('beginOffset'), object.size64('endOffset')]
      if (at < bounds.from || to < at || to > bounds.size)
        facts.anomalies.add('llm-section', `bytes ${at} to ${to} of ${bounds.size}`, place)
      else sections.push({ type: object.number('dataType'), index, at, length: to - at })
    } catch (thrown) {
      if (!isFault(thrown, 'size-overflow')) throw thrown
      facts.anomalies.add('llm-section', thrown.message, place)
    }
    index += 1
  }
  return sections.toSorted((a, b) => a.at - b.at)
}

/** Reads a section as a member and claims its bytes. */
export function readSection(request: ReadRequest, facts: Facts, section: Section): void {
  const { type, index, at, length } = section
  facts.claim(type === MODEL || type === WEIGHTS ? 'tensor' : 'opaque', at, at + length)
  if (type === WEIGHTS || length === 0) return
  const name = `${index}/${NAMES.get(type) ?? 'data'}`
  if (type === COMPRESSED_TOKENIZER) return readCompressed(request, facts, { ...section, name })
  const format = type === MODEL ? { format: 'tflite' } : {}
  request.readMember({ name, source: sliceSource(request.source, at, length), at, ...format })
}

function readCompressed(request: ReadRequest, facts: Facts, section: Section & { readonly name: string }): void {
  const { source, budget } = request
  const { at, length, name } = section
  const place = { locus: name, offset: at, length }
  const packed = Buffer.from(source.read(at, Math.min(length, LONGEST_TOKENIZER)))
  try {
    const declared = length < LENGTH_BYTES ? 0 : toSize(packed.readBigUInt64LE(0))
    if (declared === 0 || declared > LONGEST_TOKENIZER || length > LONGEST_TOKENIZER)
      return facts.anomalies.add('llm-unpack', `${declared} bytes are declared in a section of ${length}`, place)
    budget.spendUnpacked(declared)
    const bytes = inflateSync(packed.subarray(LENGTH_BYTES), { maxOutputLength: declared })
    if (bytes.length !== declared)
      return facts.anomalies.add('llm-unpack', `${bytes.length} bytes unpacked, ${declared} declared`, place)
    request.readMember({ name, source: memorySource(bytes, budget) })
  } catch (thrown) {
    if (isFault(thrown) && thrown.code !== 'size-overflow') throw thrown
    facts.anomalies.add('llm-unpack', `it does not unpack: ${(thrown as Error).message}`, place)
  }
}
