/** `trust refresh` and `trust show`: what is trusted here. */
import { formatTime, systemClock } from '../../../../base/index.ts'
import { loadTuf } from '../../../../certificate/index.ts'
import { KEYRING_NAME } from '../../../keys/keyring-file.ts'
import { checkAfter, openInstalledTrust, TARGETS, trustFolder, wasRefreshed } from '../../../trust/targets.ts'
import { callContext, wantsJson } from '../../call-context.ts'
import { usageFault, type CommandCall } from '../../command.ts'
import { EXIT } from '../../exit-codes.ts'
import { readSmall } from './files.ts'

async function printTrust(call: CommandCall, home: string): Promise<number> {
  const { expires, isStale, keyring, targets } = await openInstalledTrust(home, systemClock.now())
  const names = [...targets.keys()]
  const said = {
    schema: 'tidewaiter/trust/v1',
    folder: trustFolder(home),
    expires,
    stale: isStale,
    targets: names,
    keys: keyring?.keys.length ?? 0,
  }
  const state = isStale ? `too old since ${expires}; run: tidewaiter trust refresh` : `until ${expires}`
  const text = `Trusted here, ${state}: ${names.join(', ')} (${said.keys} keys)`
  call.terminal.print(wantsJson(call) ? JSON.stringify(said, null, 2) : text)
  return isStale ? EXIT.held : EXIT.done
}

function readAddress(call: CommandCall): string {
  const from = call.value('from')
  if (from === undefined || !/^https?:\/\/[^/?#\s@]+(?:\/[^?#\s]*)?$/.test(from))
    throw usageFault(`--from is "${from ?? ''}"; it takes the address of a repository: https://trust.example`)
  return from.replace(/\/+$/, '')
}

/** The keyring of the last refresh, however old. */
async function installedKeyring(home: string): Promise<Uint8Array | undefined> {
  if (!wasRefreshed(home)) return undefined
  const { readTrust } = await loadTuf()
  return readTrust(trustFolder(home)).targets.get(KEYRING_NAME)
}

/** `trust refresh`. */
export async function runRefresh(call: CommandCall): Promise<number> {
  const { home } = callContext(call).places
  const { refreshTrust } = await loadTuf()
  const root = call.value('root')
  await refreshTrust({
    folder: trustFolder(home),
    url: readAddress(call),
    ...(root === undefined ? {} : { root: readSmall(root) }),
    fetch: (url, init) => fetch(url, { ...init, redirect: 'error' }),
    names: TARGETS,
    check: checkAfter(await installedKeyring(home)),
  })
  call.terminal.note(`refreshed ${formatTime(systemClock.now())}`)
  return printTrust(call, home)
}

/** `trust show`: exit code 20 when what is trusted is too old. */
export function runShow(call: CommandCall): Promise<number> {
  return printTrust(call, callContext(call).places.home)
}
