/**
 * What the parts of the ONNX reader pass to one another: the walk, and what is known of the model as a whole.
 */
import { Fault } from '../../base/index.ts'
import type { AnomalyPlace } from '../anomaly-list.ts'
import type { FactCollector } from '../fact-collector.ts'
import { quoteName } from '../names.ts'
import type { ProtobufAnomaly } from '../protobuf/anomalies.ts'
import type { Range } from '../protobuf/wire.ts'
import type { Walker } from '../protobuf/walker.ts'
import type { OnnxAnomaly } from './anomalies.ts'
import { plainDomain } from './domains.ts'
import type { WeightUses } from './weight-uses.ts'

const MOST_OPERATORS = 100_000

/** What a node names as its operator. */
export interface OperatorName {
  readonly domain: string
  readonly operator: string
  readonly overload: string
}

/** How often an operator is used in a graph or a function, and where first. */
export interface OperatorUse extends OperatorName {
  readonly place: AnomalyPlace
  count: number
}

/** What a graph or function imports and uses: its operators are looked up there. */
export interface OperatorScope {
  readonly title: string
  /** Version by domain. */
  readonly opsets: Map<string, number>
  readonly uses: Map<string, OperatorUse>
}

/** A range of an external file that a tensor takes. */
export interface ExternalRange {
  readonly file: string
  readonly from: number
  readonly to: number
  readonly name: string
}

/** A range of the file, and what stands there as a person would say it. */
export interface NotedPlace extends Range {
  readonly locus: string
}

/** State of one reading. */
export interface OnnxContext {
  readonly walker: Walker<OnnxAnomaly>
  readonly facts: FactCollector<OnnxAnomaly | ProtobufAnomaly>
  /** How many containers the file lies in. */
  readonly depth: number
  readonly model: OperatorScope
  /** Functions of the model by {@link functionKey}. */
  readonly functions: Map<string, OperatorScope>
  readonly external: ExternalRange[]
  readonly weightUses: WeightUses
  /** Numbers that the report shows. */
  readonly counts: { nodes: number; tensors: number; graphs: number }
  /** Notes an anomaly at a place in the file. */
  readonly note: (code: OnnxAnomaly, message: string, place: NotedPlace) => void
}

/** Name of a function or operator, unambiguous. */
export function functionKey(domain: string, name: string, overload: string): string {
  return [plainDomain(domain), name, overload].join('\u0000')
}

/** A scope without content. */
export function makeScope(title: string): OperatorScope {
  return { title, opsets: new Map(), uses: new Map() }
}

/**
 * Adds a use of an operator; where it stands is asked only the first time.
 *
 * @throws Fault `budget-items` above 100,000 different ones
 */
export function addUse(scope: OperatorScope, name: OperatorName, placeOf: () => AnomalyPlace): void {
  const key = functionKey(name.domain, name.operator, name.overload)
  const known = scope.uses.get(key)
  if (known !== undefined) known.count += 1
  else if (scope.uses.size < MOST_OPERATORS) scope.uses.set(key, { ...name, place: placeOf(), count: 1 })
  else throw new Fault('budget-items', `more than ${MOST_OPERATORS} different operators`)
}

/** An operator as a person writes it. @example sayOperator('', 'Add') // '"ai.onnx::Add"' */
export function sayOperator(domain: string, operator: string): string {
  return quoteName(`${domain === '' ? 'ai.onnx' : domain}::${operator}`)
}
