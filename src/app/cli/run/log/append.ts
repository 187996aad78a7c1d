/** The run of `tidewaiter log append`: files become entries. */
import { Fault, showUnseen } from '../../../../base/index.ts'
import { isRegisterLeaf } from '../../../../certificate/index.ts'
import { MAX_LEAF, type LeafToAppend } from '../../../../log/index.ts'
import { openOwnLog } from '../../../log/open-log.ts'
import { wantsJson } from '../../call-context.ts'
import type { CommandCall } from '../../command.ts'
import { EXIT } from '../../exit-codes.ts'
import { readBounded } from '../../../read-bounded.ts'
import { withRegister } from './keep.ts'

/** A link of a docket is entered with its statement and by the rules of dockets, never as a file. */
function refuseLink(path: string, leaf: Uint8Array): Uint8Array {
  if (isRegisterLeaf(leaf))
    throw new Fault('docket-leaf', `${path} is a link of a docket; only statements that are signed here make such`)
  return leaf
}

/** Runs the action; gives its exit code. */
export async function runAppend(call: CommandCall): Promise<number> {
  const files = call.positionals
  const leaves: readonly LeafToAppend[] = files.map((path) => ({ leaf: refuseLink(path, readBounded(path, MAX_LEAF)) }))
  await withRegister(call, async (register, context) => {
    const { log } = await openOwnLog(context, register, call.value('origin'))
    const outcome = await log.append(leaves)
    if (!outcome.ok) throw new Fault('chain-conflict', 'entries without a chain cannot conflict')
    const { size, root, note } = await log.publish()
    const entries = outcome.value.map(({ index, leafHash }, at) => ({ file: files[at] ?? '', index, leafHash }))
    const value = {
      schema: 'tidewaiter/log-appended/v1',
      origin: log.origin,
      entries,
      published: size,
      root: Buffer.from(root).toString('hex'),
      checkpoint: note,
    }
    const lines = entries.map(({ file, index, leafHash }) => `${index}  ${leafHash}  ${showUnseen(file)}`)
    call.terminal.print(wantsJson(call) ? JSON.stringify(value, null, 2) : lines.join('\n'))
  })
  return EXIT.done
}
