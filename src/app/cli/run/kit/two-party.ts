/**
 * The runs of `tidewaiter kit two-party`: a dealer deals, two parties join, each where its own model is.
 *
 * Messages are files in a folder that both parties see; they are the transcript. A party writes its message of a round
 * and waits for the other's.
 */
import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Fault, systemRandomness, toFault } from '../../../../base/index.ts'
import {
  dealTwoParty,
  decodeDealt,
  encodeDealt,
  MODEL_BUCKETS,
  runParty,
  sketchOfModel,
  thresholdOf,
  type Dealt,
} from '../../../../lineage/secret/index.ts'
import { openModel } from '../../../clearance/open-model.ts'
import { readSecretFile } from '../../../kits/key-files.ts'
import { writeWhole } from '../../../write-whole.ts'
import { callContext, wantsJson } from '../../call-context.ts'
import { usageFault, type CommandCall } from '../../command.ts'
import { EXIT } from '../../exit-codes.ts'
import { requireOption } from './files.ts'
import { readBounded } from '../../../read-bounded.ts'

const DEFAULT_COSINE = 0.2
const LARGEST_DEALT = 1 << 20
const LARGEST_MESSAGE = 1 << 20
const POLL_MS = 50
/** Twenty minutes. */
const MOST_POLLS = 24_000

function dealOut(call: CommandCall): number {
  const folder = requireOption(call, 'out')
  const cosine = Number(call.value('cosine') ?? DEFAULT_COSINE)
  const dealt = dealTwoParty({ length: MODEL_BUCKETS, threshold: thresholdOf(cosine) }, systemRandomness)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const paths = dealt.map((each) => join(folder, `party-${each.role}.json`))
  for (const [i, each] of dealt.entries()) writeWhole(paths[i] ?? '', encodeDealt(each), 0o600)
  const value = { schema: 'tidewaiter/two-party-terms/v1', session: dealt[0].session, cosine, paths }
  const text = `session ${value.session}\n${paths.join('\n')}\ngive each party its file, and neither the other’s`
  call.terminal.print(wantsJson(call) ? JSON.stringify(value, null, 2) : text)
  return EXIT.done
}

async function waitFor(path: string, signal: AbortSignal): Promise<string> {
  for (let poll = 0; poll < MOST_POLLS; poll++) {
    if (existsSync(path)) return Buffer.from(readBounded(path, LARGEST_MESSAGE)).toString('utf8')
    if (signal.aborted) throw new Fault('cancelled', 'the comparison was cancelled')
    await wait(POLL_MS)
  }
  throw new Fault('no-answer', `the other party has not written ${path}`)
}

/** Where messages of a session lie. */
interface Meeting {
  readonly dealt: Dealt
  readonly folder: string
  readonly signal: AbortSignal
}

async function meet(sketch: Int8Array, { dealt, folder, signal }: Meeting): Promise<boolean> {
  const place = (role: number, round: number): string =>
    join(folder, `${dealt.session.slice(0, 16)}-round-${round}-from-${role}.json`)
  const party = runParty({ dealt, sketch, randomness: systemRandomness })
  let step = party.next('')
  for (let round = 0; step.done !== true; round++) {
    const path = place(dealt.role, round)
    if (existsSync(path)) throw new Fault('session-used', `${path} is there already; a session is for one run`)
    writeWhole(path, step.value)
    step = party.next(await waitFor(place(1 - dealt.role, round), signal))
  }
  return step.value
}

/** Dealt numbers hide one run only: the file is put aside before the first message. */
function spend(path: string): void {
  try {
    renameSync(path, `${path}.used`)
  } catch (cause) {
    throw new Fault('cannot-write', `${path} cannot be put aside after use: ${toFault(cause).message}`, { cause })
  }
}

async function joinIn(call: CommandCall, ref: string): Promise<number> {
  const { terminal, signal } = call
  const key = readSecretFile(requireOption(call, 'key'))
  const folder = requireOption(call, 'out')
  const dealtFile = requireOption(call, 'dealt')
  const dealt = decodeDealt(Buffer.from(readBounded(dealtFile, LARGEST_DEALT)).toString('utf8'))
  const context = callContext(call)
  const model = await openModel(ref, { context, terminal, signal, hfCache: call.has('hf-cache'), blocks: false })
  mkdirSync(folder, { recursive: true })
  spend(dealtFile)
  const reached = await meet(sketchOfModel(model.opened, model.facts, key), { dealt, folder, signal })
  const value = {
    schema: 'tidewaiter/two-party-answer/v1',
    session: dealt.session,
    threshold: dealt.threshold,
    reached,
  }
  const text = `${reached ? 'REACHED' : 'NOT REACHED'}  the sketches of both models ${reached ? 'reach' : 'do not reach'} the threshold; this is a sign, not a verdict`
  terminal.print(wantsJson(call) ? JSON.stringify(value, null, 2) : text)
  return EXIT.done
}

/** Deals, or joins; gives the exit code. */
export async function runTwoParty(call: CommandCall): Promise<number> {
  const [action, ref] = call.positionals
  if (action === 'deal' && ref === undefined) return dealOut(call)
  if (action === 'join' && ref !== undefined) return joinIn(call, ref)
  throw usageFault('kit two-party takes deal, or join MODEL')
}
