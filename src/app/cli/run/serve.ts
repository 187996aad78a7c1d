/** The run of `tidewaiter serve`: the public register, and its log when it has one, over HTTP until it is stopped. */
import { once } from 'node:events'
import { systemClock } from '../../../base/index.ts'
import type { Register } from '../../../register/index.ts'
import type { CertificateSources } from '../../http/certificates.ts'
import { createServer } from '../../http/server.ts'
import { DocketDesk } from '../../log/docket-desk.ts'
import { findOwnLog, type OpenedLog } from '../../log/open-log.ts'
import { ownStatusList } from '../../log/own-status-list.ts'
import { STATUS_LIST } from '../../log/status-list.ts'
import { readPublishedTrust } from '../../trust/published-trust.ts'
import { callContext } from '../call-context.ts'
import type { CommandCall } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { withRegister } from './log/keep.ts'
import { publishWhile, routesOf } from './log/serve.ts'

/** What the pages of certificates ask of dockets. */
function sourcesOf(dockets: DocketDesk): Pick<CertificateSources, 'findStatus' | 'findReplies'> {
  return { findStatus: (number) => dockets.statusOf(number), findReplies: (number) => dockets.repliesTo(number) }
}

async function serve(call: CommandCall, register: Register, opened: OpenedLog | undefined): Promise<void> {
  const context = callContext(call)
  const { settings, log } = context
  const transparency = opened === undefined ? {} : { transparency: await routesOf(opened, context) }
  const { publicAddress } = settings
  const findToken = ({ number }: { readonly number: string }): Promise<string | undefined> => register.findToken(number)
  const dockets = opened === undefined ? undefined : new DocketDesk({ context, register, log: opened.log })
  const sources = {
    findToken,
    ...(dockets === undefined ? {} : sourcesOf(dockets)),
    ...(publicAddress === undefined ? {} : { publicAddress }),
  }
  const trust = readPublishedTrust(context)
  const list = opened === undefined ? undefined : await ownStatusList(context, opened.log)
  const statusList = list === undefined ? {} : { statusList: { name: STATUS_LIST, current: () => list.current() } }
  const server = createServer({
    register,
    clock: systemClock,
    log,
    trust,
    sources,
    ...transparency,
    ...statusList,
    ...(dockets === undefined ? {} : { dockets }),
  })
  const address = await server.listen({ host: settings.host, port: settings.port })
  const { models } = await register.count()
  const beside = opened === undefined ? '' : ` and the log ${opened.log.origin}`
  call.terminal.print(
    `The register (${models} ${models === 1 ? 'model' : 'models'})${beside} is served at ${address}; stop with Ctrl-C.`,
  )
  if (!call.signal.aborted) await once(call.signal, 'abort')
  await server.close()
}

/** Runs the command; gives its exit code. */
export async function run(call: CommandCall): Promise<number> {
  await withRegister(call, async (register, context) => {
    const opened = await findOwnLog(context, register)
    const work = (): Promise<void> => serve(call, register, opened)
    await (opened === undefined ? work() : publishWhile(opened, context, work))
  })
  return EXIT.done
}
