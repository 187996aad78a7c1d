/** The run of `tidewaiter docket show`. */
import { showDocket } from '../../../log/docket-view.ts'
import { wantsJson } from '../../call-context.ts'
import type { CommandCall } from '../../command.ts'
import { describeDocket } from '../../docket-text.ts'
import { EXIT } from '../../exit-codes.ts'
import { withRegister } from '../log/keep.ts'
import { findModelId, openDocket } from './find.ts'

/** Runs the action; gives its exit code. */
export async function runShow(call: CommandCall): Promise<number> {
  const [what = ''] = call.positionals
  await withRegister(call, async (register, context) => {
    const modelId = await findModelId(register, what)
    const { docket, origin, now } = await openDocket(context, register, modelId)
    const view = await showDocket(docket, { register, origin, now })
    const ref = (await register.findModel(modelId))?.ref ?? null
    const value = { schema: 'tidewaiter/docket/v1', ref, ...view }
    call.terminal.print(wantsJson(call) ? JSON.stringify(value, null, 2) : describeDocket(view, ref))
  })
  return EXIT.done
}
