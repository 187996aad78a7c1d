/** The runs of `tidewaiter kit challenge`, `open` and `check-opening`. */
import { systemRandomness } from '../../../../base/index.ts'
import {
  challengeKit,
  checkOpening,
  openKit,
  readChallenge,
  type Challenge,
  type SecretKit,
} from '../../../../lineage/secret/index.ts'
import { openModel } from '../../../clearance/open-model.ts'
import { ownSecret, readKitKeyFile, readSecretFile } from '../../../kits/key-files.ts'
import { writeWhole } from '../../../write-whole.ts'
import { callContext, wantsJson } from '../../call-context.ts'
import type { CommandCall } from '../../command.ts'
import { EXIT } from '../../exit-codes.ts'
import { readKitFile, requireOption } from './files.ts'
import { readBounded } from '../../../read-bounded.ts'

const LARGEST_CHALLENGE = 64 * 1024

function challengeOf(call: CommandCall, kit: SecretKit): Challenge {
  const text = new TextDecoder().decode(readBounded(requireOption(call, 'challenge'), LARGEST_CHALLENGE))
  return readChallenge(text, kit)
}

/** Chooses the tensors to be opened; gives the exit code. */
export async function runChallenge(call: CommandCall): Promise<number> {
  const [path = ''] = call.positionals
  const challenge = challengeKit(readKitFile(path).kit, requireOption(call, 'beacon'))
  const text = JSON.stringify(challenge, null, 2)
  const out = call.value('out')
  if (out !== undefined) writeWhole(out, `${text}\n`)
  call.terminal.print(wantsJson(call) || out === undefined ? text : `${out}  leaves ${challenge.leaves.join(', ')}`)
  return EXIT.done
}

/** Opens the chosen tensors; gives the exit code. */
export async function runOpen(call: CommandCall): Promise<number> {
  const [ref = ''] = call.positionals
  const { terminal, signal } = call
  const context = callContext(call)
  const { kit } = readKitFile(requireOption(call, 'kit'))
  const challenge = challengeOf(call, kit)
  const folder = requireOption(call, 'out')
  const file = call.value('secret')
  const secret =
    file === undefined ? ownSecret(context.places.keys, 'kit-vendor.secret', systemRandomness) : readSecretFile(file)
  const model = await openModel(ref, { context, terminal, signal, hfCache: call.has('hf-cache'), blocks: false })
  const { threads } = context.settings
  const opening = await openKit(model.opened, model.facts, {
    kit,
    challenge,
    folder,
    secret,
    signal,
    ...(threads === undefined ? {} : { threads }),
  })
  const text = `${folder}  ${opening.opened.length} tensors opened; show them to the verifier alone`
  terminal.print(wantsJson(call) ? JSON.stringify(opening, null, 2) : text)
  return EXIT.done
}

/** Recomputes what was opened; gives the exit code. */
export async function runCheckOpening(call: CommandCall): Promise<number> {
  const [folder = ''] = call.positionals
  const { kit } = readKitFile(requireOption(call, 'kit'))
  const key = readKitKeyFile(requireOption(call, 'key'))
  const result = checkOpening(folder, { kit, challenge: challengeOf(call, kit), key })
  const lines = result.checks.map(
    ({ leaf, what, holds }) => `  leaf ${leaf} ${what}: ${holds ? 'holds' : 'DOES NOT HOLD'}`,
  )
  const text = [result.verdict.toUpperCase(), ...lines].join('\n')
  call.terminal.print(wantsJson(call) ? JSON.stringify(result, null, 2) : text)
  return EXIT.done
}
