/** `key join`: bundles of several signers become one document, and its voices are counted. */
import { showUnseen, systemClock } from '../../../../base/index.ts'
import {
  countQuorum,
  joinBundles,
  signingTimesOf,
  webCryptography,
  writeJointStatement,
} from '../../../../certificate/index.ts'
import { readBounded } from '../../../read-bounded.ts'
import { installedTrust } from '../../../trust/targets.ts'
import { writeWhole } from '../../../write-whole.ts'
import { wantsJson } from '../../call-context.ts'
import type { CommandCall } from '../../command.ts'
import { EXIT } from '../../exit-codes.ts'
import { openState } from './state.ts'

const LARGEST_BUNDLE = 64 * 1024 * 1024

/** `key join BUNDLE…`: exit code 0 for an act, 20 for a proposal. A bundle without a trusted time counts as signed now. */
export async function runJoin(call: CommandCall): Promise<number> {
  const { context, keyring } = await openState(call)
  const now = systemClock.now()
  const installed = await installedTrust(context.places.home, now)
  const files = call.positionals.map((path) => readBounded(path, LARGEST_BUNDLE))
  const joint = joinBundles(files)
  const authorities = installed?.options.timestampAuthorities ?? []
  const { kind, decision, units, threshold } = await countQuorum(joint, {
    keyring: call.value('keyring') === undefined ? (installed?.keyring ?? keyring) : keyring,
    times: await signingTimesOf(files, { authorities, now, cryptography: webCryptography }),
    now,
    cryptography: webCryptography,
  })
  const out = call.value('out')
  if (out !== undefined) writeWhole(out, `${writeJointStatement(joint)}\n`)
  const said = { schema: 'tidewaiter/quorum/v1', kind, decision, units, threshold }
  const text = `${kind === 'act' ? 'ACT' : 'PROPOSAL'}: "${showUnseen(decision)}" is signed by ${units.join(', ')}; ${threshold} units are wanted.`
  call.terminal.print(wantsJson(call) ? JSON.stringify(said, null, 2) : text)
  return kind === 'act' ? EXIT.done : EXIT.held
}
