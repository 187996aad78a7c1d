/** The run of `tidewaiter export`. */
import { EXPORT_FORMS, exportCertificate } from '../../clearance/export-certificate.ts'
import { writeWhole } from '../../write-whole.ts'
import { usageFault, type CommandCall } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { withRegister } from './log/keep.ts'

/** Runs the command; gives its exit code. */
export async function run(call: CommandCall): Promise<number> {
  const [number = ''] = call.positionals
  const named = call.value('as') ?? EXPORT_FORMS[0]
  const form = EXPORT_FORMS.find((each) => each === named)
  if (form === undefined) throw usageFault(`--as is "${named}"; it takes ${EXPORT_FORMS.join(', ')}`)
  await withRegister(call, async (register, context) => {
    const { bundle, predicateType } = await exportCertificate(number, form, { context, register })
    const out = call.value('out')
    if (out === undefined) call.terminal.print(bundle)
    else {
      writeWhole(out, bundle)
      call.terminal.print(`${out}  ${predicateType}, of the certificate ${number}`)
    }
  })
  return EXIT.done
}
