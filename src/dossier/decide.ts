/**
 * The decision: a policy asked about the evidence.
 *
 * Reasons are numbered in the order of weight (what refuses, what holds, what is to be known), within it in the order
 * of the policy. The decision is the heaviest reason; without a reason the model is cleared.
 *
 * Guarantee: whatever the policy says, an artefact with a file that was not read in full is never cleared, one with a
 * defect of grade dangerous never leaves the red channel, and the same evidence under the same policy gives the same
 * bytes.
 */
import type { Artefact } from '../artefact/index.ts'
import type { AuditedFile, AuditReport } from '../audit/index.ts'
import type { Channel, Decision, DecisionKind, Reason, TraceReport } from './dossier.ts'
import type { CompiledCondition, CompiledPolicy, ConditionOutcome, ConditionScope } from './policy.ts'

/** What a decision rests on. */
export interface Evidence {
  readonly artefact: Artefact
  readonly audit: AuditReport
  readonly trace: TraceReport
}

type Draft = Omit<Reason, 'number'>

const WEIGHT: Readonly<Record<DecisionKind, number>> = { refused: 0, held: 1, 'cleared-with-advisories': 2, cleared: 3 }
const CHANNEL: Readonly<Record<DecisionKind, Channel>> = {
  refused: 'red',
  held: 'amber',
  'cleared-with-advisories': 'amber',
  cleared: 'green',
}
const KIND: Readonly<Record<ConditionOutcome, DecisionKind>> = {
  refused: 'refused',
  held: 'held',
  advisory: 'cleared-with-advisories',
}

interface Thing {
  readonly value: unknown
  /** How the thing is named as evidence. */
  readonly name: string
}

/** The policies of libraries that a file is proved under, for a person. */
function nameUnder({ under = [] }: AuditedFile): string {
  return under.map(({ policy, versions }) => `, ${policy}: ${versions}`).join('')
}

function thingsOf(scope: ConditionScope, { artefact, audit, trace }: Evidence): readonly Thing[] {
  switch (scope) {
    case 'finding':
      return audit.findings.map((value) => ({ value, name: `${value.rule} ${value.path}: ${value.message}` }))
    case 'file':
      return audit.files.map((value) => ({ value, name: `${value.path} (${value.format})${nameUnder(value)}` }))
    case 'problem':
      return artefact.problems.map((value) => ({ value, name: `${value.path}: ${value.message}` }))
    case 'candidate':
      return trace.candidates.map((value) => ({
        value,
        name: `${value.artefact.ref}: ${value.comparison.verdict}, log10 p ≤ ${value.comparison.log10p.toFixed(1)}`,
      }))
    case 'artefact':
      return [{ value: artefact, name: artefact.id }]
  }
}

function ask(condition: CompiledCondition, evidence: Evidence): readonly Draft[] {
  const met = thingsOf(condition.over, evidence).filter(({ value }) =>
    condition.ask({
      artefact: evidence.artefact,
      audit: evidence.audit,
      trace: evidence.trace,
      [condition.over]: value,
    }),
  )
  if (met.length === 0) return []
  const { id, message, outcome } = condition
  return [{ condition: id, outcome: KIND[outcome], message, evidence: [...new Set(met.map(({ name }) => name))] }]
}

/** Rules that no policy can switch off; see the guarantee of the module. */
function standingReasons(evidence: Evidence, drafts: readonly Draft[]): readonly Draft[] {
  const stopped = (least: DecisionKind): boolean => drafts.some(({ outcome }) => WEIGHT[outcome] <= WEIGHT[least])
  const unread = evidence.audit.files.filter(({ verdict, own }) => verdict === 'inconclusive' && own === undefined)
  const dangerous = evidence.audit.findings.filter(({ grade }) => grade === 'dangerous')
  const reasons: Draft[] = []
  if (dangerous.length > 0 && !stopped('refused')) {
    const names = dangerous.map(({ rule, path }) => `${rule} ${path}`)
    reasons.push({
      condition: 'standing:dangerous',
      outcome: 'refused',
      message: 'A dangerous defect is never let through.',
      evidence: names,
    })
  }
  if ((unread.length > 0 || evidence.audit.verdict === 'inconclusive') && !stopped('held')) {
    const names = unread.map(({ path, format }) => `${path} (${format})`)
    reasons.push({
      condition: 'standing:unread',
      outcome: 'held',
      message: 'What was not read in full is never cleared.',
      evidence: names,
    })
  }
  return reasons
}

/**
 * Decides. Never throws for what the evidence says.
 *
 * @throws Fault `bad-policy` when a condition cannot be evaluated on this evidence
 */
export function decide(evidence: Evidence, { policy, digest, conditions }: CompiledPolicy): Decision {
  const asked = conditions.flatMap((condition) => ask(condition, evidence))
  const drafts = [...standingReasons(evidence, asked), ...asked]
  const reasons = drafts
    .toSorted((a, b) => WEIGHT[a.outcome] - WEIGHT[b.outcome])
    .map((draft, index) => ({ number: index + 1, ...draft }))
  const decision = reasons[0]?.outcome ?? 'cleared'
  return { decision, channel: CHANNEL[decision], reasons, policy: { id: policy.id, version: policy.version, digest } }
}
