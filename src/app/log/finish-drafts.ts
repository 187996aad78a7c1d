/**
 * Finishes what was said on the record when nobody came back for it: the process died, or a witness did not answer, after
 * the log had taken the statement.
 *
 * The text was kept before the log took it. The log answers a repetition as it did the first time, so the place is asked
 * for again and the entry added to the bundle. What the log did not take was never said, and is forgotten: its place in
 * the docket is free, or another has it.
 */
import { addLogEntry, chainOf, leavesOf, readRegisterLeaf } from '../../certificate/index.ts'
import type { StatementDraft } from '../../register/index.ts'
import { enterLeaves } from './enter-leaves.ts'
import type { RecordParts } from './public-record.ts'

async function finish(draft: StatementDraft, { log, logId, register, signer }: RecordParts): Promise<void> {
  const { leaf, link, leafHash } = await leavesOf(draft.bundle, signer.publicKeyPem)
  // Signed by a key that was replaced meanwhile: kept for whoever has that key.
  if (leafHash !== draft.leafHash) return
  const chain = chainOf(readRegisterLeaf(link))
  const head = await log.head(chain.key)
  const entered =
    head === undefined || head.seq < draft.seq
      ? undefined
      : await enterLeaves({ log, logId }, leaf, { leaf: link, chain })
  if (entered?.ok !== true) return register.statements.discard(leafHash)
  const { entry, last } = entered.value
  await register.statements.keep({ ...draft, bundle: addLogEntry(draft.bundle, entry), leafIndex: last })
}

/** Finishes the drafts about one model. @throws Fault those of log and register */
export async function finishDrafts(modelId: string, parts: RecordParts): Promise<void> {
  const drafts = await parts.register.statements.draftsOf(modelId, parts.log.origin)
  for (const draft of drafts) await finish(draft, parts)
}
