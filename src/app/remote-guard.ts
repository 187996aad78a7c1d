/**
 * Where nothing may be asked: addresses inside, reached through a name or a redirect from outside.
 *
 * The host that a person named may be anywhere. Whatever that host redirects to, or a listing points at, must resolve
 * to public addresses only, so that a server outside cannot make this machine ask the services of its own network.
 * The name is resolved once more by the request itself; a name server that answers differently within that moment is
 * not stopped by this.
 *
 * Source: IANA special-purpose address registries (RFC 6890).
 */
import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { Fault } from '../base/index.ts'

const INSIDE: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
  ['::', 127],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
]

function makeBlockList(): BlockList {
  const list = new BlockList()
  for (const [network, prefix] of INSIDE) list.addSubnet(network, prefix, network.includes(':') ? 'ipv6' : 'ipv4')
  return list
}

const BLOCKED = makeBlockList()

/** Whether an address is reachable by everybody. @example isPublic('192.168.1.1') // false */
export function isPublic(address: string): boolean {
  const version = isIP(address)
  return version !== 0 && !BLOCKED.check(address, version === 6 ? 'ipv6' : 'ipv4')
}

async function addressesOf(host: string): Promise<readonly string[]> {
  const bare = host.replace(/^\[|\]$/g, '')
  if (isIP(bare) !== 0) return [bare]
  try {
    return (await lookup(bare, { all: true })).map(({ address }) => address)
  } catch (cause) {
    throw new Fault('remote-unknown-host', `there is no host ${host}`, { cause })
  }
}

/**
 * A guard over requests: the first host that is asked is the one that was named.
 *
 * @throws Fault `remote-forbidden` (the guard) for an address inside; `remote-unknown-host`
 */
export function makeGuard(): (address: URL) => Promise<void> {
  let named: string | undefined
  return async ({ hostname }) => {
    named ??= hostname
    if (hostname === named) return
    const addresses = await addressesOf(hostname)
    if (addresses.length === 0 || !addresses.every(isPublic))
      throw new Fault('remote-forbidden', `${named} leads to ${hostname}, which is no public address; not asked`)
  }
}
