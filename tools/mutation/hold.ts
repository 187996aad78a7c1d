/**
 * The tests that mutants are held against, by name; a mutant that gets through all that reach it has survived.
 *
 * The first eight are what the unit tests hold too, from the same tables. Of the cases, most are run by the checker's
 * `Execution` alone: the digests around it would cost ten times as much and judge nothing of the stream.
 */
import { Calls } from '../../src/formats/pickle/checker/calls.ts'
import { checkProof } from '../../src/formats/pickle/checker/index.ts'
import { Execution } from '../../src/formats/pickle/checker/execution.ts'
import { Refusal } from '../../src/formats/pickle/checker/refusal.ts'
import { analysePickle, type PickleUse } from '../../src/formats/pickle/engine/index.ts'
import { POLICIES } from '../../src/formats/pickle/policy/index.ts'
import { listGlobals, type Signature } from '../../src/formats/pickle/policy/signature.ts'
import { differingClaims } from '../../src/testing/pickle-claims.ts'
import { differingCalls, differingConstants } from '../../src/testing/pickle-constant-checks.ts'
import { differingForms } from '../../src/testing/pickle-form-checks.ts'
import { differingRefusals } from '../../src/testing/pickle-refusals.ts'
import { differingRuns } from '../../src/testing/pickle-run-checks.ts'
import { differingSchemas } from '../../src/testing/pickle-schema-checks.ts'
import { differingSemantics } from '../../src/testing/pickle-semantics-checks.ts'
import { streamRequest } from '../../src/testing/stream-request.ts'
import { contextOf, readCases, type MutationCase } from './cases.ts'

const PROVED = ['proved', 'proved-under']
const CASES = readCases()
/** Of all policies but the core, signatures count only if the proof names them. */
const SIGNATURES = new Map<string, ReadonlyMap<string, Signature>>()

function signaturesOf(ids: readonly string[]): ReadonlyMap<string, Signature> {
  const known = SIGNATURES.get(ids.join())
  if (known !== undefined) return known
  const listed = POLICIES.filter(({ id }) => ids.includes(id)).flatMap((policy) => [...listGlobals(policy)])
  const made = new Map(listed.toReversed().map(({ module, name, signature }) => [`${module} ${name}`, signature]))
  SIGNATURES.set(ids.join(), made)
  return made
}

function sorted(uses: readonly PickleUse[]): string {
  return uses
    .map(({ module, name, position, schema, count }) => JSON.stringify([module, name, position, schema, count]))
    .toSorted()
    .join()
}

function holds(bytes: Uint8Array, { torch, proof }: MutationCase): boolean {
  const execution = new Execution(bytes, new Calls(signaturesOf(proof.policies), false), contextOf(torch))
  try {
    execution.run()
    return sorted(execution.uses()) === sorted(proof.uses)
  } catch (thrown) {
    if (thrown instanceof Refusal) return false
    throw thrown
  }
}

function judgeRun(each: MutationCase): string | undefined {
  const held = holds(new Uint8Array(Buffer.from(each.hex, 'hex')), each)
  return held === each.proved ? undefined : `the checker ${held ? 'accepts' : 'refuses'} ${each.hex}`
}

function judgeProof({ hex, torch, proof, proved }: MutationCase): string | undefined {
  const bytes = new Uint8Array(Buffer.from(hex, 'hex'))
  const checked = checkProof(bytes, proof, { ...contextOf(torch), policies: POLICIES })
  return checked.holds === proved ? undefined : `the checker ${checked.holds ? 'accepts' : 'refuses'} ${hex}`
}

function judgeEngine({ hex, torch, proved }: MutationCase): string | undefined {
  const bytes = new Uint8Array(Buffer.from(hex, 'hex'))
  const { verdict } = analysePickle(streamRequest(bytes), 0, contextOf(torch))
  return PROVED.includes(verdict) === proved ? undefined : `the engine says ${verdict} of ${hex}`
}

function firstOf(judge: (each: MutationCase) => string | undefined, step: number): string | undefined {
  for (let i = 0; i < CASES.length; i += step) {
    const failure = judge(CASES[i] as MutationCase)
    if (failure !== undefined) return failure
  }
  return CASES.length === 0 ? 'there are no cases' : undefined
}

/** Every test by its name: what is wrong, or undefined. */
export const TESTS: ReadonlyMap<string, () => string | undefined> = new Map([
  ['forms', () => differingForms()[0]],
  ['constants', () => differingConstants()[0]],
  ['schemas', () => differingSchemas()[0]],
  ['semantics', () => differingSemantics()[0]],
  ['calls', () => differingCalls()[0]],
  ['opcodes', () => differingRuns()[0]],
  ['claims', () => differingClaims()[0]],
  ['refusals', () => differingRefusals()[0]],
  ['runs', () => firstOf(judgeRun, 1)],
  ['proofs', () => firstOf(judgeProof, 50)],
  ['engine', () => firstOf(judgeEngine, 5)],
])
