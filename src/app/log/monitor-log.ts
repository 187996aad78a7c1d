/**
 * A monitor wired up: a log at an address, a policy out of a file, and a file that remembers how far it came.
 */
import { existsSync } from 'node:fs'
import { Fault, systemClock, toFault, type Log } from '../../base/index.ts'
import {
  DocketObserver,
  predicateTypeOf,
  SignatureObserver,
  toHex,
  type Policy,
  type TrustedKey,
} from '../../certificate/index.ts'
import {
  fetchWitnessed,
  freshMonitorState,
  IndexObserver,
  logOverHttp,
  Monitor,
  nodeCryptography,
  readMonitorState,
  writeMonitorState,
  type MonitorReport,
  type MonitorState,
  type WitnessedView,
} from '../../log/index.ts'
import { docketIndex } from './docket-index.ts'
import type { MayIssue } from './issuers.ts'
import { fetchStatusList } from './status-source.ts'
import { StatusWatch } from './watch-status.ts'
import { readBounded } from '../read-bounded.ts'
import { writeWhole } from '../write-whole.ts'
import { readPolicyFile } from './witnesses.ts'

/** What is monitored, and how. */
export interface MonitoredLog {
  readonly url: string
  /** Path of the policy; its log is the one that is followed, its witnesses with addresses are asked as well. */
  readonly policy: string
  /** Path of the file that remembers; without it each start begins with the first entry. */
  readonly state: string | undefined
  /** Address of the status list that is held against the log. */
  readonly status: string | undefined
  /** Who may say what, and sign status lists. */
  readonly speakers: Speakers
  readonly log: Log
}

/** Bytes of the file that remembers at most. */
const LARGEST_STATE = 2 ** 30
/** Leaves between two times that the state is kept. */
const LEAVES = 65_536

const fetch = (url: string, init: RequestInit): Promise<Response> => globalThis.fetch(url, init)

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

/** The keys that are known to whoever watches. */
export interface Speakers {
  readonly trustedKeys: readonly TrustedKey[]
  /** Absent when no key is known: then every key may speak. */
  readonly mayIssue?: MayIssue
}

/** Keys that may say everything, and nobody else but replies. @param keys by key id */
export function speakersOf(keys: ReadonlyMap<string, TrustedKey>): Speakers {
  const trustedKeys = [...keys.values()]
  if (keys.size === 0) return { trustedKeys }
  const reply = predicateTypeOf('reply')
  return { trustedKeys, mayIssue: (keyId, type) => type === reply || keys.has(keyId) }
}

/** What a check found, with the root of the index over all entries that were read. */
export interface WatchReport extends MonitorReport {
  readonly index: { readonly keys: number; readonly root: string }
}

/** One check after another. */
export interface RunningMonitor {
  readonly origin: string
  /** Checks once, some entries at a time, and remembers. */
  check(): Promise<WatchReport>
}

interface Observers {
  readonly dockets: DocketObserver
  readonly index: IndexObserver
  readonly signatures: SignatureObserver
  readonly status: StatusWatch
}

/** Observers that go on from what they kept. @throws Fault `monitor-state` when the state is of a monitor without them */
function openObservers({ frontier, observers }: MonitorState, { status, speakers }: MonitoredLog): Observers {
  const saved = (name: string): string | undefined => observers.get(name)
  const followed = ['dockets', 'index', 'signatures'].every((name) => saved(name) !== undefined)
  if (frontier.size > 0 && !followed)
    throw new Fault('monitor-state', 'the state was kept by a monitor that followed no dockets; begin with a new file')
  const { mayIssue, trustedKeys } = speakers
  const watch = { now: () => systemClock.now(), seesAll: false, ...(mayIssue === undefined ? {} : { mayIssue }) }
  const parts = { fetchList: () => fetchStatusList(status ?? ''), trustedKeys, clock: systemClock }
  return {
    dockets: new DocketObserver(watch, saved('dockets')),
    index: new IndexObserver(docketIndex, saved('index')),
    signatures: new SignatureObserver(saved('signatures')),
    status: new StatusWatch(parts, saved('status')),
  }
}

/**
 * Opens a monitor.
 *
 * @throws Fault `no-such-file`, `policy`, `vkey`; `monitor-state` when the file remembers another log, and those of reading it
 */
export async function openMonitor(monitored: MonitoredLog): Promise<RunningMonitor> {
  const { url, policy: path, state: kept, log } = monitored
  const policy = await readPolicyFile(path)
  const origin = originOf(policy, path)
  const known = kept !== undefined && existsSync(kept)
  const state = known ? readMonitorState(readBounded(kept, LARGEST_STATE).toString('utf8')) : freshMonitorState(origin)
  if (state.origin !== origin) throw new Fault('monitor-state', `${kept} remembers ${state.origin}, not ${origin}`)
  const observers = openObservers(state, monitored)
  const { dockets, index, signatures, status } = observers
  const read = logOverHttp({ url: url.replace(/\/+$/, ''), fetch })
  const options = {
    policy,
    read,
    observers: [signatures, dockets, index, status],
    cryptography: nodeCryptography,
    clock: systemClock,
    witnessed: () => askWitnesses(policy, origin, log),
    leaves: LEAVES,
  }
  const monitor = new Monitor(options, state)
  return {
    origin,
    check: async () => {
      const fetched = monitored.status === undefined ? undefined : await status.fetch()
      const report = await monitor.check()
      const { note } = monitor.state
      const isRead = report.complete && note !== undefined
      const watched = { origin, note: note ?? '', read, dockets: dockets.dockets }
      const told = fetched === undefined || !isRead ? [] : await status.compare(fetched, watched)
      if (kept !== undefined) writeWhole(kept, writeMonitorState(monitor.state))
      const { map } = index
      const { alarms } = report
      return { ...report, alarms: [...alarms, ...told], index: { keys: map.keys, root: toHex(map.root()) } }
    },
  }
}
