/** The run of `tidewaiter clear`: the whole way of one model, and a decision with reasons. */
import { join } from 'node:path'
import { EXIT_CODES, summariseDossier } from '../../../dossier/index.ts'
import { clearConsignment } from '../../clearance/clear.ts'
import type { ClearanceOutcome } from '../../clearance/issue.ts'
import { DOSSIER_FILES } from '../../clearance/dossier-folder.ts'
import { callContext, wantsJson } from '../call-context.ts'
import type { CommandCall } from '../command.ts'
import { declaredUses } from '../declared-uses.ts'
import { nameProgram } from '../program-name.ts'

function toJson({ dossier, folder, number, issuedAt, expiresOn, publicKeyPath }: ClearanceOutcome): string {
  const { decision, channel, reasons } = dossier.dossier.decision
  const certificate = {
    number,
    issuedAt,
    expiresOn,
    path: join(folder, DOSSIER_FILES.certificate),
    publicKey: publicKeyPath,
  }
  const value = {
    schema: 'tidewaiter/clearance/v1',
    artefact: { ref: dossier.dossier.artefact.source.ref, id: dossier.dossier.artefact.id },
    decision,
    channel,
    reasons,
    certificate,
    dossier: { sha256: dossier.digest, path: folder },
  }
  return JSON.stringify(value, null, 2)
}

function toText(outcome: ClearanceOutcome, ref: string, home: string | undefined): string {
  const program = nameProgram(process.argv[1], process.cwd())
  const { dossier, folder, number, expiresOn, keyCreated, publicKeyPath } = outcome
  const at = home === undefined ? '' : ` --home ${home}`
  const lines = [
    '',
    ...summariseDossier(dossier.dossier),
    `Number:  ${number}, holds until ${expiresOn}, self-attested, logged in ${outcome.origin}`,
    `Report:  ${join(folder, DOSSIER_FILES.report)}`,
    ...(keyCreated ? [`Key:     made now; others check your certificates with ${publicKeyPath}`] : []),
    '',
    'Next:',
    `  ${program} verify ${join(folder, DOSSIER_FILES.certificate)} --artefact ${ref}${at}`,
    `  ${program} serve${at}      # look it up in a browser`,
  ]
  return lines.join('\n')
}

/** Runs the command; gives its exit code. */
export async function run(call: CommandCall): Promise<number> {
  const [ref = ''] = call.positionals
  const context = callContext(call)
  const outcome = await clearConsignment({
    ref,
    context,
    terminal: call.terminal,
    signal: call.signal,
    hfCache: call.has('hf-cache'),
    name: call.value('name'),
    ...declaredUses(call),
  })
  call.terminal.print(wantsJson(call) ? toJson(outcome) : toText(outcome, ref, call.value('home')))
  return EXIT_CODES[outcome.dossier.dossier.decision.decision]
}
