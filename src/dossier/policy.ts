/**
 * A policy: data that says what evidence leads to which decision.
 *
 * A policy is a list of conditions. Each looks at one kind of thing (`over`), one at a time, with an expression in
 * the Common Expression Language; the things for which it is true are the evidence of one numbered reason. CEL has
 * no loops, no input and no output, so a policy from outside cannot do anything but decide, and its limits keep it
 * from taking long.
 *
 * Guarantee: a policy with an unknown member, a condition that does not parse or that does not give a boolean is
 * refused as a whole; a condition is never passed over in silence.
 * Source: CEL specification, `github.com/google/cel-spec`.
 */
import { Environment } from '@marcbachmann/cel-js'
import { Fault, digestOf, toFault } from '../base/index.ts'

/** What a condition looks at: each finding, file, intake problem or trace candidate, or the artefact once. */
export const CONDITION_SCOPES = ['finding', 'file', 'problem', 'candidate', 'artefact'] as const
/** See {@link CONDITION_SCOPES}. */
export type ConditionScope = (typeof CONDITION_SCOPES)[number]

/** What a condition leads to when it is true of something; `advisory` never stops a model. */
export type ConditionOutcome = 'refused' | 'held' | 'advisory'

/** One condition of a policy. */
export interface Condition {
  readonly id: string
  readonly over: ConditionScope
  /** CEL; the thing is bound under the name of its scope, beside `audit`, `trace` and `artefact`. */
  readonly when: string
  readonly outcome: ConditionOutcome
  /** For a person; says what it means and what can be done. */
  readonly message: string
}

/** See the module. */
export interface Policy {
  readonly schema: 'tidewaiter/policy/v1'
  readonly id: string
  readonly version: string
  readonly title: string
  readonly conditions: readonly Condition[]
}

/** A condition ready to be asked. */
export interface CompiledCondition extends Condition {
  ask(scope: Readonly<Record<string, unknown>>): boolean
}

/** A policy ready to be asked, with the digest of its canonical JSON. */
export interface CompiledPolicy {
  readonly policy: Policy
  readonly digest: string
  readonly conditions: readonly CompiledCondition[]
}

const OUTCOMES: readonly string[] = ['refused', 'held', 'advisory']
const POLICY_MEMBERS = ['schema', 'id', 'version', 'title', 'conditions']
const CONDITION_MEMBERS = ['id', 'over', 'when', 'outcome', 'message']

function environment(): Environment {
  const limits = { maxAstNodes: 2_000, maxDepth: 64, maxListElements: 500, maxMapEntries: 100 }
  const cel = new Environment({ unlistedVariablesAreDyn: false, limits })
  for (const name of [...CONDITION_SCOPES, 'audit', 'trace']) cel.registerVariable(name, 'dyn')
  return cel
}

function record(value: unknown, what: string, members: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Fault('bad-policy', `${what} is not an object`)
  const unknown = Object.keys(value).find((member) => !members.includes(member))
  if (unknown !== undefined) throw new Fault('bad-policy', `${what} has an unknown member "${unknown}"`)
  const missing = members.find((member) => !(member in value))
  if (missing !== undefined) throw new Fault('bad-policy', `${what} lacks "${missing}"`)
  return value as Record<string, unknown>
}

function text(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '') throw new Fault('bad-policy', `${what} is not a text`)
  return value
}

function readCondition(value: unknown, index: number): Condition {
  const raw = record(value, `condition ${index + 1}`, CONDITION_MEMBERS)
  const id = text(raw['id'], `id of condition ${index + 1}`)
  const over = text(raw['over'], `"over" of ${id}`)
  const outcome = text(raw['outcome'], `"outcome" of ${id}`)
  if (!(CONDITION_SCOPES as readonly string[]).includes(over)) {
    throw new Fault('bad-policy', `"over" of ${id} is "${over}"; it can be ${CONDITION_SCOPES.join(', ')}`)
  }
  if (!OUTCOMES.includes(outcome)) {
    throw new Fault('bad-policy', `"outcome" of ${id} is "${outcome}"; it can be ${OUTCOMES.join(', ')}`)
  }
  const when = text(raw['when'], `"when" of ${id}`)
  const message = text(raw['message'], `"message" of ${id}`)
  return { id, over: over as ConditionScope, when, outcome: outcome as ConditionOutcome, message }
}

/** Reads a policy from parsed JSON. @throws Fault `bad-policy` that names the condition and the member */
export function readPolicy(value: unknown): Policy {
  const raw = record(value, 'the policy', POLICY_MEMBERS)
  if (raw['schema'] !== 'tidewaiter/policy/v1')
    throw new Fault('bad-policy', `unknown schema "${String(raw['schema'])}"`)
  if (!Array.isArray(raw['conditions'])) throw new Fault('bad-policy', '"conditions" is not a list')
  const conditions = raw['conditions'].map(readCondition)
  const twice = conditions.find((condition, index) => conditions.findIndex(({ id }) => id === condition.id) !== index)
  if (twice !== undefined) throw new Fault('bad-policy', `condition "${twice.id}" stands twice`)
  return {
    schema: 'tidewaiter/policy/v1',
    id: text(raw['id'], '"id"'),
    version: text(raw['version'], '"version"'),
    title: text(raw['title'], '"title"'),
    conditions,
  }
}

function compileCondition(cel: Environment, condition: Condition): CompiledCondition {
  const failed = (thrown: unknown): Fault =>
    new Fault('bad-policy', `condition "${condition.id}": ${toFault(thrown).message.split('\n')[0]}`, { cause: thrown })
  let evaluate: (scope: Record<string, unknown>) => unknown
  try {
    evaluate = cel.parse(condition.when)
  } catch (thrown) {
    throw failed(thrown)
  }
  const ask = (scope: Readonly<Record<string, unknown>>): boolean => {
    let answer: unknown
    try {
      answer = evaluate({ ...scope })
    } catch (thrown) {
      throw failed(thrown)
    }
    if (typeof answer !== 'boolean') throw failed(new Error(`gives ${typeof answer}, not true or false`))
    return answer
  }
  return { ...condition, ask }
}

/** Makes a policy ready to be asked. @throws Fault `bad-policy` when a condition does not parse */
export function compilePolicy(policy: Policy): CompiledPolicy {
  const cel = environment()
  return {
    policy,
    digest: digestOf(policy),
    conditions: policy.conditions.map((condition) => compileCondition(cel, condition)),
  }
}
