/** The run of `tidewaiter log serve`: the log over HTTP, published each second, until it is stopped. */
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { systemClock } from '../../../../base/index.ts'
import { createBareServer } from '../../../http/bare-server.ts'
import { addLogRoutes, DEFAULT_LIMIT, type LogRoutes } from '../../../http/log-routes.ts'
import type { Context } from '../../../context.ts'
import { keepPublishing } from '../../../log/keep-publishing.ts'
import { openOwnAuthority, stampBy } from '../../../log/own-authority.ts'
import { openOwnLog, type OpenedLog } from '../../../log/open-log.ts'
import type { CommandCall } from '../../command.ts'
import { EXIT } from '../../exit-codes.ts'
import { withRegister } from './keep.ts'

/** Milliseconds from one checkpoint to the next. */
const EVERY_MS = 1_000

/** The routes of a log of this installation, with its timestamp authority. */
export async function routesOf({ log, logId }: OpenedLog, context: Context): Promise<LogRoutes> {
  const stamp = stampBy(await openOwnAuthority(context))
  return { log, logId, clock: systemClock, limit: DEFAULT_LIMIT, stamp }
}

/** Publishes while something is served. */
export async function publishWhile<Value>(
  { log }: OpenedLog,
  context: Context,
  work: () => Promise<Value>,
): Promise<Value> {
  const stop = new AbortController()
  const publishing = keepPublishing(log, {
    everyMs: EVERY_MS,
    now: () => performance.now(),
    sleep: (ms, signal) => setTimeout(ms, undefined, { signal }),
    log: context.log,
    signal: stop.signal,
  })
  try {
    return await work()
  } finally {
    stop.abort()
    await publishing
    await log.settle()
  }
}

/** Runs the action; gives its exit code. */
export async function runServe(call: CommandCall): Promise<number> {
  await withRegister(call, async (register, context) => {
    const opened = await openOwnLog(context, register, call.value('origin'))
    const server = createBareServer(context.log)
    addLogRoutes(server, await routesOf(opened, context))
    await publishWhile(opened, context, async () => {
      const { host, port } = context.settings
      const address = await server.listen({ host, port })
      call.terminal.print(`The log ${opened.log.origin} is served at ${address}; stop with Ctrl-C.`)
      if (!call.signal.aborted) await once(call.signal, 'abort')
      await server.close()
    })
  })
  return EXIT.done
}
