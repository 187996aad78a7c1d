/**
 * Status lists from the log, and a list held against it.
 *
 * Whoever signs the list and whoever watches over it compute it with this one function from the leaves up to the
 * checkpoint that the list names, at the time of its issue. Any other bit is an alarm.
 */
import { Fault } from '../../base/index.ts'
import type { Docket } from '../docket/docket.ts'
import { StatusBits, type Status } from './bitstring.ts'
import { listStatuses } from './lifecycle.ts'

/** Which list, of which state of the log. */
export interface ListScope {
  readonly list: string
  readonly entries: number
  /** Leaves of the log that count: those before this one. */
  readonly size: number
  /** ms since 1970. */
  readonly at: number
}

/** From best to worst; where two certificates share an index by mistake, the worse shows. */
const SEVERITY: readonly Status[] = ['valid', 'superseded', 'suspended', 'revoked']

function worse(one: Status, other: Status): Status {
  return SEVERITY.indexOf(one) > SEVERITY.indexOf(other) ? one : other
}

/** The bits that a list has to have. Places outside the list are passed over. @throws Fault `status-entries` */
export function recomputeStatusList(dockets: Iterable<Docket>, { list, entries, size, at }: ListScope): StatusBits {
  const bits = new StatusBits(entries)
  for (const docket of dockets) {
    const known = { ...docket, entries: docket.entries.filter(({ index }) => index < size) }
    for (const { certificate, status } of listStatuses(known, at)) {
      const place = certificate.leaf.statusIndex
      if (place?.list !== list || place.index >= entries) continue
      bits.set(place.index, worse(status, bits.get(place.index)))
    }
  }
  return bits
}

/** A bit that is not what the log says. */
export interface StatusDifference {
  readonly index: number
  readonly stated: Status
  readonly logged: Status
}

/** Differences that are told at most; the number of all is told beside them. */
const MAX_TOLD = 100

/** Where a list and the log differ: the first hundred, and how many there are. @throws Fault `status-entries` when the lengths differ */
export function compareStatusLists(
  stated: StatusBits,
  logged: StatusBits,
): { readonly count: number; readonly differences: readonly StatusDifference[] } {
  if (stated.entries !== logged.entries)
    throw new Fault('status-entries', `lists of ${stated.entries} and ${logged.entries} entries cannot be compared`)
  const differences: StatusDifference[] = []
  let count = 0
  stated.bytes.forEach((byte, at) => {
    if (byte === logged.bytes[at]) return
    for (let index = 4 * at; index < 4 * at + 4; index++) {
      const [one, other] = [stated.get(index), logged.get(index)]
      if (one === other) continue
      count++
      if (count <= MAX_TOLD) differences.push({ index, stated: one, logged: other })
    }
  })
  return { count, differences }
}
