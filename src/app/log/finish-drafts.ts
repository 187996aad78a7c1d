/**
 * Finishes what was said on the record when nobody came back for it: the process died, or a witness did not answer, after
 * the log had taken the statement.
 *
 * The text was kept before the log took it. The log answers a repetition as it did the first time, so the place is asked
 * for again and the entry added to the bundle. What the log did not take was never said, and is forgotten: its place in
 * the docket is free, or another has it.
 */
import { Fault } from '../../base/index.ts'
import { addLogEntry, chainOf, leavesOf, readRegisterLeaf } from '../../certificate/index.ts'
import type { StatementDraft } from '../../register/index.ts'
import type { RecordParts } from './public-record.ts'

async function finish(draft: StatementDraft, { log, logId, register, signer }: RecordParts): Promise<void> {
  const { leaf, link, leafHash } = await leavesOf(draft.bundle, signer.publicKeyPem)
  // Signed by a key that was replaced meanwhile: kept for whoever has that key.
  if (leafHash !== draft.leafHash) return
  const chain = chainOf(readRegisterLeaf(link))
  const head = await log.head(chain.key)
  const appended =
    head === undefined || head.seq < draft.seq
      ? undefined
      : await log.append([
          { leaf, once: true },
          { leaf: link, chain },
        ])
  if (appended?.ok !== true) return register.statements.discard(leafHash)
  const [own, linked] = appended.value
  if (own === undefined || linked === undefined) throw new Fault('log-gap', 'the log answered for fewer leaves')
  await log.publish()
  const bundle = addLogEntry(draft.bundle, { logId, body: leaf, proof: await log.prove(own.index) })
  await register.statements.keep({ ...draft, bundle, leafIndex: linked.index })
}

/** Finishes the drafts about one model. @throws Fault those of log and register */
export async function finishDrafts(modelId: string, parts: RecordParts): Promise<void> {
  const drafts = await parts.register.statements.draftsOf(modelId, parts.log.origin)
  for (const draft of drafts) await finish(draft, parts)
}
