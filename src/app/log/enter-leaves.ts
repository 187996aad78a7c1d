/** Enters the leaf of a statement into a log, alone or with its link in a docket, and waits for the checkpoint over it. */
import { Fault, fail, ok, type Result } from '../../base/index.ts'
import type { LogEntryContent } from '../../certificate/index.ts'
import type { ChainConflict, LeafToAppend, TransparencyLog } from '../../log/index.ts'

/** What came of it. */
export interface Entered {
  /** Of the statement's own leaf, for its bundle. */
  readonly entry: LogEntryContent
  /** Index of the last leaf: of the link, where there is one. */
  readonly last: number
}

/**
 * The leaves are appended together or not at all.
 *
 * @returns the conflict when another link took the place of this one
 * @throws Fault those of appending, publishing and proving
 */
export async function enterLeaves(
  { log, logId }: { readonly log: TransparencyLog; readonly logId: Uint8Array },
  own: Uint8Array,
  link?: LeafToAppend,
): Promise<Result<Entered, ChainConflict>> {
  const appended = await log.append([{ leaf: own, once: true }, ...(link === undefined ? [] : [link])])
  if (!appended.ok) return fail(appended.reason)
  const [first, last = first] = appended.value
  if (first === undefined || last === undefined) throw new Fault('log-gap', 'the log answered for no leaf')
  await log.publish()
  return ok({ entry: { logId, body: own, proof: await log.prove(first.index) }, last: last.index })
}
