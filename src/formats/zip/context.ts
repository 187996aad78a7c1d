/**
 * What all parts of the zip reader share.
 */
import type { ByteSource } from '../byte-source.ts'
import type { FactCollector } from '../fact-collector.ts'
import type { ReadRequest } from '../reader.ts'
import type { ZipAnomaly } from './anomalies.ts'

/** Where something was seen: the archive as a whole unless a member is named. */
export interface ZipPlace {
  /** Name of the member as it may stand in a message. */
  readonly member?: string
  readonly offset?: number
  readonly length?: number
}

/** See the module. */
export interface ZipContext {
  readonly request: ReadRequest
  readonly source: ByteSource
  readonly facts: FactCollector<ZipAnomaly>
  /** Bytes before the archive that belong to something else. */
  readonly prefix: number
  readonly note: (code: ZipAnomaly, message: string, place: ZipPlace) => void
}

/** A context that notes into `facts`. */
export function makeContext(request: ReadRequest, facts: FactCollector<ZipAnomaly>, prefix: number): ZipContext {
  return {
    request,
    prefix,
    source: request.source,
    facts,
    note: (code, message, { member, ...place }) => {
      const locus = member === undefined ? 'archive' : `member ${member}`
      facts.anomalies.add(code, member === undefined ? message : `${member}: ${message}`, { locus, ...place })
    },
  }
}
