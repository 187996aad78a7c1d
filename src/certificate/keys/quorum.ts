/**
 * Acts that bite take several: so many signatures, of distinct keys, of distinct units, over the same bytes.
 *
 * Seizing, banning and prosecuting are decided by a quorum that the keyring names. What has fewer voices is a proposal,
 * which is a value and never an act; one signature alone, however good, is a proposal too. A document with a signature
 * that does not belong there is refused whole: bad, unknown, of the wrong role, of a key or unit that spoke already.
 * Nobody can then reach a number by repetition, and no rogue hides among the good.
 *
 * Each signature is judged at its own trusted time, because signers sign one after another.
 */
import { Fault } from '../../base/index.ts'
import type { Cryptography } from '../cryptography.ts'
import { IN_TOTO_PAYLOAD, preAuthEncoding } from '../dsse.ts'
import { readPublicKey } from '../public-key.ts'
import { readStatement, type StatementRead } from '../statement.ts'
import { BITING_DECISIONS, decisionOf } from './biting.ts'
import type { JointSignature, JointStatement } from './joint-statement.ts'
import type { Keyring, KeyringKey, QuorumRule } from './keyring.ts'
import { mayIssue } from './may-issue.ts'

/** What a joint statement amounts to. */
export interface QuorumAnswer {
  /** `act` when the quorum is reached; `proposal` when voices are missing. */
  readonly kind: 'act' | 'proposal'
  readonly decision: string
  /** Units whose signatures count, in the order of the document. */
  readonly units: readonly string[]
  readonly threshold: number
  readonly statement: StatementRead
}

/** What a quorum is counted with. */
export interface QuorumContext {
  readonly keyring: Keyring
  /** Trusted time of each signature by key id, ms since 1970; from the bundle of that signer. */
  readonly times: ReadonlyMap<string, number>
  /** ms since 1970. */
  readonly now: number
  readonly cryptography: Cryptography
}

/** True when a statement decides what one signature alone cannot. */
export function needsQuorum(statement: StatementRead, { quorums }: Keyring): boolean {
  const decision = decisionOf(statement) ?? ''
  return BITING_DECISIONS.includes(decision) || quorums.some((rule) => rule.decision === decision)
}

function findRule(statement: StatementRead, { quorums }: Keyring): QuorumRule {
  const decision = decisionOf(statement)
  const rule = quorums.find((one) => one.decision === decision)
  if (rule === undefined)
    throw new Fault(
      'quorum-rule',
      `the keyring has no quorum for ${JSON.stringify(decision?.slice(0, 100) ?? 'a statement without decision')}`,
    )
  return rule
}

interface Voice extends JointSignature {
  readonly key: KeyringKey
  readonly unit: string
}

function identify(signature: JointSignature, predicateType: string, context: QuorumContext): Voice {
  const { keyId } = signature
  const answer = mayIssue(context.keyring, { keyId, predicateType, at: context.times.get(keyId), now: context.now })
  if (!answer.allowed) throw new Fault(`quorum-${answer.reason}`, answer.message)
  const { key } = answer
  if (key.unit === undefined) throw new Fault('quorum-role', `the key ${keyId} of a ${key.role} belongs to no unit`)
  return { ...signature, key, unit: key.unit }
}

function refuseRepetition(voices: readonly Voice[]): void {
  for (const [index, { keyId, unit }] of voices.entries()) {
    const before = voices.slice(0, index)
    if (before.some((voice) => voice.keyId === keyId))
      throw new Fault('quorum-key', `the key ${keyId} signed twice; a quorum counts distinct keys`)
    const other = before.find((voice) => voice.unit === unit)
    if (other !== undefined)
      throw new Fault('quorum-unit', `the keys ${other.keyId} and ${keyId} are both of ${unit}; a unit is one voice`)
  }
}

/**
 * Counts the voices of a joint statement.
 *
 * @throws Fault `quorum-rule`, `quorum-key`, `quorum-unit`, `quorum-role`, `quorum-signature`, `quorum-` and a reason of
 * `mayIssue`, and those of {@link readStatement}
 */
export async function countQuorum(joint: JointStatement, context: QuorumContext): Promise<QuorumAnswer> {
  const statement = readStatement(joint.payload)
  const rule = findRule(statement, context.keyring)
  const voices = joint.signatures.map((signature) => identify(signature, statement.predicateType, context))
  refuseRepetition(voices)
  const signed = preAuthEncoding(IN_TOTO_PAYLOAD, joint.payload)
  for (const { key, rawSignature } of voices) {
    if (!rule.roles.includes(key.role))
      throw new Fault('quorum-role', `the key ${key.keyId} of a ${key.role} has no voice in "${rule.decision}"`)
    const { point } = readPublicKey(key.publicKeyPem)
    if (!(await context.cryptography.verifyP256(point, rawSignature, signed)))
      throw new Fault('quorum-signature', `the key ${key.keyId} did not sign these ${joint.payload.length} bytes`)
  }
  const units = voices.map(({ unit }) => unit)
  const kind = units.length >= rule.threshold ? 'act' : 'proposal'
  return { kind, decision: rule.decision, units, threshold: rule.threshold, statement }
}
