/** The run of `tidewaiter kit make`: writes the kit of a model. */
import { sha256, systemRandomness, formatBytes } from '../../../../base/index.ts'
import { encodeKit, makeKit, writeKitKey, type KitKey } from '../../../../lineage/secret/index.ts'
import { openModel } from '../../../clearance/open-model.ts'
import type { Context } from '../../../context.ts'
import { ownSecret, readKitKeyFile, readSecretFile } from '../../../kits/key-files.ts'
import { writeWhole } from '../../../write-whole.ts'
import { callContext, wantsJson } from '../../call-context.ts'
import { usageFault, type CommandCall } from '../../command.ts'
import { EXIT } from '../../exit-codes.ts'
import { requireOption } from './files.ts'

/** The given key, or one that the register issues and that is written beside the kit. */
async function keyOf(call: CommandCall, context: Context, out: string): Promise<KitKey> {
  const path = call.value('key')
  if ((path !== undefined) === call.has('seed-from-registry'))
    throw usageFault('kit make needs either --key or --seed-from-registry')
  if (path !== undefined) return readKitKeyFile(path)
  const key = await (await import('./registry.ts')).issueFromRegister(context)
  writeWhole(`${out}.key`, writeKitKey(key), 0o600)
  return key
}

/** Runs the action; gives its exit code. */
export async function runMake(call: CommandCall): Promise<number> {
  const [ref = ''] = call.positionals
  const { terminal, signal } = call
  const context = callContext(call)
  const out = requireOption(call, 'out')
  const key = await keyOf(call, context, out)
  const secretFile = call.value('secret')
  const secret =
    secretFile === undefined
      ? ownSecret(context.places.keys, 'kit-vendor.secret', systemRandomness)
      : readSecretFile(secretFile)
  const model = await openModel(ref, { context, terminal, signal, hfCache: call.has('hf-cache'), blocks: false })
  const stage = terminal.stage('weigh')
  const { threads } = context.settings
  const { kit } = await makeKit(model.opened, model.facts, {
    key,
    secret,
    signal,
    onProgress: ({ done, total }) => stage.update(`${done} of ${total} tensors`),
    ...(threads === undefined ? {} : { threads }),
  })
  const bytes = encodeKit(kit)
  writeWhole(out, bytes)
  stage.done(`${formatBytes(bytes.length)} written`)
  const value = {
    schema: 'tidewaiter/kit-made/v1',
    path: out,
    size: bytes.length,
    sha256: sha256(bytes),
    key: kit.key,
    panelKey: kit.panelKey,
    root: kit.root,
    leaves: kit.leaves,
  }
  const text = `${out}  ${formatBytes(bytes.length)}  sha256 ${value.sha256}\nkey ${kit.key}\nroot ${kit.root} over ${kit.leaves} leaves`
  terminal.print(wantsJson(call) ? JSON.stringify(value, null, 2) : text)
  return EXIT.done
}
