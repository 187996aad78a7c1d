/**
 * A checkpoint before a policy: is it of a trusted log, and did enough witnesses see it?
 */
import { Fault } from '../../base/index.ts'
import type { Checkpoint } from '../checkpoint.ts'
import type { Cryptography } from '../cryptography.ts'
import { verifySignatures } from './note-signatures.ts'
import { holdsQuorum, type Policy } from './policy.ts'

/** A witness that cosigned. */
export interface Cosignature {
  /** Name in the policy. */
  readonly name: string
  /** Seconds since 1970. */
  readonly time: bigint
}

/** What a policy says about a checkpoint that a trusted log signed. */
export interface CheckpointJudgement {
  /** True when the cosignatures are enough. */
  readonly quorum: boolean
  /** The witnesses of the policy that cosigned, each once. */
  readonly cosignatures: readonly Cosignature[]
}

/**
 * Judges a checkpoint. Whether the quorum is there is an answer; that the log did not sign is a fault.
 *
 * @throws Fault `policy-log` when no log of the policy has this origin and signed; `note-signature`, `cosignature`
 */
export async function judgeCheckpoint(
  checkpoint: Checkpoint,
  policy: Policy,
  cryptography: Cryptography,
): Promise<CheckpointJudgement> {
  const logKeys = policy.logs.map(({ key }) => key).filter(({ name }) => name === checkpoint.origin)
  const signed = await verifySignatures(checkpoint, logKeys, cryptography)
  if (signed.length === 0)
    throw new Fault('policy-log', `no trusted log signed this checkpoint of "${checkpoint.origin.slice(0, 100)}"`)
  const witnessKeys = policy.witnesses.map(({ key }) => key)
  const seen = await verifySignatures(checkpoint, witnessKeys, cryptography)
  const cosignatures = policy.witnesses.flatMap(({ name, key }) => {
    const found = seen.find((signature) => signature.key === key)
    return found === undefined ? [] : [{ name, time: found.time ?? 0n }]
  })
  const quorum = holdsQuorum(policy.quorum, new Set(cosignatures.map(({ name }) => name)))
  return { quorum, cosignatures }
}
