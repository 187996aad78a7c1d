/**
 * The safetensors reader: header length, header, then the bytes of the tensors.
 *
 * As strict as the reference library (header of at most 100 MB that begins with a brace and is padded with spaces,
 * tensors without gap or overlap up to the very end) and stricter where that lets two readings pass (equal keys,
 * unknown fields). Only the header is read.
 *
 * Source: the format description and `safetensors/src/tensor.rs` of the safetensors library, 0.7.
 */
import { isUtf8 } from 'node:buffer'
import { ByteReader, isFault } from '../../base/index.ts'
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { JsonCursor, type JsonOddity } from '../json/cursor.ts'
import type { FormatReader, Glimpse, ReadRequest } from '../reader.ts'
import { ANOMALIES, type SafetensorsAnomaly } from './anomalies.ts'
import { takeHeader } from './header.ts'
import { Spans } from './spans.ts'

const LONGEST_HEADER = 100_000_000
const OPEN_BRACE = 0x7b
const SPACE = 0x20
/** A header above this size that is more than a quarter of the file is out of proportion. */
const LARGE_HEADER = 1024 * 1024
/** More tensors, and more tensors without bytes, than any known model has in one file. */
const MANY_TENSORS = 250_000
const MANY_EMPTY = 4096

type Facts = FactCollector<SafetensorsAnomaly>

function declaredLength({ head, size }: Glimpse): number | undefined {
  if (head.length < 10) return undefined
  const length = new ByteReader(head).u64()
  return length >= 2n && length <= BigInt(Math.min(LONGEST_HEADER, size - 8)) ? Number(length) : undefined
}

function beginsLikeHeader({ head }: Glimpse): boolean {
  const next = head.subarray(9).find((byte) => byte !== SPACE && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)
  return head[8] === OPEN_BRACE && (next === 0x22 || next === 0x7d)
}

function headerLength({ source }: ReadRequest, facts: Facts): number | undefined {
  const place = { locus: 'header length', offset: 0, length: Math.min(8, source.size) }
  if (source.size < 8) {
    facts.anomalies.add('stn-header-length', `the file has ${source.size} bytes, not even a header length`, place)
    return undefined
  }
  const length = new ByteReader(source.read(0, 8)).u64()
  if (length <= BigInt(LONGEST_HEADER) && length <= BigInt(source.size - 8)) return Number(length)
  const limit = Math.min(LONGEST_HEADER, source.size - 8)
  facts.anomalies.add('stn-header-length', `the header declares ${length} bytes; at most ${limit} are possible`, place)
  return undefined
}

function reportOddity(facts: Facts): (code: JsonOddity, message: string, offset: number) => void {
  return (code, message, offset) => {
    const own = code === 'json-duplicate-key' ? 'stn-duplicate-key' : 'stn-json'
    facts.anomalies.add(own, message, { locus: 'header', offset: 8 + offset })
  }
}

function checkPadding(padding: Uint8Array, from: number, facts: Facts): void {
  const odd = padding.findIndex((byte) => byte !== SPACE)
  if (odd < 0) return
  const isSpace = padding.every((byte) => byte === SPACE || byte === 0x09 || byte === 0x0a || byte === 0x0d)
  const message = `byte ${padding[odd]} follows the header object`
  facts.anomalies.add(isSpace ? 'stn-padding' : 'stn-json', message, { locus: 'header', offset: from + odd })
}

/** Parses the header; returns its length without padding, or undefined when it cannot be understood. */
function parseHeader(
  header: Uint8Array,
  request: ReadRequest,
  facts: Facts,
): { end: number; spans: Spans } | undefined {
  const dataStart = 8 + header.length
  const options = { budget: request.budget, report: reportOddity(facts) }
  const cursor = new JsonCursor(header, options)
  const spans = new Spans()
  try {
    if (header[0] !== OPEN_BRACE)
      facts.anomalies.add('stn-json', 'the header does not begin with a brace', { locus: 'header', offset: 8 })
    takeHeader({ cursor, facts, spans, dataStart, dataSize: request.source.size - dataStart })
  } catch (thrown) {
    if (!isFault(thrown, 'json-syntax')) throw thrown
    const offset = 8 + Number(thrown.details['offset'] ?? 0)
    facts.anomalies.add('stn-json', `in the header, ${thrown.message}`, { locus: 'header', offset })
    return undefined
  }
  checkPadding(header.subarray(cursor.at), 8 + cursor.at, facts)
  return { end: cursor.at, spans }
}

function checkProportions(size: number, length: number, { spans, facts }: { spans: Spans; facts: Facts }): void {
  if (length > LARGE_HEADER && length * 4 > size) {
    facts.anomalies.add('stn-header-share', `the header takes ${length} of ${size} bytes`, { locus: 'header' })
  }
  if (spans.count > MANY_TENSORS || spans.empty > MANY_EMPTY) {
    const message = `${spans.count} tensors, ${spans.empty} of them without bytes`
    facts.anomalies.add('stn-count', message, { locus: 'header' })
  }
}

function read(request: ReadRequest): FileFacts {
  const facts: Facts = new FactCollector(request, 'safetensors', ANOMALIES)
  const { size } = request.source
  const length = headerLength(request, facts)
  if (length === undefined) return facts.finish()
  const header = request.source.read(8, length)
  if (!isUtf8(header)) {
    facts.anomalies.add('stn-utf8', 'the header is not UTF-8', { locus: 'header', offset: 8, length })
    return facts.finish()
  }
  const parsed = parseHeader(header, request, facts)
  if (parsed === undefined) return facts.finish()
  checkProportions(size, length, { spans: parsed.spans, facts })
  facts.claim('magic', 0, 8)
  facts.claim('header', 8, 8 + parsed.end)
  facts.claim('padding', 8 + parsed.end, 8 + length)
  const start = 8 + length
  parsed.spans.check(size - start, facts.anomalies, (begin, end) => facts.claim('tensor', start + begin, start + end))
  return facts.finish({ broken: 'listed' })
}

/** See the module. */
export const safetensorsReader: FormatReader = {
  format: 'safetensors',
  title: 'safetensors',
  version: 1,
  extensions: ['.safetensors'],
  sniff(glimpse) {
    if (declaredLength(glimpse) !== undefined && beginsLikeHeader(glimpse)) return 'magic'
    return glimpse.path.toLowerCase().endsWith('.safetensors') ? 'name' : null
  },
  read,
}
