/** `trust publish FOLDER`: a signed root, targets, or today's timestamp. */
import { basename } from 'node:path'
import { systemClock } from '../../../../base/index.ts'
import { loadTuf, type SigningKey } from '../../../../certificate/index.ts'
import { KEYRING_NAME } from '../../../keys/keyring-file.ts'
import { checkAfter } from '../../../trust/targets.ts'
import { wantsJson } from '../../call-context.ts'
import { usageFault, type CommandCall } from '../../command.ts'
import { EXIT } from '../../exit-codes.ts'
import { openSigner, readSmall } from './files.ts'

async function readTargets(paths: readonly string[], folder: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const { publishedTarget } = await loadTuf()
  const check = checkAfter(publishedTarget(folder, KEYRING_NAME))
  const files = new Map<string, Uint8Array>()
  for (const path of paths) {
    const [name, bytes] = [basename(path), readSmall(path)]
    if (files.has(name)) throw usageFault(`two targets are called ${name}`)
    await check(name, bytes)
    files.set(name, bytes)
  }
  return files
}

async function publish(call: CommandCall, folder: string): Promise<object> {
  const { publishState } = await loadTuf()
  const named = (role: string): Promise<SigningKey> =>
    openSigner(call, call.value(`${role}-signer`) ?? call.value('signer'))
  const paths = call.values('target')
  const files = paths.length === 0 ? undefined : await readTargets(paths, folder)
  const online = files === undefined ? {} : { targets: await named('targets'), snapshot: await named('snapshot') }
  const signers = { ...online, timestamp: await named('timestamp') }
  return publishState(folder, { files, signers, now: systemClock.now() })
}

/** Runs the action. */
export async function runPublish(call: CommandCall): Promise<number> {
  const [folder = ''] = call.positionals
  const root = call.value('root')
  const { publishRoot } = await loadTuf()
  const version = root === undefined ? undefined : publishRoot(folder, readSmall(root), systemClock.now())
  const isRootAlone = version !== undefined && call.values('target').length === 0
  const state = isRootAlone ? { root: version } : await publish(call, folder)
  const said = { schema: 'tidewaiter/trust-published/v1', folder, ...state }
  const text = Object.entries(state).map(([name, value]) => `${name} ${String(value)}`)
  call.terminal.print(wantsJson(call) ? JSON.stringify(said, null, 2) : `Published in ${folder}: ${text.join(', ')}`)
  return EXIT.done
}
