/** The run of `tidewaiter bom`: from the folder of a dossier to a bill of materials, or from a bill to the model. */
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { loadBills, type BilledIdentity, type ModelBill } from '../../../certificate/index.ts'
import { takeIn } from '../../clearance/open-model.ts'
import { readCertifiedDossier } from '../../clearance/certified-dossier.ts'
import { readBounded } from '../../read-bounded.ts'
import { findKeyFile } from '../../trust/published-trust.ts'
import { writeWhole } from '../../write-whole.ts'
import { callContext, wantsJson } from '../call-context.ts'
import { usageFault, type CommandCall } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

const FORMATS = ['cyclonedx-1.6', 'cyclonedx-1.7', 'spdx-3.0.1'] as const

async function write(bill: ModelBill, format: string): Promise<string> {
  const { writeCycloneDx, writeSpdx } = await loadBills()
  if (format === 'spdx-3.0.1') return writeSpdx(bill)
  return writeCycloneDx(bill, format === 'cyclonedx-1.7' ? '1.7' : '1.6')
}

async function makeBill(call: CommandCall): Promise<number> {
  const [named = ''] = call.positionals
  const context = callContext(call)
  const format = call.value('as') ?? FORMATS[0]
  if (!FORMATS.includes(format as (typeof FORMATS)[number]))
    throw usageFault(`--as is "${format}"; it takes ${FORMATS.join(', ')}`)
  const byNumber = join(context.places.dossiers, named.replaceAll(' ', ''))
  const folder = /^[\d ]+$/.test(named) && existsSync(byNumber) ? byNumber : named
  const key = call.value('key') ?? findKeyFile(context)
  if (key === undefined) throw usageFault('it is not known here which public key is the issuer’s; name it by --key')
  const { billModel } = await loadBills()
  const text = await write(billModel(await readCertifiedDossier(folder, key)), format)
  const out = call.value('out')
  if (out === undefined) call.terminal.print(text.trimEnd())
  else {
    writeWhole(out, text)
    call.terminal.print(`${out}  ${format}, of the certificate ${basename(folder)}`)
  }
  return EXIT.done
}

function describe(bill: BilledIdentity, same: boolean | null): string {
  const against = same === null ? '' : same ? '\nThe artefact is this model.' : '\nThe artefact is another model.'
  const claimed = bill.claimed === null ? ' (the bill itself names none)' : ''
  return `${bill.format}, ${bill.files.length} files\nmodel ${bill.modelId}${claimed}${against}`
}

async function checkBill(call: CommandCall): Promise<number> {
  const [path = ''] = call.positionals
  const { identifyBill, LARGEST_BILL } = await loadBills()
  const bill = identifyBill(readBounded(path, LARGEST_BILL))
  const ref = call.value('artefact')
  const { terminal, signal } = call
  const options = { context: callContext(call), terminal, signal, hfCache: call.has('hf-cache'), blocks: false }
  const same = ref === undefined ? null : (await takeIn(ref, options)).artefact.id === bill.modelId
  const value = { schema: 'tidewaiter/bill-check/v1', ...bill, files: bill.files.length, same }
  terminal.print(wantsJson(call) ? JSON.stringify(value, null, 2) : describe(bill, same))
  return same === false ? EXIT.fault : EXIT.done
}

/** Runs the command; gives its exit code. @throws Fault `bill`, `bill-identity`, `certificate-refused` and those of reading */
export async function run(call: CommandCall): Promise<number> {
  if (call.has('check')) return checkBill(call)
  if (call.value('artefact') !== undefined) throw usageFault('--artefact goes with --check')
  return makeBill(call)
}
