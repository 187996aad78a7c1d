/**
 * Proof files: that a leaf is in a log, for whoever has the policy and no network.
 *
 * Index, path to the root and the checkpoint with its cosignatures, as text. What stands in `extra` is not signed by
 * anybody.
 *
 * Source: C2SP tlog-proof, draft of 2026-11 (`c2sp.org/tlog-proof@v1`).
 */
import { Fault } from '../../base/index.ts'
import { readCheckpoint } from '../checkpoint.ts'
import type { Cryptography } from '../cryptography.ts'
import { decodeBase64, encodeBase64, equalBytes } from '../encoding.ts'
import { rootOfProof } from '../inclusion.ts'
import { judgeCheckpoint, type CheckpointJudgement } from './judge-checkpoint.ts'
import type { Policy } from './policy.ts'

/** See the module. */
export interface TlogProof {
  /** Anything that the application adds; authenticated by nothing. */
  readonly extra: Uint8Array | undefined
  readonly index: bigint
  /** From the leaf upwards, 32 bytes each. */
  readonly hashes: readonly Uint8Array[]
  /** Signed note. */
  readonly checkpoint: string
}

/** What a verified proof shows. */
export interface ProvenLeaf extends CheckpointJudgement {
  readonly origin: string
  readonly index: bigint
  readonly size: bigint
}

const HEADER = 'c2sp.org/tlog-proof@v1'
const MAX_CHARACTERS = 524_288
const FORM =
  /^c2sp\.org\/tlog-proof@v1\n(?:extra ([A-Za-z0-9+/=]*)\n)?index (0|[1-9][0-9]{0,18})\n((?:[A-Za-z0-9+/=]{44}\n){0,63})\n/

/** The text of a proof. */
export function writeTlogProof({ extra, index, hashes, checkpoint }: TlogProof): string {
  const more = extra === undefined ? '' : `extra ${encodeBase64(extra)}\n`
  const path = hashes.map((hash) => `${encodeBase64(hash)}\n`).join('')
  return `${HEADER}\n${more}index ${index}\n${path}\n${checkpoint}`
}

/** Reads a proof. Nothing is verified but its form. @throws Fault `tlog-proof`, `checkpoint`, `base64` */
export function readTlogProof(text: string): TlogProof {
  const match = text.length > MAX_CHARACTERS ? undefined : FORM.exec(text)
  const [head, extra, index, path] = match ?? []
  if (head === undefined || index === undefined || path === undefined)
    throw new Fault('tlog-proof', `${text.length} characters are not a proof of the form ${HEADER}`)
  const checkpoint = text.slice(head.length)
  readCheckpoint(checkpoint)
  return {
    extra: extra === undefined ? undefined : decodeBase64(extra, 'extra data of the proof'),
    index: BigInt(index),
    hashes:
      path === ''
        ? []
        : path
            .slice(0, -1)
            .split('\n')
            .map((hash) => decodeBase64(hash, 'hash of the proof')),
    checkpoint,
  }
}

/**
 * Holds a proof against a leaf and a policy.
 *
 * @param leafHash SHA-256 of a zero byte and the leaf
 * @throws Fault `policy-quorum` when too few witnesses cosigned; `inclusion`, `policy-log`, `note-signature`,
 * `cosignature`, `checkpoint`, `base64`
 */
export async function verifyTlogProof(
  { index, hashes, checkpoint: note }: TlogProof,
  { leafHash, policy }: { readonly leafHash: Uint8Array; readonly policy: Policy },
  cryptography: Cryptography,
): Promise<ProvenLeaf> {
  const checkpoint = readCheckpoint(note)
  const judgement = await judgeCheckpoint(checkpoint, policy, cryptography)
  const { origin, size, root } = checkpoint
  if (!judgement.quorum)
    throw new Fault(
      'policy-quorum',
      `${judgement.cosignatures.length} witnesses cosigned, which the policy finds too few`,
    )
  const reached = await rootOfProof(leafHash, { index, size, hashes }, cryptography)
  if (!equalBytes(reached, root)) throw new Fault('inclusion', `the proof does not lead from leaf ${index} to the root`)
  return { origin, index, size, ...judgement }
}
