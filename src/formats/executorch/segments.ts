/**
 * The extended header of an ExecuTorch file, and the segments behind its FlatBuffer.
 *
 * Source: `extended_header.h` and `flat_tensor_header.h` of ExecuTorch 1.5.
 */
import { isFault, toSize } from '../../base/index.ts'
import type { FactCollector } from '../fact-collector.ts'
import type { FlatAnomaly } from '../flatbuffer/anomalies.ts'
import type { OpenFlat } from '../flatbuffer/open.ts'
import type { FlatRange } from '../flatbuffer/verify.ts'
import { PageReader } from '../page-reader.ts'
import type { ReadRequest } from '../reader.ts'
import type { ExecutorchAnomaly } from './anomalies.ts'

/** Where the header stands: behind root offset and identifier. */
const HEADER_AT = 8
const LONGEST_HEADER = 4096

/** One segment. */
export interface Segment {
  readonly at: number
  readonly length: number
}

/** What the extended header says. */
export interface ExtendedHeader {
  /** Where the FlatBuffer ends. */
  readonly programEnd: number
  /** What the offsets of segments are counted from. */
  readonly segmentBase: number
  /** The bytes of the header itself. */
  readonly range: FlatRange
}

type Facts = FactCollector<ExecutorchAnomaly | FlatAnomaly>

function sizesOf(cursor: PageReader, isData: boolean): Omit<ExtendedHeader, 'range'> {
  if (isData) cursor.skip(8)
  return { programEnd: toSize(cursor.u64()), segmentBase: toSize(cursor.u64()) }
}

/** Reads the extended header; undefined when there is none. */
export function readHeader({ source }: ReadRequest, facts: Facts, isData: boolean): ExtendedHeader | undefined {
  const least = isData ? 40 : 24
  if (source.size < HEADER_AT + least) return undefined
  const cursor = new PageReader(source, { at: HEADER_AT })
  if (Buffer.from(cursor.view(4)).toString('latin1') !== (isData ? 'FH01' : 'eh00')) return undefined
  const length = cursor.u32()
  const place = { locus: 'extended header', offset: HEADER_AT }
  if (length < least || length > LONGEST_HEADER || HEADER_AT + length > source.size) {
    facts.anomalies.add('pte-header', `an extended header of ${length} bytes`, place)
    return undefined
  }
  return readSizes(cursor, facts, { isData, length })
}

function readSizes(
  cursor: PageReader,
  facts: Facts,
  of: { isData: boolean; length: number },
): ExtendedHeader | undefined {
  const place = { locus: 'extended header', offset: HEADER_AT }
  const size = cursor.at + cursor.remaining
  try {
    const header = sizesOf(cursor, of.isData)
    const { programEnd, segmentBase } = header
    if (programEnd > size || segmentBase > size || (segmentBase > 0 && segmentBase < programEnd))
      facts.anomalies.add('pte-header', `the program ends at ${programEnd}, segments begin at ${segmentBase}`, place)
    return { ...header, range: { from: HEADER_AT, to: HEADER_AT + of.length, role: 'header' } }
  } catch (thrown) {
    if (!isFault(thrown, 'size-overflow')) throw thrown
    facts.anomalies.add('pte-header', thrown.message, place)
    return undefined
  }
}

/** The segments of a file, in the order of the list. Those outside of it are noted. */
export function readSegments({ root, window, end }: OpenFlat, facts: Facts, base: number): readonly Segment[] {
  const segments: Segment[] = []
  for (const segment of root.tables('segments')) {
    const locus = `segment ${segments.length}`
    try {
      const at = base + segment.size64('offset')
      const length = segment.size64('size')
      const isInside = at + length <= window.size && (length === 0 || at >= end)
      if (!isInside)
        facts.anomalies.add('pte-segment', `${length} bytes at ${at} of ${window.size}`, { locus, offset: segment.at })
      segments.push(isInside ? { at, length } : { at: window.size, length: 0 })
    } catch (thrown) {
      if (!isFault(thrown, 'size-overflow')) throw thrown
      facts.anomalies.add('pte-segment', thrown.message, { locus, offset: segment.at })
      segments.push({ at: window.size, length: 0 })
    }
  }
  return segments
}

/** Claims the segments and the zeros between them; `weights` are those that hold tensors. */
export function claimSegments(
  { end }: OpenFlat,
  facts: Facts,
  { segments, weights }: { readonly segments: readonly Segment[]; readonly weights: ReadonlySet<Segment> },
): number {
  let claimed = end
  for (const segment of segments.toSorted((a, b) => a.at - b.at)) {
    if (segment.length === 0) continue
    if (segment.at > claimed) facts.claim('padding', claimed, segment.at)
    facts.claim(weights.has(segment) ? 'tensor' : 'opaque', segment.at, segment.at + segment.length)
    claimed = Math.max(claimed, segment.at + segment.length)
  }
  return claimed
}
