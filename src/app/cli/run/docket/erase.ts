/** The run of `tidewaiter docket erase`: a text goes, its digest stays. */
import { Fault, formatTime, isSha256, systemClock } from '../../../../base/index.ts'
import { wantsJson } from '../../call-context.ts'
import { usageFault, type CommandCall } from '../../command.ts'
import { EXIT } from '../../exit-codes.ts'
import { withRegister } from '../log/keep.ts'

/** Runs the action; gives its exit code. */
export async function runErase(call: CommandCall): Promise<number> {
  const [digest = ''] = call.positionals
  if (!isSha256(digest)) throw usageFault(`docket erase takes the digest of a text, 64 hex digits, not "${digest}"`)
  await withRegister(call, async (register) => {
    const erasedAt = formatTime(systemClock.now())
    if (!(await register.statements.eraseText(digest, erasedAt)))
      throw new Fault('no-such-text', `no text of the digest ${digest} is kept here`)
    const value = { schema: 'tidewaiter/text-erased/v1', digest, erasedAt }
    call.terminal.print(
      wantsJson(call)
        ? JSON.stringify(value, null, 2)
        : `The text ${digest} is erased. Copies in backups of the register are not; what was logged stays as it is.`,
    )
  })
  return EXIT.done
}
