/**
 * The checker: does a proof hold of these bytes under these policies?
 *
 * It shares the policies, which are data, with the engine and no code that judges: it has its own opcodes, stack and
 * reading of schemas, and stops at the first thing that is not as it should be. It is what a certificate cites. Simple
 * rather than fast: values are objects, and the stream lies in memory.
 */
import { createHash } from 'node:crypto'
import { digestOf } from '../../../base/index.ts'
import { listGlobals, type PicklePolicy, type Signature } from '../policy/signature.ts'
import type { PickleProof, PickleUse } from '../proof.ts'
import { Calls } from './calls.ts'
import { Execution, type CheckContext } from './execution.ts'
import { Refusal } from './refusal.ts'

export type { CheckContext } from './execution.ts'

/** What checking came to. */
export type CheckResult = { readonly holds: true } | { readonly holds: false; readonly reason: string }

function demand(holds: boolean, what: string): void {
  if (!holds) throw new Refusal(what)
}

function digestOfStream(bytes: Uint8Array, skipped: Execution['skipped']): string {
  const hash = createHash('sha256')
  let at = 0
  for (const { from, to } of skipped) {
    hash.update(bytes.subarray(at, from))
    at = to
  }
  return hash.update(bytes.subarray(at)).digest('hex')
}

function sorted(uses: readonly PickleUse[]): readonly string[] {
  return uses
    .map(({ module, name, position, schema, count }) => JSON.stringify([module, name, position, schema, count]))
    .toSorted()
}

/** The signatures of the named policies by module and name; the first that lists a name counts. */
function signaturesOf(policies: readonly PicklePolicy[]): ReadonlyMap<string, Signature> {
  const signatures = new Map<string, Signature>()
  for (const policy of policies) {
    for (const { module, name, signature } of listGlobals(policy)) {
      const key = `${module} ${name}`
      if (!signatures.has(key)) signatures.set(key, signature)
    }
  }
  return signatures
}

function check(
  bytes: Uint8Array,
  proof: PickleProof,
  context: CheckContext & { policies: readonly PicklePolicy[] },
): void {
  demand(proof.verdict === 'proved' || proof.verdict === 'proved-under', 'it says itself that nothing is proved')
  demand(proof.canonical && proof.failing === undefined, 'it contradicts itself')
  demand((proof.verdict === 'proved') === (proof.policies.length === 1), 'its verdict does not fit its policies')
  demand(proof.to - proof.from === bytes.length, 'it is of a stream of another length')
  const policies = context.policies.filter(({ id }) => proof.policies.includes(id))
  demand(policies.length === proof.policies.length && policies[0]?.id === 'core', 'it names a policy that is not there')
  demand(digestOf(policies) === proof.policyDigest, 'the policies are not those of the proof')
  const execution = new Execution(bytes, new Calls(signaturesOf(policies), context.names === 'torchscript'), context)
  execution.run()
  demand(digestOfStream(bytes, execution.skipped) === proof.sha256, 'the stream is not that of the proof')
  demand(sorted(execution.uses()).join('\n') === sorted(proof.uses).join('\n'), 'the stream uses other than it says')
}

/** Checks a proof of the stream that these bytes are, [from, to) of its file. Never throws for what they say. */
export function checkProof(
  bytes: Uint8Array,
  proof: PickleProof,
  context: CheckContext & { readonly policies: readonly PicklePolicy[] },
): CheckResult {
  try {
    check(bytes, proof, context)
    return { holds: true }
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown
    return { holds: false, reason: thrown.message }
  }
}
