/**
 * Reads what torch.save wrote before its zip format, see `grammar.ts`.
 *
 * The streams must come in their order and be what they are for: torch.load unpickles four of them before it compares
 * anything, so a magic number that is computed runs code in a file that looks broken to whoever expects a literal.
 */
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { ANOMALIES as PICKLE_ANOMALIES, type PickleAnomaly } from '../pickle/anomalies.ts'
import { analysePickle, type PickleAnalysis, type PickleTensor } from '../pickle/engine/index.ts'
import { PickleParts } from '../pickle/parts.ts'
import { quoteName } from '../names.ts'
import type { ReadRequest } from '../reader.ts'
import { ANOMALIES, type TorchAnomaly } from '../torch/anomalies.ts'
import { readIntegerStream, readTextList } from '../torch/literal-streams.ts'
import { placeTensor, type Storage } from '../torch/place-tensor.ts'
import { MAGIC, PROTOCOL } from './grammar.ts'
import { readStorages } from './storages.ts'

const STREAMS = ['magic number', 'protocol', 'system', 'object', 'storage keys'] as const
const OBJECT = 3

interface Walk {
  readonly request: ReadRequest
  readonly facts: FactCollector<TorchAnomaly | PickleAnomaly>
  readonly parts: PickleParts
}

/** Reads the file. @throws Fault `budget-…` */
export function readTorchLegacy(request: ReadRequest): FileFacts {
  const facts = new FactCollector<TorchAnomaly | PickleAnomaly>(request, 'torch-legacy', [
    ...ANOMALIES,
    ...PICKLE_ANOMALIES,
  ])
  const walk: Walk = { request, facts, parts: new PickleParts(facts) }
  const streams = readStreams(walk)
  if (streams.length === STREAMS.length) finishObject(walk, streams)
  return { ...facts.finish({ ...walk.parts.doubt, broken: 'listed' }), ...walk.parts.finish() }
}

/** The streams up to the first that breaks. */
function readStreams(walk: Walk): readonly PickleAnalysis[] {
  const { request, facts, parts } = walk
  const streams: PickleAnalysis[] = []
  let at = 0
  for (const [index, part] of STREAMS.entries()) {
    const persistent = index === OBJECT ? 'torch' : 'none'
    const analysis = analysePickle(request, at, { persistent, locus: part })
    parts.add(analysis, { part, shift: 0 })
    facts.claim('code', at, analysis.end)
    if (!analysis.stopped) {
      noteGrammar(walk, `the ${part} does not end`, analysis.end)
      return streams
    }
    checkLiteral(walk, index, at)
    streams.push(analysis)
    at = analysis.end
  }
  return streams
}

function noteGrammar({ facts }: Walk, message: string, offset: number): void {
  facts.anomalies.add('tor-grammar', message, { locus: 'file', offset })
}

function checkLiteral(walk: Walk, index: number, at: number): void {
  const { request, facts } = walk
  if (index > 1) return
  const value = readIntegerStream(request.source, at)?.value
  if (index === 0 && value !== MAGIC) {
    const message = 'the first pickle computes the magic number or gives another'
    facts.anomalies.add('pkl-magic', message, { locus: 'magic number', offset: at })
  }
  if (index === 1 && value !== PROTOCOL) noteGrammar(walk, 'the second pickle is not the number 1001', at)
}

function finishObject(walk: Walk, streams: readonly PickleAnalysis[]): void {
  const { request, facts } = walk
  const [, , , object, list] = streams
  if (object === undefined || list === undefined) return
  const keys = readTextList(request.source, object.end, request.budget)?.value
  if (keys === undefined) return noteGrammar(walk, 'the fifth pickle is no list of keys', object.end)
  const types = new Map(object.storages.map(({ key, type }) => [key, type]))
  const storages = readStorages({ source: request.source, from: list.end, keys, types }, facts)
  for (const tensor of object.tensors) takeTensor(walk, tensor, storages.get(tensor.storage))
  noteUnused(walk, keys, new Set(types.keys()))
}

function takeTensor({ request, facts }: Walk, tensor: PickleTensor, storage: Storage | undefined): void {
  const fact = storage && placeTensor(tensor, storage, { path: request.path, bigEndian: false })
  if (fact !== undefined) return facts.tensor(fact)
  const locus = `tensor ${quoteName(tensor.name)}`
  const what = `${locus} does not lie in storage ${quoteName(tensor.storage)}`
  facts.anomalies.add('pkl-tensor', what, { locus })
  facts.leaveUnread(what)
}

function noteUnused({ facts }: Walk, keys: readonly string[], used: ReadonlySet<string>): void {
  for (const key of keys.filter((each) => !used.has(each))) {
    const locus = `storage ${quoteName(key)}`
    facts.anomalies.add('tor-unreferenced', `no tensor refers to ${locus}`, { locus })
  }
}
