/**
 * What a witness does with a checkpoint whose signature holds: the decision alone, without state, keys or network.
 *
 * Guarantee: of the checkpoints of one log that are accepted one after another, each is the beginning of the next.
 *
 * Source: C2SP tlog-witness 1.0.0, `add-checkpoint`.
 */
import { isFault, toSize } from '../../base/index.ts'
import { equalBytes, type Checkpoint } from '../../certificate/index.ts'
import { EMPTY_ROOT } from '../merkle/hash.ts'
import { verifyConsistency } from '../merkle/verify.ts'
import type { AddCheckpoint } from './request.ts'

/** Accept, or the status of the refusal and why; with 409 the size that is known. */
export type WitnessDecision =
  | { readonly kind: 'accept' }
  | { readonly kind: 'refuse'; readonly status: 400 | 422; readonly why: string }
  | { readonly kind: 'conflict'; readonly size: bigint; readonly fork: boolean }

/** What is known of a log. */
export type Known = Pick<Checkpoint, 'size' | 'root'>

const UNKNOWN: Known = { size: 0n, root: EMPTY_ROOT }

function isConsistent(known: Known, { hashes, checkpoint }: AddCheckpoint): boolean {
  const { size, root } = checkpoint
  if (known.size === 0n) return hashes.length === 0 && (size > 0n || equalBytes(root, EMPTY_ROOT))
  try {
    const [from, to] = [toSize(known.size), toSize(size)]
    verifyConsistency({ from, to, fromRoot: known.root, toRoot: root, hashes })
    return true
  } catch (thrown) {
    if (isFault(thrown)) return false
    throw thrown
  }
}

/** Decides on a request; `known` is the last checkpoint that was cosigned for its origin. */
export function decide(request: AddCheckpoint, known: Known = UNKNOWN): WitnessDecision {
  const { old, hashes, checkpoint } = request
  if (old > checkpoint.size)
    return { kind: 'refuse', status: 400, why: `old size ${old} is above the size ${checkpoint.size}` }
  if (old !== known.size) return { kind: 'conflict', size: known.size, fork: false }
  const same = checkpoint.size === known.size
  if (same && known.size > 0n && !equalBytes(checkpoint.root, known.root))
    return { kind: 'conflict', size: known.size, fork: true }
  if (!isConsistent(known, request))
    return { kind: 'refuse', status: 422, why: `${hashes.length} hashes do not lead from ${old} to ${checkpoint.size}` }
  return { kind: 'accept' }
}
