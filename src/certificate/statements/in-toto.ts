/**
 * What an MOT result or a clearance says, in predicates that everybody's policy engine knows.
 *
 * A Simple Verification Result lists only what was passed, so a refusal, a hold or a failed test has none; a test result
 * is there for each. They are copies for convenience: the docket, the replies and the status belong to the original.
 *
 * Source: in-toto attestation, predicates svr v0.2 (`verifier.policies` is required, empty when there are none; only
 * passing properties) and test-result v0.1 (`result` and `configuration` are required).
 */
import { PASSES } from './granted.ts'
import type { MotResult } from './types/mot-result.ts'
import type { AppliedPolicy } from './types/common.ts'
import type { Clearance } from './types/clearance.ts'

const SVR_TYPE = 'https://in-toto.io/attestation/svr/v0.2'
const TEST_RESULT_TYPE = 'https://in-toto.io/attestation/test-result/v0.1'

/** ResourceDescriptor of a policy or suite. */
export interface Configuration {
  readonly name: string
  readonly uri?: string
  readonly digest: { readonly sha256: string }
}

/** Predicate of svr v0.2. */
export interface SimpleVerificationResult {
  readonly verifier: { readonly id: string; readonly policies: readonly Configuration[] }
  /** RFC 3339. */
  readonly timeCreated: string
  /** At least one; each begins with `TIDEWAITER_`. */
  readonly properties: readonly string[]
}

/** Predicate of test-result v0.1. */
export interface TestResult {
  readonly result: 'PASSED' | 'WARNED' | 'FAILED'
  readonly configuration: readonly Configuration[]
  readonly passedTests: readonly string[]
  readonly warnedTests: readonly string[]
  readonly failedTests: readonly string[]
}

/** A predicate with its type, to be put into a statement about the same subject. */
export interface Exported<Predicate> {
  readonly predicateType: string
  readonly predicate: Predicate
}

/** What can be exported. */
export type Exportable =
  | { readonly kind: 'mot-result'; readonly content: MotResult }
  | { readonly kind: 'clearance'; readonly content: Clearance }

function configure({ id, version, digest, uri }: AppliedPolicy): Configuration {
  return { name: `${id}@${version}`, digest: { sha256: digest }, ...(uri === undefined ? {} : { uri }) }
}

function propertiesOfMot({ result, expiresOn }: MotResult): readonly string[] {
  if (!PASSES.has(result)) return []
  const grade = result === 'pass' ? [] : ['TIDEWAITER_MOT_ADVISORIES']
  return ['TIDEWAITER_MOT_PASSED', ...grade, `TIDEWAITER_MOT_VALID_UNTIL_${expiresOn}`]
}

function propertiesOfClearance({ decision, expiresOn, validTo = expiresOn, ...rest }: Clearance): readonly string[] {
  if (decision !== 'cleared' && decision !== 'cleared-with-advisories') return []
  const isBound = (rest.conditions ?? []).length > 0 || rest.scope !== undefined || rest.validFrom !== undefined
  const last = validTo < expiresOn ? validTo : expiresOn
  const grade = decision === 'cleared' ? [] : ['TIDEWAITER_ADVISORIES']
  return [
    isBound ? 'TIDEWAITER_CLEARED_CONDITIONALLY' : 'TIDEWAITER_CLEARED',
    ...grade,
    `TIDEWAITER_VALID_UNTIL_${last}`,
  ]
}

/**
 * The passing properties; undefined when nothing was passed.
 *
 * @param verifierId URI of whoever issued the original, with the version of its rules
 */
export function exportSvr(
  { kind, content }: Exportable,
  verifierId: string,
): Exported<SimpleVerificationResult> | undefined {
  const properties = kind === 'mot-result' ? propertiesOfMot(content) : propertiesOfClearance(content)
  if (properties.length === 0) return undefined
  const timeCreated = kind === 'mot-result' ? content.testedAt : content.issuedAt
  const verifier = { id: verifierId, policies: [configure(content.policy)] }
  return { predicateType: SVR_TYPE, predicate: { verifier, timeCreated, properties } }
}

function exportMot({ result, passedTests, warnedTests, failedTests, policy }: MotResult): TestResult {
  const word = result === 'pass' ? 'PASSED' : result === 'pass-with-advisories' ? 'WARNED' : 'FAILED'
  return { result: word, configuration: [configure(policy)], passedTests, warnedTests, failedTests }
}

function exportClearance({ decision, reasons, policy }: Clearance): TestResult {
  const isCleared = decision === 'cleared' || decision === 'cleared-with-advisories'
  const met = (isFailure: boolean): readonly string[] => {
    const those = reasons.filter(({ outcome }) => isFailure === (outcome === 'held' || outcome === 'refused'))
    return [...new Set(those.map(({ condition }) => condition))]
  }
  return {
    result: isCleared ? (decision === 'cleared' ? 'PASSED' : 'WARNED') : 'FAILED',
    configuration: [configure(policy)],
    passedTests: [],
    warnedTests: met(false),
    failedTests: met(true),
  }
}

/** The same as a test result; whatever is not a pass is FAILED, an abandoned test included. */
export function exportTestResult({ kind, content }: Exportable): Exported<TestResult> {
  const predicate = kind === 'mot-result' ? exportMot(content) : exportClearance(content)
  return { predicateType: TEST_RESULT_TYPE, predicate }
}
