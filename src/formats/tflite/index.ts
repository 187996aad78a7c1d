/**
 * TensorFlow Lite (LiteRT): a FlatBuffer of operators and tensors, behind which large buffers and the files that belong
 * to the model may lie.
 *
 * Source: the TensorFlow Lite schema, as LiteRT 2.3 ships it.
 */
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { ANOMALIES as FLAT } from '../flatbuffer/anomalies.ts'
import { claimFlat, claimTail, openFlat } from '../flatbuffer/open.ts'
import type { FormatReader, ReadRequest } from '../reader.ts'
import { readZip, readZipMembers, ZIP_ANOMALIES } from '../zip/index.ts'
import { ANOMALIES } from './anomalies.ts'
import type { Span } from './buffers.ts'
import type { TfliteContext } from './context.ts'
import { readGraphs } from './graph.ts'
import { readMetadata } from './metadata.ts'
import { TFLITE_SCHEMA } from './schema.ts'

/** Alignment of what lies behind the FlatBuffer. */
const LONGEST_PADDING = 4096
/** How a zip begins, and one that is empty. */
const [LOCAL, END] = ['PK\u0003\u0004', 'PK\u0005\u0006']
const LEAST_ZIP = 22
/** Zeros before it. */
const LONGEST_ALIGNMENT = 64

/** Claims what lies behind the FlatBuffer and returns where it ends. */
function claimBehind({ facts, behind, end }: TfliteContext): number {
  let claimed = end
  const spans = [...new Map(behind.map((span): [string, Span] => [`${span.at}+${span.length}`, span])).values()]
  for (const { at, length } of spans.toSorted((a, b) => a.at - b.at)) {
    const gap = at - claimed
    if (gap > 0 && gap <= LONGEST_PADDING) facts.claim('padding', claimed, at)
    facts.claim('tensor', at, at + length)
    claimed = Math.max(claimed, at + length)
  }
  return claimed
}

/** Reads the files that belong to the model, a zip at the end of the file; false when there is none. */
function readFiles({ request, facts }: TfliteContext, from: number): boolean {
  const { source } = request
  if (from + LEAST_ZIP > source.size) return false
  const head = Buffer.from(source.read(from, Math.min(LONGEST_ALIGNMENT, source.size - from)))
  const padding = head.findIndex((byte) => byte !== 0)
  if (padding < 0 || ![LOCAL, END].includes(head.toString('latin1', padding, padding + 4))) return false
  facts.claim('padding', from, from + padding)
  const { members } = readZip(request, facts, from + padding)
  readZipMembers(request, facts, { members })
  return true
}

function read(request: ReadRequest): FileFacts {
  const facts: TfliteContext['facts'] = new FactCollector(request, 'tflite', [...ANOMALIES, ...FLAT, ...ZIP_ANOMALIES])
  const flat = openFlat(request, facts, { schema: TFLITE_SCHEMA, root: 'Model' })
  if (flat === undefined) return facts.finish()
  claimFlat(flat, facts)
  const { root, end } = flat
  const context: TfliteContext = { request, facts, root, end, size: request.source.size, behind: [] }
  const buffers = readGraphs(context)
  readMetadata(context, buffers)
  const claimed = claimBehind(context)
  if (!readFiles(context, claimed)) claimTail(flat, facts, claimed)
  return facts.finish()
}

/** See the module. */
export const tfliteReader: FormatReader = {
  format: 'tflite',
  title: 'TensorFlow Lite',
  version: 1,
  extensions: ['.tflite', '.lite', '.litert'],
  sniff: ({ path, head }) => {
    if (Buffer.from(head.subarray(4, 8)).toString('latin1') === 'TFL3') return 'magic'
    return /\.(tflite|litert)$/i.test(path) ? 'name' : null
  },
  read,
}
