/** The runs of `tidewaiter log init`, `log status` and `log check`. */
import { checkLog } from '../../../../log/index.ts'
import { openRegister, type Register } from '../../../../register/index.ts'
import type { Context } from '../../../context.ts'
import { initLog, openOwnLog, type OpenedLog } from '../../../log/open-log.ts'
import { openOwnAuthority } from '../../../log/own-authority.ts'
import { callContext, wantsJson } from '../../call-context.ts'
import type { CommandCall } from '../../command.ts'
import { EXIT } from '../../exit-codes.ts'

/** Opens the register for one action, and closes it. */
export async function withRegister<Value>(
  call: CommandCall,
  work: (register: Register, context: Context) => Promise<Value>,
): Promise<Value> {
  const context = callContext(call)
  const register = await openRegister(context.register)
  try {
    return await work(register, context)
  } finally {
    await register.close()
  }
}

async function describe({ log, logId, vkeys, publicKeyPem }: OpenedLog): Promise<object> {
  const { sequenced, integrated, published } = await log.state()
  return {
    schema: 'tidewaiter/log-status/v1',
    origin: log.origin,
    logId: Buffer.from(logId).toString('base64'),
    vkeys,
    publicKey: publicKeyPem,
    sequenced,
    integrated,
    published: published.size,
    root: Buffer.from(published.root).toString('hex'),
    checkpoint: published.note,
  }
}

async function printStatus(call: CommandCall, opened: OpenedLog): Promise<void> {
  const status = (await describe(opened)) as Readonly<Record<string, string>>
  if (wantsJson(call)) return call.terminal.print(JSON.stringify(status, null, 2))
  const lines = [
    `${status['origin']}: ${status['sequenced']} entries, ${status['published']} of them published`,
    `root ${status['root']}`,
    ...opened.vkeys,
  ]
  call.terminal.print(lines.join('\n'))
}

/** Runs `log init`; gives its exit code. */
export async function runInit(call: CommandCall): Promise<number> {
  const [origin = ''] = call.positionals
  await withRegister(call, async (register, context) => {
    const opened = await initLog(context, register, origin)
    await openOwnAuthority(context)
    await printStatus(call, opened)
  })
  return EXIT.done
}

/** Runs `log status`; gives its exit code. */
export async function runStatus(call: CommandCall): Promise<number> {
  await withRegister(call, async (register, context) =>
    printStatus(call, await openOwnLog(context, register, call.value('origin'))),
  )
  return EXIT.done
}

/** Runs `log check`; gives its exit code. */
export async function runCheck(call: CommandCall): Promise<number> {
  await withRegister(call, async (register, context) => {
    const { log } = await openOwnLog(context, register, call.value('origin'))
    const { size, tiles, root } = await checkLog(log.store)
    const value = { schema: 'tidewaiter/log-check/v1', origin: log.origin, size, tiles, root }
    const text = `${log.origin}: ${size} entries make these ${tiles} tiles and the root ${root}`
    call.terminal.print(wantsJson(call) ? JSON.stringify(value, null, 2) : text)
  })
  return EXIT.done
}
