/**
 * Whether the operators that a model uses exist: defined by the model, or by a domain in the version that it imports;
 * and whether its functions, put in place of their calls, come to an end.
 *
 * Both are asked when all of the file is known, since imports and functions stand behind the graph.
 */
import { quoteName } from '../names.ts'
import { functionKey, sayOperator, type OnnxContext, type OperatorScope, type OperatorUse } from './context.ts'
import { isKnownDomain } from './domains.ts'
import { OPERATORS } from './operators.ts'

const MOST_NODES = 10_000_000
const DEEPEST_CALL = 100

function checkUse(context: OnnxContext, { domain, operator, place }: OperatorUse, scope: OperatorScope): void {
  const { anomalies } = context.facts
  const said = sayOperator(domain, operator)
  if (!isKnownDomain(domain)) {
    const message = `${place.locus} is ${said}, which neither ONNX nor the model defines`
    return anomalies.add('onx-custom-domain', message, place)
  }
  const known = OPERATORS.get(domain)
  if (known === undefined) return
  const version = scope.opsets.get(domain)
  if (version === undefined) {
    const message = `${place.locus} is ${said}, of a domain that ${scope.title} does not import`
    return anomalies.add('onx-opset', message, place)
  }
  const span = known.get(operator)
  if (span !== undefined && span.first <= version && version <= span.last) return
  const message = `${place.locus} is ${said}, which version ${version} of its operator set does not have`
  anomalies.add('onx-operator', message, place)
}

/** Checks every operator that is used. */
export function checkOperators(context: OnnxContext): void {
  for (const scope of [context.model, ...context.functions.values()]) {
    for (const [key, use] of scope.uses) {
      if (use.operator !== '' && !context.functions.has(key)) checkUse(context, use, scope)
    }
  }
}

/** Nodes that functions expand to, and cycles among them. */
class Expansion {
  readonly #context: OnnxContext
  readonly #sizes = new Map<string, number>()
  readonly #open = new Set<string>()

  constructor(context: OnnxContext) {
    this.#context = context
  }

  #object(code: 'onx-function-cycle' | 'onx-function-expansion', scope: OperatorScope, what: string): number {
    this.#context.facts.anomalies.add(code, `${scope.title} ${what}`, { locus: scope.title })
    return 0
  }

  sizeOf(scope: OperatorScope): number {
    let sum = 0
    for (const [key, { count }] of scope.uses) {
      const callee = this.#context.functions.get(key)
      sum += count * (callee === undefined ? 1 : this.#sizeOfCall(key, callee))
    }
    return sum
  }

  #sizeOfCall(key: string, callee: OperatorScope): number {
    const known = this.#sizes.get(key)
    if (known !== undefined) return known
    if (this.#open.has(key)) return this.#object('onx-function-cycle', callee, 'calls itself')
    if (this.#open.size >= DEEPEST_CALL)
      return this.#object('onx-function-expansion', callee, `is called deeper than ${DEEPEST_CALL} levels`)
    this.#open.add(key)
    const size = this.sizeOf(callee)
    this.#open.delete(key)
    this.#sizes.set(key, size)
    return size
  }
}

/** Checks that the functions come to an end, and to no more than ten million nodes. */
export function checkFunctions(context: OnnxContext): void {
  const expansion = new Expansion(context)
  const scopes = [context.model, ...context.functions.values()]
  const sizes = scopes.map((scope) => ({ scope, size: expansion.sizeOf(scope) }))
  const largest = sizes.find(({ size }) => size > MOST_NODES)
  if (largest === undefined) return
  const { scope, size } = largest
  const message = `${scope.title} expands to ${size.toPrecision(3)} nodes; at most ${MOST_NODES} are believed`
  context.facts.anomalies.add('onx-function-expansion', message, { locus: scope.title })
}

/** How often each operator is used, the commonest first, as metadata shows it. */
export function listOperators(context: OnnxContext): readonly string[] {
  const totals = new Map<string, { readonly use: OperatorUse; count: number }>()
  for (const scope of [context.model, ...context.functions.values()]) {
    for (const use of scope.uses.values()) {
      const key = functionKey(use.domain, use.operator, '')
      const total = totals.get(key) ?? { use, count: 0 }
      total.count += use.count
      totals.set(key, total)
    }
  }
  return [...totals.values()]
    .toSorted((a, b) => b.count - a.count)
    .map(({ use, count }) => `${quoteName(`${use.domain}::${use.operator}`).slice(1, -1)} × ${count}`)
}
