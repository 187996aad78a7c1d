/** The run of `tidewaiter inspect`: what is wrong with the files of a model, without the register and without a decision. */
import { writeFileSync } from 'node:fs'
import { audit, renderFindings, toInspection, toSarif, type AuditVerdict } from '../../../audit/index.ts'
import { readVersion } from '../../version.ts'
import { openModel } from '../../clearance/open-model.ts'
import { callContext, wantsJson } from '../call-context.ts'
import type { CommandCall } from '../command.ts'
import { declaredUses } from '../declared-uses.ts'
import { EXIT } from '../exit-codes.ts'

const EXIT_OF: Readonly<Record<AuditVerdict, number>> = {
  proved: EXIT.done,
  'policy-proved': EXIT.done,
  'no-finding': EXIT.done,
  inconclusive: EXIT.held,
  defect: EXIT.refused,
}

/** Runs the command; gives its exit code. */
export async function run(call: CommandCall): Promise<number> {
  const [ref = ''] = call.positionals
  const { terminal, signal } = call
  const uses = declaredUses(call)
  const { opened, facts } = await openModel(ref, {
    context: callContext(call),
    terminal,
    signal,
    hfCache: call.has('hf-cache'),
    blocks: false,
  })
  const report = audit(opened.artefact, facts, uses)
  const sarif = call.value('sarif')
  if (sarif !== undefined)
    writeFileSync(
      sarif,
      `${JSON.stringify(toSarif(report, { version: readVersion(), artefact: opened.artefact }), null, 2)}\n`,
    )
  terminal.print(
    wantsJson(call)
      ? JSON.stringify(toInspection(opened.artefact, report), null, 2)
      : renderFindings(report).join('\n'),
  )
  return EXIT_OF[report.verdict]
}
