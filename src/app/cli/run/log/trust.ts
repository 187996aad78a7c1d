/** The run of `tidewaiter log trust`: what others need to trust this log and its timestamp authority. */
import { describeTrust, openOwnAuthority } from '../../../log/own-authority.ts'
import { openOwnLog } from '../../../log/open-log.ts'
import type { CommandCall } from '../../command.ts'
import { EXIT } from '../../exit-codes.ts'
import { withRegister } from './keep.ts'

/** Runs the action; gives its exit code. */
export async function runTrust(call: CommandCall): Promise<number> {
  await withRegister(call, async (register, context) => {
    const opened = await openOwnLog(context, register, call.value('origin'))
    const [baseUrl = `https://${opened.log.origin}`] = call.positionals
    call.terminal.print(await describeTrust(opened, await openOwnAuthority(context), baseUrl))
  })
  return EXIT.done
}
