/**
 * The witnesses of a log, by a policy file: who is asked, and how many have to agree.
 *
 * Before the log opens they are asked what they have seen of it, so that a restored copy does not begin to sign; of
 * those who do not answer nothing is concluded. One that answers later that it has seen more is asked for it, and stops
 * the log although others cosign; but only by a checkpoint that the log has signed. A checkpoint without the quorum of
 * the policy is not served.
 */
import { Fault, systemClock, toFault, type Log } from '../../base/index.ts'
import { holdsQuorum, readCheckpoint, readPolicy, verifySignatures } from '../../certificate/index.ts'
import type { Checkpoint, NoteKey, Policy } from '../../certificate/index.ts'
import {
  cosign,
  fetchWitnessed,
  nodeCryptography,
  type AskWitnesses,
  type CosignOutcome,
  type Sighting,
  type WitnessEndpoint,
} from '../../log/index.ts'
import { readBounded } from '../read-bounded.ts'

/** Bytes of a policy at most. */
const LARGEST_POLICY = 1024 * 1024

/** What a log asks of its witnesses. */
export interface Witnesses {
  readonly askWitnesses: AskWitnesses
  readonly seenByWitnesses: () => Promise<readonly Sighting[]>
}

/** Reads a policy file. @throws Fault `no-such-file`, `policy`, `vkey` */
export async function readPolicyFile(path: string): Promise<Policy> {
  return readPolicy(readBounded(path, LARGEST_POLICY), nodeCryptography)
}

function endpointsOf({ witnesses }: Policy): readonly WitnessEndpoint[] {
  return witnesses.flatMap(({ name, key, url }) => (url === undefined ? [] : [{ name, keys: [key], url }]))
}

function describe(outcome: CosignOutcome): string {
  if (outcome.kind === 'ahead') return `${outcome.witness} has seen ${outcome.size}`
  return outcome.kind === 'failed' ? `${outcome.witness}: ${outcome.why}` : `${outcome.witness} cosigned`
}

/** What a witness shows of the log, if a key of the log signed it: nobody stops a log by a number alone. */
async function readSigned(note: string, key: NoteKey): Promise<Checkpoint> {
  const checkpoint = readCheckpoint(note)
  const signed = await verifySignatures(checkpoint, [key], nodeCryptography)
  if (checkpoint.origin !== key.name || signed.length === 0)
    throw new Fault('witness', `it shows a checkpoint that the log ${key.name} did not sign`)
  return checkpoint
}

function ensureQuorum(policy: Policy, outcomes: readonly CosignOutcome[]): void {
  const cosigned = outcomes.filter(({ kind }) => kind === 'cosigned').map(({ witness }) => witness)
  if (holdsQuorum(policy.quorum, new Set(cosigned))) return
  throw new Fault('witness', `too few witnesses cosigned (${outcomes.map(describe).join('; ')})`)
}

const fetch = (url: string, init: RequestInit): Promise<Response> => globalThis.fetch(url, init)

/** Reads the policy. @param key of the log @throws Fault `no-such-file`, `policy`, `vkey` */
export async function loadWitnesses(path: string, key: NoteKey, log: Log): Promise<Witnesses> {
  const policy = await readPolicyFile(path)
  const [witnesses, sizes] = [endpointsOf(policy), new Map<string, number>()]
  const seenBy = async (witness: WitnessEndpoint): Promise<readonly Sighting[]> => {
    try {
      const note = await fetchWitnessed(witness, { origin: key.name, fetch })
      return note === undefined ? [] : [{ by: witness.name, size: Number((await readSigned(note, key)).size) }]
    } catch (thrown) {
      log.warn({ witness: witness.name, message: toFault(thrown).message }, 'log.witness-silent')
      return []
    }
  }
  return {
    askWitnesses: async ({ note, proveFrom: prove, confirmSeen }) => {
      const asked = await cosign({
        note,
        witnesses,
        sizes,
        prove,
        fetch,
        cryptography: nodeCryptography,
        now: systemClock.now(),
      })
      const ahead = new Set(asked.outcomes.filter(({ kind }) => kind === 'ahead').map(({ witness }) => witness))
      await confirmSeen((await Promise.all(witnesses.filter(({ name }) => ahead.has(name)).map(seenBy))).flat())
      ensureQuorum(policy, asked.outcomes)
      return asked.note
    },
    seenByWitnesses: async () => (await Promise.all(witnesses.map(seenBy))).flat(),
  }
}
