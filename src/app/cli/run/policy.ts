/** The run of `tidewaiter policy export`: a policy of pickles for a loader. */
import { loadPolicyExport } from '../../../formats/index.ts'
import { wantsJson } from '../call-context.ts'
import { usageFault, type CommandCall } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

/** Runs the command; gives its exit code. */
export async function run(call: CommandCall): Promise<number> {
  const [verb = ''] = call.positionals
  if (verb !== 'export') throw usageFault(`policy knows "export", not "${verb}"`)
  const { EXPORT_FORMATS, exportPolicy, policyIds } = await loadPolicyExport()
  const wanted = call.value('to') ?? 'torch'
  const loader = EXPORT_FORMATS.find((format) => format === wanted)
  if (loader === undefined) throw usageFault(`--to is "${wanted}"; it can be ${EXPORT_FORMATS.join(' or ')}`)
  const policy = call.value('policy') ?? 'core'
  if (!policyIds().includes(policy)) throw usageFault(`--policy is "${policy}"; there are ${policyIds().join(', ')}`)
  const text = exportPolicy(policy, loader)
  const said = { schema: 'tidewaiter/policy-export/v1', policy, loader, text }
  call.terminal.print(wantsJson(call) ? JSON.stringify(said, null, 2) : text)
  return EXIT.done
}
