/**
 * ExecuTorch programs (.pte) and their data files (.ptd): a FlatBuffer, behind which segments of weights and of what
 * delegates need lie.
 *
 * Source: `program.fbs`, `flat_tensor.fbs` and the extended headers of ExecuTorch 1.5.
 */
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { ANOMALIES as FLAT } from '../flatbuffer/anomalies.ts'
import { claimFlat, claimTail, openFlat } from '../flatbuffer/open.ts'
import type { FormatReader, ReadRequest } from '../reader.ts'
import { ANOMALIES } from './anomalies.ts'
import { addTensor, type ExecutorchContext } from './context.ts'
import { noteLibrary, readPlans } from './plan.ts'
import { FLAT_TENSOR_SCHEMA, PROGRAM_SCHEMA } from './schema.ts'
import { claimSegments, readHeader, readSegments, type Segment } from './segments.ts'

const PROGRAM = /^ET\d\d$/
const DATA = /^FT\d\d$/

function identifierOf(head: Uint8Array): string {
  return Buffer.from(head.subarray(4, 8)).toString('latin1')
}

/** Segments that hold tensors of a program: constants, and the first state of what changes. */
function weightsOf({ flat, segments }: ExecutorchContext): ReadonlySet<Segment> {
  const constant = flat.root.table('constantSegment')
  const tables = [...(constant === undefined ? [] : [constant]), ...flat.root.tables('mutableDataSegments')]
  return new Set(tables.flatMap((table) => segments[table.number('segmentIndex')] ?? []))
}

/** Blobs by name: tensors of a data file, or what a delegate looks for. */
function readNamedData(context: ExecutorchContext): ReadonlySet<Segment> {
  const weights = new Set<Segment>()
  for (const named of context.flat.root.tables('namedData')) {
    const name = named.string('key')?.toWellFormed() ?? ''
    const segment = context.segments[named.number('segmentIndex')]
    const layout = named.table('tensorLayout')
    const locus = `data ${JSON.stringify(name)}`
    if (segment === undefined) {
      context.facts.anomalies.add('pte-index', 'its segment is beyond the end of the list', { locus })
    } else if (layout === undefined) readBlob(context, segment, locus)
    else {
      weights.add(segment)
      addTensor(context, {
        name,
        scalarType: layout.number('scalarType'),
        sizes: [...layout.numbers('sizes')],
        isPermuted: [...layout.numbers('dimOrder')].some((dimension, i) => dimension !== i),
        at: segment.at,
        room: segment.length,
      })
    }
  }
  return weights
}

function readBlob(context: ExecutorchContext, segment: Segment, locus: string): void {
  context.facts.leaveUnread(`${locus}, ${segment.length} bytes for a delegate`)
  noteLibrary(context, segment, locus)
}

function read(request: ReadRequest): FileFacts {
  const facts: ExecutorchContext['facts'] = new FactCollector(request, 'executorch', [...ANOMALIES, ...FLAT])
  const isData = DATA.test(identifierOf(request.source.read(0, Math.min(8, request.source.size))))
  const header = readHeader(request, facts, isData)
  const format = isData
    ? { schema: FLAT_TENSOR_SCHEMA, root: 'FlatTensor' }
    : { schema: PROGRAM_SCHEMA, root: 'Program' }
  const flat = openFlat(request, facts, format)
  if (flat === undefined) return facts.finish()
  const segments = readSegments(flat, facts, header?.segmentBase ?? 0)
  const context: ExecutorchContext = { request, facts, flat, segments }
  facts.metadata({ key: 'version', type: 'u32', value: flat.root.number('version') })
  if (!isData) readPlans(context)
  const named = readNamedData(context)
  claimFlat(flat, facts, header === undefined ? {} : { more: [header.range] })
  const weights = new Set([...weightsOf(context), ...named])
  claimTail(flat, facts, claimSegments(flat, facts, { segments, weights }))
  return facts.finish()
}

/** See the module. */
export const executorchReader: FormatReader = {
  format: 'executorch',
  title: 'ExecuTorch program',
  version: 1,
  extensions: ['.pte', '.ptd'],
  sniff: ({ path, head }) => {
    const identifier = identifierOf(head)
    if (PROGRAM.test(identifier) || DATA.test(identifier)) return 'magic'
    return /\.pt[ed]$/i.test(path) ? 'name' : null
  },
  read,
}
