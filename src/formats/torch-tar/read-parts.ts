/**
 * The pickles of one member of an old torch tar, and the numbers between them.
 *
 * `pickle` and `sys_info` are one pickle each. `storages` is a count, for each storage a pickle of key, place and type
 * with the elements behind it, and a list of views; `tensors` is a count, and for each tensor a pickle with its shape
 * behind it. A pickle begins where the structure before it ends, so each has to be followed to find the next.
 */
import { toSize } from '../../base/index.ts'
import type { FactCollector } from '../fact-collector.ts'
import { PageReader } from '../page-reader.ts'
import type { PickleAnomaly } from '../pickle/anomalies.ts'
import { analysePickle, type PickleAnalysis } from '../pickle/engine/index.ts'
import type { PickleParts } from '../pickle/parts.ts'
import type { Member, ReadRequest } from '../reader.ts'
import type { TorchAnomaly } from '../torch/anomalies.ts'
import { storageElementBytes } from '../torch/element-bytes.ts'
import { readIntegerStream } from '../torch/literal-streams.ts'

/** Where the facts go. */
export interface PartsSink {
  readonly facts: FactCollector<TorchAnomaly | PickleAnomaly>
  readonly parts: PickleParts
}

interface Walk extends PartsSink {
  readonly request: ReadRequest
  readonly member: Member
  readonly name: string
  /** First byte that was not yet followed. */
  at: number
}

/** Reads the member. @throws Fault `budget-…` */
export function readParts(request: ReadRequest, sink: PartsSink, member: Member): void {
  const name = member.name.replace(/^\.\//, '')
  const walk: Walk = { ...sink, request: { ...request, source: member.source }, member, name, at: 0 }
  const isWhole = name === 'storages' || name === 'tensors' ? readList(walk) : takePickle(walk) !== undefined
  if (isWhole && walk.at === member.source.size) return
  const message = `${name} is not of the form of the format from byte ${walk.at} on`
  sink.facts.anomalies.add('tor-grammar', message, { locus: name })
}

/** Analyses the pickle at hand; undefined when it breaks. Its persistent ids are numbers of tensors. */
function takePickle(walk: Walk): PickleAnalysis | undefined {
  const { request, member, parts, name } = walk
  walk.request.budget.spendItems()
  const analysis = analysePickle(request, walk.at, { persistent: 'none', locus: name })
  const anomalies = analysis.anomalies.filter(({ code }) => code !== 'pkl-persistent-id')
  parts.add({ ...analysis, anomalies }, { part: name, shift: member.at })
  walk.at = analysis.end
  return analysis.stopped ? analysis : undefined
}

function readList(walk: Walk): boolean {
  const count = readIntegerStream(walk.request.source, walk.at)
  if (takePickle(walk) === undefined || count === undefined) return false
  for (let index = 0n; index < count.value; index++) {
    const entry = takePickle(walk)
    if (entry === undefined || !(walk.name === 'storages' ? passStorage(walk, entry) : passShape(walk))) return false
  }
  return walk.name === 'tensors' || takePickle(walk) !== undefined
}

/** Passes the elements of a storage: their number in eight bytes, then they. */
function passStorage(walk: Walk, { references }: PickleAnalysis): boolean {
  const type = references.find(({ target }) => target.startsWith('torch.'))?.target.slice('torch.'.length) ?? ''
  const size = storageElementBytes(type)
  return size !== undefined && pass(walk, (cursor) => toSize(cursor.u64()) * size)
}

/** Passes the shape of a tensor: the number of dimensions in eight bytes, sizes, strides, the offset. */
function passShape(walk: Walk): boolean {
  return pass(walk, (cursor) => {
    const dimensions = cursor.u32()
    cursor.u32()
    return (2 * dimensions + 1) * 8
  })
}

function pass(walk: Walk, measure: (cursor: PageReader) => number): boolean {
  const cursor = new PageReader(walk.request.source, { at: walk.at })
  if (cursor.remaining < 8) return false
  const length = measure(cursor)
  if (!(length <= cursor.remaining)) return false
  walk.at = cursor.at + length
  return true
}
