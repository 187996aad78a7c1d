/**
 * Reads a network as one protobuf message: what the readers of smaller frameworks share.
 */
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { ANOMALIES as PROTOBUF, type ProtobufAnomaly } from '../protobuf/anomalies.ts'
import type { Schema } from '../protobuf/schema.ts'
import { Walker } from '../protobuf/walker.ts'
import type { Range } from '../protobuf/wire.ts'
import type { ReadRequest } from '../reader.ts'
import { ANOMALIES, type GraphCodeAnomaly } from './anomalies.ts'

/** State of one reading. */
export interface NetworkContext {
  readonly walker: Walker<GraphCodeAnomaly>
  readonly facts: FactCollector<GraphCodeAnomaly | ProtobufAnomaly>
  /** Notes an anomaly at a place in the file. */
  readonly note: (code: GraphCodeAnomaly, message: string, place: Range & { readonly locus: string }) => void
}

/** How a format reads its message. */
export interface NetworkFormat {
  readonly format: string
  readonly schema: Schema
  readonly read: (context: NetworkContext) => void
}

const ESCAPES = /^[/\\~]|^[A-Za-z][A-Za-z\d+.-]*:|\\|(?:^|\/)\.\.(?:\/|$)|\0/

/** True when a path leads out of the folder that it is relative to. @example leavesFolder('../x') // true */
export function leavesFolder(path: string): boolean {
  return ESCAPES.test(path)
}

/** Reads a file whose whole is one message. @throws Fault `budget-…` */
export function readNetwork(request: ReadRequest, { format, schema, read }: NetworkFormat): FileFacts {
  const facts = new FactCollector<GraphCodeAnomaly | ProtobufAnomaly>(request, format, [...ANOMALIES, ...PROTOBUF])
  const walker = new Walker<GraphCodeAnomaly>(request, facts, schema)
  const context: NetworkContext = {
    walker,
    facts,
    note: (code, message, { locus, from, to }) =>
      facts.anomalies.add(code, message, { locus, offset: from, length: to - from }),
  }
  walker.walkFile(() => read(context))
  return facts.finish()
}
