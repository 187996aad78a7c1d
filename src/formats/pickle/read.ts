/**
 * Lists a pickle file opcode by opcode.
 *
 * A file may hold several streams one after another; each that follows is listed as well when it ends with STOP or
 * begins with PROTO, since a loader that is called again would load it. Nothing is executed, nothing is proved:
 * the reading is `listed`, whatever was found or not found.
 */
import { isFault } from '../../base/index.ts'
import { AnomalyList } from '../anomaly-list.ts'
import type { Claim, FileFacts, MetadataFact } from '../facts.ts'
import { PageReader } from '../page-reader.ts'
import type { ReadRequest } from '../reader.ts'
import { ANOMALIES, type PickleAnomaly } from './anomalies.ts'
import { Listing } from './listing.ts'
import { findStop } from './nested.ts'
import { OpcodeStream } from './opcode-stream.ts'

const PROTO = 0x80
const UNPROVED = 'unproved: pickles are listed, not proved, in this version'
/** LONG1 of the number that `torch.save` wrote before its zip format. */
const TORCH_MAGIC = '80028a0a6cfc9c46f9206aa850192e'
const TORCH_STREAMS = 5
const MOST_STREAMS = 1024

interface Walk {
  readonly request: ReadRequest
  readonly anomalies: AnomalyList<PickleAnomaly>
  readonly listing: Listing
  readonly claims: Claim[]
  streams: number
}

/** Lists the streams of a file. @throws Fault `budget-…` */
export function readPickle(request: ReadRequest): FileFacts {
  const { path, source, budget } = request
  const anomalies = new AnomalyList<PickleAnomaly>(ANOMALIES)
  const listing = new Listing({ source, budget, anomalies })
  const walk: Walk = { request, anomalies, listing, claims: [], streams: 0 }
  const torch = isLegacyTorch(request)
  listAll(walk, torch)
  return {
    path,
    size: source.size,
    format: 'pickle',
    reading: 'listed',
    reason: UNPROVED,
    tensors: [],
    metadata: describe(walk, torch),
    references: [...listing.references.values()],
    claims: walk.claims,
    anomalies: anomalies.toArray(),
    opcodes: { count: listing.count, listed: listing.opcodes },
  }
}

function describe({ listing, streams }: Walk, torch: boolean): MetadataFact[] {
  const facts: MetadataFact[] = [
    { key: 'pickle.protocol', type: 'u8', value: listing.protocol },
    { key: 'pickle.streams', type: 'u32', value: streams },
  ]
  return torch ? [...facts, { key: 'pickle.container', type: 'string', value: 'torch-legacy' }] : facts
}

function isLegacyTorch({ source }: ReadRequest): boolean {
  const length = TORCH_MAGIC.length / 2
  return source.size >= length && Buffer.from(source.read(0, length)).toString('hex') === TORCH_MAGIC
}

function listAll(walk: Walk, torch: boolean): void {
  const { size } = walk.request.source
  let at = listOne(walk, 0)
  const most = torch ? TORCH_STREAMS : MOST_STREAMS
  while (at !== undefined && at < size && walk.streams < most) {
    const from = at
    if (!isStream(walk, from)) break
    at = listOne(walk, from)
  }
  if (at !== undefined && at < size) noteRest(walk, at, torch)
  const expected = torch ? TORCH_STREAMS : 1
  if (walk.streams > expected || (torch && walk.streams < expected))
    walk.anomalies.add('pkl-streams', `${walk.streams} streams in one file; ${expected} expected`, { locus: 'file' })
}

function noteRest(walk: Walk, at: number, torch: boolean): void {
  const { size } = walk.request.source
  const complete = torch && walk.streams === TORCH_STREAMS
  if (complete) walk.claims.push({ from: at, to: size, role: 'opaque', name: 'storages' })
  else
    walk.anomalies.add('pkl-after-stop', `${size - at} bytes follow STOP at ${at - 1}`, {
      locus: 'file',
      offset: at,
      length: size - at,
    })
}

/** Lists the stream at `from`; gives where it ended, or undefined where it broke. */
function listOne(walk: Walk, from: number): number | undefined {
  const stream = new OpcodeStream(new PageReader(walk.request.source, { at: from }))
  const broken = tryList(walk, stream)
  walk.streams += 1
  if (stream.end > from) walk.claims.push({ from, to: stream.end, role: 'code', name: `stream ${walk.streams - 1}` })
  return broken ? undefined : stream.end
}

function tryList(walk: Walk, stream: OpcodeStream): boolean {
  try {
    walk.listing.listStream(stream)
    return false
  } catch (thrown) {
    if (!isFault(thrown) || !thrown.code.startsWith('pkl-')) throw thrown
    const place = { locus: `op ${walk.listing.count}`, offset: stream.end }
    walk.anomalies.add(thrown.code as PickleAnomaly, thrown.message, place)
    walk.anomalies.add('pkl-no-stop', `the stream breaks at ${stream.end}: ${thrown.message}`, place)
    return true
  }
}

function isStream({ request }: Walk, from: number): boolean {
  const { source } = request
  return source.read(from, 1)[0] === PROTO || findStop(source, from) !== undefined
}
