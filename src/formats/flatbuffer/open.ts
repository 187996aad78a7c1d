/**
 * Opens a FlatBuffer: verifies it and claims its bytes.
 *
 * The bytes between two structures are there for alignment and must be zeros. Where a newer schema may have put
 * something that is not known here, they are claimed as opaque, and the file is not read in full.
 */
import { alignUp, isFault } from '../../base/index.ts'
import type { FactCollector } from '../fact-collector.ts'
import type { ClaimRole } from '../facts.ts'
import type { ReadRequest } from '../reader.ts'
import { ANOMALIES, type FlatAnomaly } from './anomalies.ts'
import type { FlatSchema } from './schema.ts'
import { FlatTable } from './table.ts'
import { FlatVerifier, type FlatRange } from './verify.ts'
import { Window } from './window.ts'

const HEAD = 8
/** Zeros between two structures that are taken for alignment. */
const LONGEST_GAP = 4096
/** Zeros behind the last structure that are taken for alignment. */
const LONGEST_TAIL = 64
const CODES: ReadonlySet<string> = new Set(ANOMALIES.map(({ code }) => code))

/** What to open. */
export interface FlatFormat {
  readonly schema: FlatSchema
  readonly root: string
  /** Bytes before the root offset, 0 unless told. */
  readonly at?: number
  /** Whether four bytes of identifier follow the root offset; true unless told. */
  readonly identified?: boolean
}

/** An open FlatBuffer. */
export interface OpenFlat {
  readonly root: FlatTable
  readonly window: Window
  /** Where its last structure ends. */
  readonly end: number
  /** What its structures own; `claimFlat` claims them. */
  readonly ranges: readonly FlatRange[]
  /** Whether a newer schema may explain bytes that no structure owns. */
  readonly isNewer: boolean
}

/** Verifies a FlatBuffer; undefined, and an anomaly, when it is none. @throws Fault of budget and source */
export function openFlat(
  request: ReadRequest,
  facts: FactCollector<FlatAnomaly>,
  format: FlatFormat,
): OpenFlat | undefined {
  const window = new Window(request.source)
  const at = format.at ?? 0
  let isNewer = false
  const verifier = new FlatVerifier(window, format.schema, {
    budget: request.budget,
    unknown(what) {
      isNewer = true
      facts.leaveUnread(`${what}, which this version does not know`)
    },
    misaligned: (message, offset) => facts.anomalies.add('fbf-alignment', message, { locus: 'structure', offset }),
  })
  try {
    const head = { from: at, to: at + (format.identified === false ? 4 : HEAD), role: 'magic' } as const
    const place = { name: format.root, at: verifier.verifyRoot(format.root, at) }
    const ranges = [head, ...verifier.ranges].toSorted((a, b) => a.from - b.from || a.to - b.to)
    const end = ranges.reduce((last, { to }) => Math.max(last, to), 0)
    if (window.size < alignUp(end, verifier.alignment))
      facts.anomalies.add('fbf-end', `the file ends at ${window.size}, before the last alignment`, { locus: 'file' })
    return { root: new FlatTable(window, format.schema, place), window, end, ranges, isNewer }
  } catch (thrown) {
    if (!isFault(thrown) || !CODES.has(thrown.code)) throw thrown
    const offset = thrown.details['offset']
    const place = typeof offset === 'number' ? { offset } : {}
    facts.anomalies.add(thrown.code as FlatAnomaly, thrown.message, { locus: 'structure', ...place })
    return undefined
  }
}

/** What else there is to know where the bytes of a FlatBuffer are claimed. */
export interface FlatPlace {
  /** What else lies among the structures. */
  readonly more?: readonly FlatRange[]
  /** Where the FlatBuffer begins in the file, 0 unless told. */
  readonly base?: number
}

/** Claims what the structures of a FlatBuffer own, and the alignment between them. */
export function claimFlat(flat: OpenFlat, facts: FactCollector<FlatAnomaly>, place: FlatPlace = {}): void {
  const { more = [], base = 0 } = place
  const ranges = more.length === 0 ? flat.ranges : [...flat.ranges, ...more].toSorted((a, b) => a.from - b.from)
  let claimed = ranges[0]?.from ?? 0
  for (const { from, to, role } of ranges) {
    const gap = from > claimed ? roleOfGap(flat, claimed, from) : undefined
    if (gap !== undefined) facts.claim(gap, base + claimed, base + from)
    facts.claim(role, base + from, base + to)
    claimed = Math.max(claimed, to)
  }
  const tail = base === 0 ? undefined : roleOfGap(flat, claimed, flat.window.size)
  if (tail !== undefined) facts.claim(tail, base + claimed, base + flat.window.size)
}

/** Zeros between structures are alignment; what only a newer schema explains is opaque; the rest is nobody's. */
function roleOfGap({ window, isNewer }: OpenFlat, from: number, to: number): ClaimRole | undefined {
  const isZero = to - from <= LONGEST_GAP && window.bytes(from, to - from).every((byte) => byte === 0)
  if (isZero) return to - from < HEAD ? 'metadata' : 'padding'
  return isNewer ? 'opaque' : undefined
}

/** Claims what stands behind the last structure, from `from` on: zeros, or what only a newer schema explains. */
export function claimTail({ window, isNewer }: OpenFlat, facts: FactCollector<FlatAnomaly>, from: number): void {
  const length = window.size - from
  if (length <= 0) return
  const isZero = length < LONGEST_TAIL && window.bytes(from, length).every((byte) => byte === 0)
  if (isZero) facts.claim('padding', from, window.size)
  else if (isNewer) facts.claim('opaque', from, window.size)
}
