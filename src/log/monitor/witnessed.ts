/**
 * Holds what a witness cosigned against what the log shows here: a log that tells two stories tells them to two people.
 */
import { isFault } from '../../base/index.ts'
import { judgeCheckpoint, readCheckpoint, type Cryptography, type Policy } from '../../certificate/index.ts'
import type { ReadHashes } from '../merkle/prove.ts'
import { AlarmRaised, type Alarm } from './alarm.ts'
import { compareViews, type SignedCheckpoint } from './compare.ts'

/** The last checkpoint that a witness cosigned. */
export interface WitnessedView {
  /** Name of the witness, for the alarm. */
  readonly witness: string
  readonly note: string
}

/** What a view is held against. */
export interface WitnessedContext {
  readonly current: SignedCheckpoint
  readonly policy: Policy
  readonly cryptography: Cryptography
  /** Milliseconds since 1970. */
  readonly now: number
  /** Tiles of the log at the current checkpoint. */
  readonly read: ReadHashes
}

/** Seconds that a log may take to publish what witnesses have cosigned. */
const GRACE = 60n
/** Faults of reading the log, which say nothing of the witness. */
const OF_THE_LOG: ReadonlySet<string> = new Set(['answer', 'tile', 'log-tile-missing'])

/** The time of the first cosignature; undefined when there is none. @throws Fault when no trusted log signed */
async function firstCosigned(view: SignedCheckpoint, context: WitnessedContext): Promise<bigint | undefined> {
  const { cosignatures } = await judgeCheckpoint(view.checkpoint, context.policy, context.cryptography)
  return cosignatures.map(({ time }) => time).toSorted((a, b) => (a < b ? -1 : 1))[0]
}

async function compare(witness: string, view: SignedCheckpoint, context: WitnessedContext): Promise<Alarm | undefined> {
  const { current, read, now } = context
  const cosigned = await firstCosigned(view, context)
  const [size, shown] = [view.checkpoint.size, current.checkpoint.size]
  if (size <= shown) {
    await compareViews({ smaller: view, larger: current, read })
    return undefined
  }
  if (cosigned !== undefined && BigInt(Math.floor(now / 1000)) - cosigned <= GRACE) return undefined
  const message = `${witness} cosigned ${size} leaves, the log shows ${shown}`
  return { code: 'withheld', message, notes: [current.note, view.note], who: witness }
}

/** What is wrong with a view, if anything; one of another log is wrong as well. */
export async function compareWitnessed(
  { witness, note }: WitnessedView,
  context: WitnessedContext,
): Promise<Alarm | undefined> {
  try {
    const checkpoint = readCheckpoint(note)
    if (checkpoint.origin !== context.current.checkpoint.origin)
      return { code: 'witness', message: `${witness} shows a checkpoint of another log`, notes: [note], who: witness }
    return await compare(witness, { note, checkpoint }, context)
  } catch (thrown) {
    if (thrown instanceof AlarmRaised) return { ...thrown.alarm, who: witness }
    if (!isFault(thrown) || OF_THE_LOG.has(thrown.code)) throw thrown
    return {
      code: 'witness',
      message: `${witness} shows what no log signed: ${thrown.message}`,
      notes: [note],
      who: witness,
    }
  }
}
