/**
 * The witnesses of a log, by a policy file: who is asked, and how many have to agree.
 *
 * Before the log opens they are asked what they have seen of it, so that a restored copy does not begin to sign; of
 * those who do not answer nothing is concluded. A checkpoint without the quorum of the policy is not served.
 */
import { readFileSync } from 'node:fs'
import { Fault, systemClock, toFault, type Log } from '../../base/index.ts'
import { holdsQuorum, readCheckpoint, readPolicy, type Policy } from '../../certificate/index.ts'
import {
  cosign,
  fetchWitnessed,
  nodeCryptography,
  type AskWitnesses,
  type CosignOutcome,
  type Sighting,
  type WitnessEndpoint,
} from '../../log/index.ts'

/** What a log asks of its witnesses. */
export interface Witnesses {
  readonly askWitnesses: AskWitnesses
  readonly seenByWitnesses: () => Promise<readonly Sighting[]>
}

function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new Fault('no-such-file', `the policy ${path} cannot be read: ${toFault(cause).message}`, { cause })
  }
}

function endpointsOf({ witnesses }: Policy): readonly WitnessEndpoint[] {
  return witnesses.flatMap(({ name, key, url }) => (url === undefined ? [] : [{ name, keys: [key], url }]))
}

function describe(outcome: CosignOutcome): string {
  if (outcome.kind === 'ahead') return `${outcome.witness} has seen ${outcome.size}`
  return outcome.kind === 'failed' ? `${outcome.witness}: ${outcome.why}` : `${outcome.witness} cosigned`
}

function ensureQuorum(policy: Policy, outcomes: readonly CosignOutcome[]): void {
  const cosigned = outcomes.filter(({ kind }) => kind === 'cosigned').map(({ witness }) => witness)
  if (holdsQuorum(policy.quorum, new Set(cosigned))) return
  throw new Fault('witness', `too few witnesses cosigned (${outcomes.map(describe).join('; ')})`)
}

const fetch = (url: string, init: RequestInit): Promise<Response> => globalThis.fetch(url, init)

/** Reads the policy. @throws Fault `no-such-file`, `policy`, `vkey` */
export async function loadWitnesses(path: string, origin: string, log: Log): Promise<Witnesses> {
  const policy = await readPolicy(readFile(path), nodeCryptography)
  const [witnesses, sizes] = [endpointsOf(policy), new Map<string, number>()]
  const seenBy = async (witness: WitnessEndpoint): Promise<readonly Sighting[]> => {
    try {
      const note = await fetchWitnessed(witness, { origin, fetch })
      return note === undefined ? [] : [{ by: witness.name, size: Number(readCheckpoint(note).size) }]
    } catch (thrown) {
      log.warn({ witness: witness.name, message: toFault(thrown).message }, 'log.witness-silent')
      return []
    }
  }
  return {
    askWitnesses: async ({ note, proveFrom: prove }) => {
      const asked = await cosign({
        note,
        witnesses,
        sizes,
        prove,
        fetch,
        cryptography: nodeCryptography,
        now: systemClock.now(),
      })
      ensureQuorum(policy, asked.outcomes)
      return asked.note
    },
    seenByWitnesses: async () => (await Promise.all(witnesses.map(seenBy))).flat(),
  }
}
