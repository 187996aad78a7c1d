/** The runs of `tidewaiter kit register`, `list` and `dispute`, and the issue of keys. */
import { showUnseen, systemRandomness } from '../../../../base/index.ts'
import {
  decodeKit,
  issueKitKey,
  panelSeed,
  unsealKitKey,
  type KitKey,
  type SecretKey,
} from '../../../../lineage/secret/index.ts'
import { openRegister, type DisputeRecord, type KitRecord, type Register } from '../../../../register/index.ts'
import { openModel } from '../../../clearance/open-model.ts'
import type { Context } from '../../../context.ts'
import { ownSecret, readKitKeyFile } from '../../../kits/key-files.ts'
import { registerKit, type PublicModel } from '../../../kits/register-kit.ts'
import { callContext, wantsJson } from '../../call-context.ts'
import { usageFault, type CommandCall } from '../../command.ts'
import { EXIT } from '../../exit-codes.ts'
import { readKitFile, requireOption } from './files.ts'

function masterOf(context: Context): SecretKey {
  return ownSecret(context.places.keys, 'kit-registry.secret', systemRandomness)
}

async function withRegister<T>(context: Context, use: (register: Register) => Promise<T>): Promise<T> {
  const register = await openRegister(context.register)
  try {
    return await use(register)
  } finally {
    await register.close()
  }
}

/** Has the register of this installation issue a key. */
export async function issueFromRegister(context: Context): Promise<KitKey> {
  const master = masterOf(context)
  return withRegister(context, async (register) => {
    let key: KitKey | undefined
    await register.kits.issueKey((id) => {
      const issued = issueKitKey(master, id, systemRandomness)
      key = issued.key
      return issued
    })
    if (key === undefined) throw usageFault('no key was issued')
    return key
  })
}

async function keyFor(
  call: CommandCall,
  register: Register,
  at: { commitment: string; master: SecretKey },
): Promise<KitKey> {
  const file = call.value('key')
  if (file !== undefined) return readKitKeyFile(file)
  const issued = await register.kits.findKey(at.commitment)
  if (issued === undefined) throw usageFault('this register did not issue the key of the kit: give --key')
  return unsealKitKey(at.master, issued.id, issued.sealed)
}

function plainKit({ id, ordinal, registrant, sha256, key, registeredAt }: KitRecord): Omit<KitRecord, 'bytes'> {
  return { id, ordinal, registrant, sha256, key, registeredAt }
}

/** Registers a kit; gives the exit code. */
export async function runRegister(call: CommandCall): Promise<number> {
  const [path = ''] = call.positionals
  const { terminal, signal } = call
  const registrant = requireOption(call, 'registrant')
  const { kit, bytes } = readKitFile(path)
  const context = callContext(call)
  const open = { context, terminal, signal, hfCache: call.has('hf-cache'), blocks: false }
  const against: PublicModel[] = []
  for (const ref of call.values('against')) against.push({ ref, ...(await openModel(ref, open)) })
  const master = masterOf(context)
  const { threads } = context.settings
  const done = await withRegister(context, async (register) => {
    const key = await keyFor(call, register, { commitment: kit.key, master })
    const more = threads === undefined ? {} : { threads }
    return registerKit(register, { registrant, bytes, key, panelKey: panelSeed(master), against, signal, ...more })
  })
  const value = {
    schema: 'tidewaiter/kit-registered/v1',
    ...plainKit(done.kit),
    disputes: done.disputes,
    untested: done.untested,
  }
  const lines = [
    `registered ${done.kit.id} as number ${done.kit.ordinal} at ${done.kit.registeredAt}`,
    ...done.disputes.map(({ kind, other, detail }) => `DISPUTE ${kind} with ${other}: ${showUnseen(detail)}`),
    ...done.untested.map((id) => `not held against ${id}: its panel cannot meet this one`),
    'The time shows who registered first, never who descends from whom.',
  ]
  terminal.print(wantsJson(call) ? JSON.stringify(value, null, 2) : lines.join('\n'))
  return EXIT.done
}

/** Lists registrations; gives the exit code. */
export async function runList(call: CommandCall): Promise<number> {
  const kits = await withRegister(callContext(call), (register) => register.kits.list())
  const lines = kits.map((each) => {
    const { depth, width } = decodeKit(each.bytes)
    return `${each.ordinal}  ${each.registeredAt}  ${each.id}  ${showUnseen(each.registrant)}  ${depth} layers of ${width}`
  })
  const value = { schema: 'tidewaiter/kit-list/v1', kits: kits.map(plainKit) }
  call.terminal.print(wantsJson(call) ? JSON.stringify(value, null, 2) : lines.join('\n') || 'no kits are registered')
  return EXIT.done
}

function renderDispute({ id, registration, kind, other, detail, openedAt }: DisputeRecord): string {
  return `${id}  ${openedAt}  ${kind}\n  registration ${registration} with ${other}\n  ${showUnseen(detail)}`
}

/** Shows disputes; gives the exit code. */
export async function runDispute(call: CommandCall): Promise<number> {
  const [action, id] = call.positionals
  if (action !== 'show') throw usageFault('kit dispute takes show, and perhaps an ID')
  const disputes = await withRegister(callContext(call), (register) => register.kits.disputes(id))
  const value = { schema: 'tidewaiter/kit-disputes/v1', disputes }
  const text = disputes.map(renderDispute).join('\n') || 'no disputes'
  call.terminal.print(wantsJson(call) ? JSON.stringify(value, null, 2) : text)
  return EXIT.done
}
