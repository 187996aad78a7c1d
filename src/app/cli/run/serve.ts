/** The run of `tidewaiter serve`: the public register over HTTP, until it is stopped. */
import { once } from 'node:events'
import { systemClock } from '../../../base/index.ts'
import { openRegister } from '../../../register/index.ts'
import { createServer } from '../../http/server.ts'
import { callContext } from '../call-context.ts'
import type { CommandCall } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

/** Runs the command; gives its exit code. */
export async function run(call: CommandCall): Promise<number> {
  const { settings, register: place, log } = callContext(call)
  const register = await openRegister(place)
  try {
    const server = createServer({ register, clock: systemClock, log })
    const address = await server.listen({ host: settings.host, port: settings.port })
    const { models } = await register.count()
    call.terminal.print(
      `The register (${models} ${models === 1 ? 'model' : 'models'}) is served at ${address}; stop with Ctrl-C.`,
    )
    if (!call.signal.aborted) await once(call.signal, 'abort')
    await server.close()
  } finally {
    await register.close()
  }
  return EXIT.done
}
