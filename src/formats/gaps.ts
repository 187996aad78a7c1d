/**
 * What lies in the gaps of a file: bytes that no structure of it owns.
 *
 * A payload for a second reader is put where the first does not look. Each gap is looked at as if it were a file: one
 * that begins or ends as a known format makes the file a polyglot, and is read as what it is. Only gaps are looked at,
 * never the bytes of a structure, in which any signature may stand by chance.
 */
import type { ByteSource } from './byte-source.ts'
import type { Anomaly } from './facts.ts'
import type { FormatReader } from './reader.ts'
import { sliceSource } from './slice-source.ts'
import { takeGlimpse } from './sniff.ts'

const MOST_GAPS = 8
const SHORTEST = 4
/** Containers that are not surer than this of anything, because other formats are made of them. */
const CONTAINERS: readonly string[] = ['zip', 'tar', 'zlib']

/** A gap that holds something known. */
export interface FoundInGap {
  readonly from: number
  readonly source: ByteSource
  readonly reader: FormatReader
}

/** Looks into the gaps that the accounting found. @throws Fault what the source throws */
export function lookIntoGaps(
  source: ByteSource,
  anomalies: readonly Anomaly[],
  readers: readonly FormatReader[],
): readonly FoundInGap[] {
  // A file of which nothing is owned is no gap in itself, or it would be looked at for ever.
  const isGap = ({ code, offset, length }: Anomaly): boolean =>
    code === 'padding-not-zero' || (code === 'bytes-unclaimed' && !(offset === 0 && length === source.size))
  const gaps = anomalies.filter(isGap)
  return gaps.slice(0, MOST_GAPS).flatMap(({ code, offset = 0, length = 0 }): readonly FoundInGap[] => {
    // Of padding only the first odd byte is told; what begins there goes on to an end that nobody knows.
    const slice = sliceSource(source, offset, code === 'bytes-unclaimed' ? length : source.size - offset)
    const reader = slice.size < SHORTEST ? undefined : readerOf(slice, readers)
    return reader === undefined ? [] : [{ from: offset, source: slice, reader }]
  })
}

function readerOf(slice: ByteSource, readers: readonly FormatReader[]): FormatReader | undefined {
  const glimpse = takeGlimpse('', slice)
  return readers.find((reader) => {
    const sureness = reader.sniff(glimpse)
    return sureness === 'magic' || (sureness === 'structure' && CONTAINERS.includes(reader.format))
  })
}
