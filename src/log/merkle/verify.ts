/**
 * Is a leaf in a tree, and is one tree the beginning of another?
 *
 * Inclusion is verified by the code of the public verifier; consistency is needed by witnesses and monitors only and is
 * verified here. A proof that is longer or shorter than the sizes demand is refused like a wrong one.
 *
 * Source: RFC 9162 section 2.1.4.2; draft-ietf-plants-merkle-tree-certs section 4.4.3.
 */
import { Fault } from '../../base/index.ts'
import { equalBytes, rootOfProof } from '../../certificate/index.ts'
import { nodeCryptography } from '../notes/node-cryptography.ts'
import { EMPTY_ROOT, HASH_LENGTH, hashNode } from './hash.ts'
import { isSubtree, type Range } from './subtrees.ts'

/** A leaf, its place, and the hashes that are said to lead to the root. */
export interface InclusionClaim {
  readonly leafHash: Uint8Array
  readonly index: number
  readonly size: number
  readonly root: Uint8Array
  readonly hashes: readonly Uint8Array[]
}

/** Like {@link InclusionClaim}, for a subtree: `index` is that of the log. */
export interface SubtreeInclusionClaim extends Omit<InclusionClaim, 'size'> {
  readonly within: Range
}

/** Two sizes of one log, their roots, and the hashes that are said to show that nothing was changed. */
export interface ConsistencyClaim {
  readonly from: number
  readonly to: number
  readonly fromRoot: Uint8Array
  readonly toRoot: Uint8Array
  readonly hashes: readonly Uint8Array[]
}

/** A part of a log, the log at a size, and the hashes that are said to show that the part is of it. */
export interface SubtreeConsistencyClaim {
  readonly part: Range
  readonly size: number
  readonly partRoot: Uint8Array
  readonly root: Uint8Array
  readonly hashes: readonly Uint8Array[]
}

/** @throws Fault `inclusion` unless the leaf is proven to be in the subtree */
export async function verifySubtreeInclusion(claim: SubtreeInclusionClaim): Promise<void> {
  const { leafHash, index, within, root, hashes } = claim
  if (!isSubtree(within)) throw new Fault('inclusion', `leaves ${within.start} to ${within.end} are no subtree`)
  if (!Number.isSafeInteger(index)) throw new Fault('inclusion', `the index ${index} is not a whole number below 2^53`)
  const place = { index: BigInt(index - within.start), size: BigInt(within.end - within.start) }
  const reached = await rootOfProof(leafHash, { ...place, hashes }, nodeCryptography)
  if (!equalBytes(reached, root)) throw new Fault('inclusion', `the proof does not lead from leaf ${index} to the root`)
}

/** @throws Fault `inclusion` unless the leaf is proven to be in the tree */
export async function verifyInclusion({ size, ...claim }: InclusionClaim): Promise<void> {
  await verifySubtreeInclusion({ ...claim, within: { start: 0, end: size } })
}

function refuse(message: string): never {
  throw new Fault('consistency', message)
}

const isOdd = (value: number): boolean => value % 2 === 1
const halve = (value: number): number => Math.floor(value / 2)

/** The path from the part to the root: number of its first leaf, its last leaf, and the last leaf of the tree. */
class Path {
  first: number
  last: number
  end: number

  constructor({ start, end }: Range, size: number) {
    ;[this.first, this.last, this.end] = [start, end - 1, size - 1]
  }

  up(): void {
    ;[this.first, this.last, this.end] = [halve(this.first), halve(this.last), halve(this.end)]
  }

  /** Climbs to the complete subtree at the right edge of the part, whose hash is the first of the proof. */
  climbToEdge(): void {
    const whole = this.last === this.end
    while (this.first !== this.last && (whole || isOdd(this.last))) this.up()
  }

  /** Climbs past the levels on which the part has no brother to its left. */
  climbPastEdge(): void {
    while (this.last !== 0 && !isOdd(this.last)) this.up()
  }
}

/** Roots of part and tree that the proof leads to. */
function climb(path: Path, seed: Uint8Array, hashes: readonly Uint8Array[]): readonly [Uint8Array, Uint8Array] {
  let [part, whole] = [seed, seed]
  for (const hash of hashes) {
    if (path.end === 0) refuse('the consistency proof is too long for the sizes')
    if (isOdd(path.last) || path.last === path.end) {
      if (path.first < path.last) part = hashNode(hash, part)
      whole = hashNode(hash, whole)
      path.climbPastEdge()
    } else {
      whole = hashNode(whole, hash)
    }
    path.up()
  }
  if (path.end !== 0) refuse('the consistency proof is too short for the sizes')
  return [part, whole]
}

function checkForm({ part, size, partRoot, hashes }: SubtreeConsistencyClaim): void {
  if (!isSubtree(part) || !Number.isSafeInteger(size) || part.end > size)
    refuse(`leaves ${part.start} to ${part.end} are no subtree of ${size} leaves`)
  if ((hashes.length > 0 ? [partRoot, ...hashes] : []).some(({ length }) => length !== HASH_LENGTH))
    refuse('a hash that is not of 32 bytes')
}

/** @throws Fault `consistency` unless the part is proven to be of the tree; for an empty part its root is all that is held */
export function verifySubtreeConsistency(claim: SubtreeConsistencyClaim): void {
  checkForm(claim)
  const { part, size, partRoot, root, hashes } = claim
  if (part.start === part.end) {
    if (hashes.length > 0 || !equalBytes(partRoot, EMPTY_ROOT)) refuse('nothing has the root of nothing and no proof')
    return
  }
  const path = new Path(part, size)
  path.climbToEdge()
  const [seed, rest] = path.first === path.last ? [partRoot, hashes] : [hashes[0], hashes.slice(1)]
  if (seed === undefined) return refuse('the consistency proof is empty')
  const [reachedPart, reachedRoot] = climb(path, seed, rest)
  if (!equalBytes(reachedPart, partRoot)) refuse('the consistency proof does not lead to the earlier root')
  if (!equalBytes(reachedRoot, root)) refuse('the consistency proof does not lead to the later root')
}

/**
 * @throws Fault `consistency` unless the tree of `from` leaves is proven to be the beginning of that of `to`; also when
 * `from` is 0, since then there is nothing to be proven and the caller has to say what it means
 */
export function verifyConsistency({ from, to, fromRoot, toRoot, hashes }: ConsistencyClaim): void {
  if (from === 0) refuse('a log without leaves is the beginning of every log: nothing is proven')
  verifySubtreeConsistency({ part: { start: 0, end: from }, size: to, partRoot: fromRoot, root: toRoot, hashes })
  if (from === to && !equalBytes(fromRoot, toRoot)) refuse(`two roots for ${from} leaves`)
}
