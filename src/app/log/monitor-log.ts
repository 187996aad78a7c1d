/**
 * A monitor wired up: a log at an address, a policy out of a file, and a file that remembers how far it came.
 */
import { existsSync, readFileSync } from 'node:fs'
import { Fault, systemClock, toFault, type Log } from '../../base/index.ts'
import { readPolicy, type Policy } from '../../certificate/index.ts'
import {
  fetchWitnessed,
  freshMonitorState,
  logOverHttp,
  Monitor,
  nodeCryptography,
  readMonitorState,
  writeMonitorState,
  type MonitorReport,
  type WitnessedView,
} from '../../log/index.ts'
import { writeWhole } from '../write-whole.ts'

/** What is monitored, and how. */
export interface MonitoredLog {
  readonly url: string
  /** Path of the policy; its log is the one that is followed, its witnesses with addresses are asked as well. */
  readonly policy: string
  /** Path of the file that remembers; without it each start begins with the first entry. */
  readonly state: string | undefined
  readonly log: Log
}

/** Leaves between two times that the state is kept. */
const LEAVES = 65_536

const fetch = (url: string, init: RequestInit): Promise<Response> => globalThis.fetch(url, init)

function read(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new Fault('no-such-file', `${path} cannot be read: ${toFault(cause).message}`, { cause })
  }
}

function originOf({ logs }: Policy, path: string): string {
  const origins = new Set(logs.map(({ key }) => key.name))
  const [origin] = origins
  if (origin !== undefined && origins.size === 1) return origin
  throw new Fault('policy', `${path} names ${origins.size} logs; a monitor follows one, by its lines "log <vkey>"`)
}

/** What the witnesses of a policy cosigned last; those who do not answer are left out. */
async function askWitnesses(policy: Policy, origin: string, log: Log): Promise<readonly WitnessedView[]> {
  const addresses = new Map(
    policy.witnesses.flatMap(({ name, url }) => (url === undefined ? [] : [[url, name] as const])),
  )
  const views = [...addresses].map(async ([url, witness]): Promise<readonly WitnessedView[]> => {
    try {
      const note = await fetchWitnessed({ url }, { origin, fetch })
      return note === undefined ? [] : [{ witness, note }]
    } catch (thrown) {
      log.warn({ witness, message: toFault(thrown).message }, 'monitor.witness-silent')
      return []
    }
  })
  return (await Promise.all(views)).flat()
}

/** One check after another. */
export interface RunningMonitor {
  readonly origin: string
  /** Checks once, some entries at a time, and remembers. */
  check(): Promise<MonitorReport>
}

/**
 * Opens a monitor.
 *
 * @throws Fault `no-such-file`, `policy`, `vkey`; `monitor-state` when the file remembers another log, and those of reading it
 */
export async function openMonitor({ url, policy: path, state: kept, log }: MonitoredLog): Promise<RunningMonitor> {
  const policy = await readPolicy(read(path), nodeCryptography)
  const origin = originOf(policy, path)
  const known = kept !== undefined && existsSync(kept)
  const state = known ? readMonitorState(Buffer.from(read(kept)).toString('utf8')) : freshMonitorState(origin)
  if (state.origin !== origin) throw new Fault('monitor-state', `${kept} remembers ${state.origin}, not ${origin}`)
  const options = {
    policy,
    read: logOverHttp({ url: url.replace(/\/+$/, ''), fetch }),
    cryptography: nodeCryptography,
    clock: systemClock,
    witnessed: () => askWitnesses(policy, origin, log),
    leaves: LEAVES,
  }
  const monitor = new Monitor(options, state)
  return {
    origin,
    check: async () => {
      const report = await monitor.check()
      if (kept !== undefined) writeWhole(kept, writeMonitorState(monitor.state))
      return report
    },
  }
}
