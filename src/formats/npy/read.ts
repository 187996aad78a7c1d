/**
 * Reads NumPy arrays: one, or several that were saved one after another into one file.
 *
 * The data of an array is exactly as long as its shape and its type say, so nothing can hide behind it. An array of
 * Python objects has a pickle in the place of its data.
 *
 * Guarantee: data is never read, only measured, unless it is a pickle; every array that is there and is none of objects
 * becomes a tensor.
 */
import { isFault, mulChecked } from '../../base/index.ts'
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts, TensorFact } from '../facts.ts'
import { ANOMALIES as PICKLE_ANOMALIES, type PickleAnomaly } from '../pickle/anomalies.ts'
import { analysePickle, type PickleAnalysis } from '../pickle/engine/index.ts'
import { PickleParts } from '../pickle/parts.ts'
import type { ReadRequest } from '../reader.ts'
import { ANOMALIES, type NpyAnomaly } from './anomalies.ts'
import { beginsWithMagic, MAGIC, readHeader, type NpyHeader } from './header.ts'

type NpyFacts = FactCollector<NpyAnomaly | PickleAnomaly>

interface Walk {
  readonly request: ReadRequest
  readonly facts: NpyFacts
  readonly parts: PickleParts
  /** Number of the array. */
  index: number
}

/** The name that the arrays of a file go by: that of the member in an archive, else of the file. @example arrayName('m.npz!/a/w.npy') // 'a/w' */
export function arrayName(path: string): string {
  const member = path.lastIndexOf('!/')
  const name = member < 0 ? path.slice(path.lastIndexOf('/') + 1) : path.slice(member + 2)
  return name.replace(/\.npy$/i, '')
}

/** Reads the file. @throws Fault `budget-…` */
export function readNpy(request: ReadRequest): FileFacts {
  const facts: NpyFacts = new FactCollector(request, 'npy', [...ANOMALIES, ...PICKLE_ANOMALIES])
  const parts = new PickleParts(facts)
  const walk: Walk = { request, facts, parts, index: 0 }
  let at: number | undefined = 0
  while (at !== undefined && at < request.source.size) {
    at = walk.index > 0 && !continues(request, at) ? noteRest(walk, at) : readArray(walk, at)
    walk.index += 1
  }
  facts.metadata({ key: 'npy.arrays', type: 'u32', value: walk.index })
  return { ...facts.finish(parts.doubt), ...parts.finish() }
}

function continues({ source }: ReadRequest, at: number): boolean {
  return source.size - at >= MAGIC.length && beginsWithMagic(source.read(at, MAGIC.length))
}

function noteRest({ request, facts }: Walk, at: number): undefined {
  const length = request.source.size - at
  const message = `${length} bytes follow the data and are no further array`
  facts.anomalies.add('npy-trailing-bytes', message, { locus: 'file', offset: at, length })
}

/** Reads the array that begins at `at`; gives its end, or undefined when it is not known. */
function readArray(walk: Walk, at: number): number | undefined {
  const header = tryHeader(walk, at)
  if (header === undefined) return undefined
  const { dataFrom, type } = header
  walk.facts.claim('magic', at, at + MAGIC.length)
  walk.facts.claim('header', at + MAGIC.length, dataFrom)
  return type.objects ? readObjects(walk, dataFrom) : readData(walk, header)
}

function tryHeader({ request, facts, index }: Walk, at: number): NpyHeader | undefined {
  try {
    return readHeader(request.source, at)
  } catch (thrown) {
    if (!isFault(thrown) || thrown.code.startsWith('budget-')) throw thrown
    const message = `array ${index}: ${thrown.message}`
    facts.anomalies.add('npy-header', message, { locus: `header of array ${index}`, offset: at })
    return undefined
  }
}

function dataBytes({ shape, type }: NpyHeader): number {
  try {
    return shape.includes(0) ? 0 : mulChecked(type.bytes, ...shape)
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

function readData(walk: Walk, header: NpyHeader): number | undefined {
  const { request, facts, index } = walk
  const length = dataBytes(header)
  const left = request.source.size - header.dataFrom
  if (length > left) {
    const needed = Number.isFinite(length) ? `${length}` : 'more than 2^53-1'
    const message = `array ${index} of ${header.shape.join(' × ')} elements of ${header.type.bytes} bytes needs ${needed} bytes; ${left} follow`
    facts.anomalies.add('npy-size', message, { locus: `array ${index}`, offset: header.dataFrom })
    return undefined
  }
  facts.claim('tensor', header.dataFrom, header.dataFrom + length)
  facts.tensor(toTensor(walk, header, length))
  return header.dataFrom + length
}

function toTensor({ request, index }: Walk, header: NpyHeader, length: number): TensorFact {
  const { type, shape, fortran, dataFrom } = header
  const name = arrayName(request.path)
  const strided = fortran && shape.filter((size) => size > 1).length > 1
  const packed = type.type === undefined ? 'typed' : strided ? 'strided' : undefined
  return {
    name: index === 0 ? name : `${name}#${index}`,
    type: type.type ?? type.descr,
    shape,
    file: request.path,
    offset: dataFrom,
    length,
    ...(type.bigEndian ? { bigEndian: true } : {}),
    ...(packed === undefined ? {} : { packed }),
  }
}

/** The body of an array of objects is a pickle; gives where it ends, or undefined when it breaks. */
function readObjects({ request, facts, parts, index }: Walk, at: number): number | undefined {
  const locus = `array ${index}`
  const analysis = analysePickle(request, at, { persistent: 'none', locus })
  parts.add(analysis, { part: locus, shift: 0 })
  claimStream(facts, at, analysis)
  if (analysis.verdict === 'proved') return analysis.end
  const length = analysis.end - at
  const message = `${locus} holds Python objects, made by a pickle of ${length} bytes that is not proved inert`
  facts.anomalies.add('npy-objects', message, { locus, offset: at, length })
  return analysis.stopped ? analysis.end : undefined
}

/** Claims a stream; numbers that stand in it are data. */
function claimStream(facts: NpyFacts, from: number, { end, raw }: PickleAnalysis): void {
  let at = from
  for (const range of raw.filter((each) => each.to <= end)) {
    facts.claim('code', at, range.from)
    facts.claim('tensor', range.from, range.to)
    at = range.to
  }
  facts.claim('code', at, end)
}
