/**
 * Can two signed checkpoints be of one log?
 *
 * Equal sizes are compared; for others the log has to prove, out of its tiles, that the smaller is the beginning of the
 * larger. If its tiles do not even lead to the root that it signed, they are what is wrong and nothing is known of the
 * checkpoints.
 */
import { isFault, toSize } from '../../base/index.ts'
import { equalBytes, type Checkpoint } from '../../certificate/index.ts'
import { proveConsistency, rootOf, type ReadHashes } from '../merkle/prove.ts'
import { verifyConsistency } from '../merkle/verify.ts'
import { raise } from './alarm.ts'

/** A checkpoint as it was signed. */
export interface SignedCheckpoint {
  readonly note: string
  readonly checkpoint: Checkpoint
}

/** Tiles of the log at the larger of the two. */
export interface Views {
  readonly smaller: SignedCheckpoint
  readonly larger: SignedCheckpoint
  readonly read: ReadHashes
}

function splitView({ smaller, larger }: Views): never {
  const [from, to] = [smaller.checkpoint.size, larger.checkpoint.size]
  const message = from === to ? `two roots for ${from} leaves` : `the log of ${from} leaves is not in that of ${to}`
  return raise({ code: 'split-view', message, notes: [smaller.note, larger.note] })
}

async function isProven({ smaller, larger, read }: Views): Promise<boolean> {
  const [from, to] = [toSize(smaller.checkpoint.size), toSize(larger.checkpoint.size)]
  const hashes = await proveConsistency(from, to, read)
  try {
    verifyConsistency({ from, to, fromRoot: smaller.checkpoint.root, toRoot: larger.checkpoint.root, hashes })
    return true
  } catch (thrown) {
    if (isFault(thrown, 'consistency')) return false
    throw thrown
  }
}

/**
 * Returns when the two go together.
 *
 * @throws AlarmRaised `split-view` when they do not; `tiles` when the log's own tiles do not lead to its root
 */
export async function compareViews(views: Views): Promise<void> {
  const { smaller, larger, read } = views
  const [a, b] = [smaller.checkpoint, larger.checkpoint]
  if (a.size === b.size && !equalBytes(a.root, b.root)) splitView(views)
  if (a.size === b.size || a.size === 0n || (await isProven(views))) return
  const root = await rootOf(toSize(b.size), read)
  if (equalBytes(root, b.root)) splitView(views)
  raise({ code: 'tiles', message: `the tiles do not lead to the root of ${b.size} leaves`, notes: [larger.note] })
}
