/**
 * What the parts of the TensorFlow reader pass to one another: the walk, and what is known of all graphs of the file.
 */
import type { FactCollector } from '../fact-collector.ts'
import type { ProtobufAnomaly } from '../protobuf/anomalies.ts'
import type { Walker } from '../protobuf/walker.ts'
import type { Range } from '../protobuf/wire.ts'
import type { GraphAnomaly } from './anomalies.ts'

/** A node as far as it matters for what runs when. */
export interface NodeFact {
  readonly operator: string
  readonly inputs: readonly string[]
  /** Functions that its attributes name. */
  readonly calls: readonly string[]
}

/** Where a graph stands: the graph of the model, the body of a function, or a value that holds a graph. */
export interface GraphScope {
  readonly kind: 'graph' | 'function' | 'nested'
  readonly title: string
  /** Nodes by name; of the graph of the model and of functions. */
  readonly nodes: Map<string, NodeFact>
  /** What names of tensors begin with, so that those of different functions differ. */
  readonly prefix: string
  /** Values that hold graphs, one within the other. */
  readonly level: number
}

/** How often an operator is used, and where first. */
export interface OperatorUse {
  readonly locus: string
  readonly from: number
  readonly to: number
  count: number
}

/** State of one reading. */
export interface GraphContext {
  readonly walker: Walker<GraphAnomaly>
  readonly facts: FactCollector<GraphAnomaly | ProtobufAnomaly>
  readonly uses: Map<string, OperatorUse>
  readonly functions: Map<string, GraphScope>
  /** Names of operators that gradients and functions of the file register themselves. */
  readonly own: Set<string>
  readonly counts: { nodes: number; tensors: number }
  /** Notes an anomaly at a place in the file. */
  readonly note: (code: GraphAnomaly, message: string, place: NotedPlace) => void
}

/** A range of the file, and what stands there as a person would say it. */
export interface NotedPlace extends Range {
  readonly locus: string
}

/** Most nodes that are held; the analysis of what runs at loading ends there. */
export const MOST_NODES = 300_000
