/** The run of `tidewaiter kit examine`: holds a model against a kit. */
import { examineAgainstKit } from '../../../../lineage/secret/index.ts'
import { openModel } from '../../../clearance/open-model.ts'
import { readKitKeyFile } from '../../../kits/key-files.ts'
import { callContext, wantsJson } from '../../call-context.ts'
import type { CommandCall } from '../../command.ts'
import { renderComparison } from '../../comparison-text.ts'
import { EXIT } from '../../exit-codes.ts'
import { readKitFile, requireOption } from './files.ts'

/** Runs the action; gives its exit code. */
export async function runExamine(call: CommandCall): Promise<number> {
  const [ref = ''] = call.positionals
  const { terminal, signal } = call
  const context = callContext(call)
  const path = requireOption(call, 'kit')
  const { seed } = readKitKeyFile(requireOption(call, 'key'))
  const { kit } = readKitFile(path)
  const model = await openModel(ref, { context, terminal, signal, hfCache: call.has('hf-cache'), blocks: false })
  const stage = terminal.stage('examine')
  const { threads } = context.settings
  const comparison = await examineAgainstKit(model, kit, {
    seed,
    signal,
    onProgress: ({ done, total }) => stage.update(`${done} of ${total} tensors`),
    ...(threads === undefined ? {} : { threads }),
  })
  stage.done(comparison.verdict)
  terminal.print(wantsJson(call) ? JSON.stringify(comparison, null, 2) : renderComparison(comparison, ref, path))
  return EXIT.done
}
