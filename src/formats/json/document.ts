/**
 * A whole JSON file: its bytes, checked for what stands before any syntax, under a cursor.
 */
import { isUtf8 } from 'node:buffer'
import { Fault, isFault } from '../../base/index.ts'
import type { AnomalyMeaning } from '../anomaly-list.ts'
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import type { ReadRequest } from '../reader.ts'
import { ANOMALIES, type JsonAnomaly } from './anomalies.ts'
import { JsonCursor } from './cursor.ts'

/** Longest JSON file that is read, in bytes: a tokenizer of 262,000 tokens has 35 MB. */
const LONGEST_FILE = 48 * 1024 * 1024
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

/** How a format reads its JSON file. */
export interface JsonFormat<Code extends string> {
  readonly format: string
  readonly anomalies: readonly (AnomalyMeaning & { readonly code: Code })[]
  /** Takes exactly the value of the file from the cursor. */
  read(cursor: JsonCursor, facts: FactCollector<Code | JsonAnomaly>): void
}

function textOf(
  request: ReadRequest,
  facts: FactCollector<string>,
): { readonly bytes: Uint8Array; readonly at: number } | undefined {
  const { size } = request.source
  if (size > LONGEST_FILE)
    throw new Fault('budget-bytes', `a JSON file of ${size} bytes; at most ${LONGEST_FILE} are read`)
  const bytes = request.source.read(0, size)
  if (!isUtf8(bytes)) {
    facts.anomalies.add('json-utf8', 'the file is not UTF-8', { locus: 'file' })
    return undefined
  }
  const marked = BYTE_ORDER_MARK.every((byte, index) => bytes[index] === byte)
  if (marked)
    facts.anomalies.add('json-bom', 'the file begins with a byte-order mark', { locus: 'file', offset: 0, length: 3 })
  return { bytes, at: marked ? 3 : 0 }
}

/** Reads a JSON file; broken JSON is an anomaly and leaves the file `unread`. @throws Fault of budget and source */
export function readJsonFile<Code extends string>(request: ReadRequest, format: JsonFormat<Code>): FileFacts {
  const facts = new FactCollector<Code | JsonAnomaly>(request, format.format, [...ANOMALIES, ...format.anomalies])
  const text = textOf(request, facts)
  if (text === undefined) return facts.finish()
  const report = (code: JsonAnomaly, message: string, offset: number): void =>
    facts.anomalies.add(code, message, { locus: `byte ${offset}`, offset })
  const cursor = new JsonCursor(text.bytes, { budget: request.budget, report }, text.at)
  try {
    format.read(cursor, facts)
    cursor.end()
  } catch (thrown) {
    if (!isFault(thrown, 'json-syntax')) throw thrown
    const offset = Number(thrown.details['offset'] ?? 0)
    facts.anomalies.add('json-syntax', thrown.message, { locus: 'file', offset })
  }
  facts.claim('text', 0, request.source.size)
  return facts.finish()
}
