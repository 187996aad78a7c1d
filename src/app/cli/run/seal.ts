/** The run of `tidewaiter seal`: seals a release, or names the recipient of a copy. */
import { sha256, showUnseen } from '../../../base/index.ts'
import { identifySeal, sealModel, type SealIdentification, type SealOriginal } from '../../../lineage/secret/index.ts'
import { openModel, type OpenOptions } from '../../clearance/open-model.ts'
import { readKitKeyFile, readSecretFile } from '../../kits/key-files.ts'
import { writeWhole } from '../../write-whole.ts'
import { callContext, wantsJson } from '../call-context.ts'
import { usageFault, type CommandCall } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { readKitFile, requireOption } from './kit/files.ts'
import { readBounded } from '../../read-bounded.ts'

const LARGEST_LIST = 16 * 1024 * 1024

function openOptions(call: CommandCall): OpenOptions {
  const { terminal, signal } = call
  return { context: callContext(call), terminal, signal, hfCache: call.has('hf-cache'), blocks: false }
}

async function seal(call: CommandCall, ref: string): Promise<void> {
  const recipient = requireOption(call, 'recipient')
  const key = readSecretFile(requireOption(call, 'key'))
  const folder = requireOption(call, 'out').replace(/\/+$/, '')
  const options = openOptions(call)
  const { opened, facts } = await openModel(ref, options)
  const stage = call.terminal.stage('seal')
  const record = sealModel(opened, facts, {
    recipient,
    key,
    folder,
    signal: call.signal,
    onProgress: ({ done, total }) => stage.update(`${done} of ${total} layers`),
  })
  const sealed = await openModel(folder, options)
  const whole = { ...record, release: sealed.opened.artefact.id }
  const path = `${folder}.seal.json`
  const text = `${JSON.stringify(whole, null, 2)}\n`
  writeWhole(path, text, 0o600)
  stage.done(`${record.groups.length} groups of hidden units in the order of ${showUnseen(recipient)}`)
  call.terminal.print(
    wantsJson(call)
      ? JSON.stringify(whole, null, 2)
      : `${folder}  release ${whole.release}\n${path}  sha256 ${sha256(text)}: keep it, and do not send it along`,
  )
}

function readRecipients(path: string): string[] {
  const lines = new TextDecoder().decode(readBounded(path, LARGEST_LIST)).split(/\r?\n/)
  return lines.filter((line) => line !== '')
}

async function openOriginal(call: CommandCall, options: OpenOptions): Promise<SealOriginal> {
  const ref = requireOption(call, 'original')
  if (!ref.endsWith('.kit')) return openModel(ref, options)
  return { kit: readKitFile(ref).kit, seed: readKitKeyFile(requireOption(call, 'kit-key')).seed }
}

function render({ verdict, results, recipients, chance, reasons }: SealIdentification): string {
  const lines = results.map(
    ({ recipient, fixed, familyWise }) =>
      `  ${showUnseen(recipient)}: ${fixed} units, ${familyWise === 0 ? 'no more than chance' : `p ≤ 1e${Math.ceil(familyWise)} for all recipients together`}`,
  )
  return [
    verdict.toUpperCase(),
    ...reasons.map((reason) => `  - ${showUnseen(reason)}`),
    '',
    `${recipients} recipients tried; chance gives ${chance.toFixed(1)} units. The most that agree:`,
    ...lines,
  ].join('\n')
}

async function identify(call: CommandCall, ref: string): Promise<void> {
  const key = readSecretFile(requireOption(call, 'key'))
  const recipients = readRecipients(requireOption(call, 'recipients'))
  const options = openOptions(call)
  const original = await openOriginal(call, options)
  const suspect = await openModel(ref, options)
  const found = identifySeal(suspect, original, { key, recipients })
  call.terminal.print(wantsJson(call) ? JSON.stringify(found, null, 2) : render(found))
}

/** Runs the command; gives its exit code. */
export async function run(call: CommandCall): Promise<number> {
  const [first = '', second] = call.positionals
  if (first === 'identify' && second !== undefined) await identify(call, second)
  else if (second === undefined) await seal(call, first)
  else throw usageFault('seal takes MODEL or identify SUSPECT')
  return EXIT.done
}
