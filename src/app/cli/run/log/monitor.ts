/** The run of `tidewaiter log monitor`: follows a log and says what is wrong with it, once or until it is stopped. */
import { setTimeout } from 'node:timers/promises'
import { nodeCryptography, type Alarm } from '../../../../log/index.ts'
import { openMonitor, speakersOf, type RunningMonitor, type WatchReport } from '../../../log/monitor-log.ts'
import { readRoleKey, type TrustedKey } from '../../../../certificate/index.ts'
import { readBounded } from '../../../read-bounded.ts'
import { callContext, wantsJson } from '../../call-context.ts'
import { usageFault, type CommandCall } from '../../command.ts'
import { EXIT } from '../../exit-codes.ts'

/** Milliseconds from one check to the next. */
const EVERY_MS = 10_000

function describe({ code, message, notes, who, index }: Alarm): string {
  const place = [who, index === undefined ? undefined : `entry ${index}`].filter((part) => part !== undefined)
  const evidence = notes.map((note) => `${note.trimEnd()}\n`).join('\n')
  return `ALARM ${code}${place.length > 0 ? ` (${place.join(', ')})` : ''}: ${message}\n${evidence}`
}

function print(call: CommandCall, { origin }: RunningMonitor, report: WatchReport): void {
  const { alarms, read, size, complete, index } = report
  if (wantsJson(call)) {
    const printed = { schema: 'tidewaiter/log-monitor/v1', origin, size, read, complete, index, alarms }
    return call.terminal.print(JSON.stringify(printed))
  }
  const silent = `${origin}: ${read} entries read, nothing is wrong`
  return call.terminal.print(alarms.length === 0 ? silent : alarms.map(describe).join('\n'))
}

/** Waits; false when the call was stopped. */
async function pause(call: CommandCall): Promise<boolean> {
  try {
    await setTimeout(EVERY_MS, undefined, { signal: call.signal })
    return true
  } catch {
    return false
  }
}

const LARGEST_KEY = 16 * 1024

/** The keys that may speak, by their ids. @throws Fault `no-such-file`, those of `readRoleKey` */
async function readKeys(call: CommandCall): Promise<ReadonlyMap<string, TrustedKey>> {
  const keys = call.values('key').map(async (path) => {
    const { keyId, pem } = await readRoleKey(readBounded(path, LARGEST_KEY).toString('utf8'), nodeCryptography)
    return [keyId, { publicKeyPem: pem }] as const
  })
  return new Map(await Promise.all(keys))
}

/** Opens what the call names. @throws Fault `usage` */
async function open(call: CommandCall): Promise<RunningMonitor> {
  const { settings, log } = callContext(call)
  const [url = ''] = call.positionals
  if (!/^https?:\/\/\S+$/.test(url)) throw usageFault(`log monitor takes the address of a log, not "${url}"`)
  if (settings.logPolicy === undefined)
    throw usageFault('log monitor needs --log-policy with the log and its witnesses')
  const [status, state] = [call.value('status'), call.value('state')]
  if (status !== undefined && !/^https?:\/\/\S+$/.test(status))
    throw usageFault(`--status is "${status}"; a monitor takes the address of a status list`)
  const keys = await readKeys(call)
  if (status !== undefined && keys.size === 0)
    throw usageFault('--status needs the public key by which the list is signed: --key PEM')
  return openMonitor({ url, policy: settings.logPolicy, state, status, speakers: speakersOf(keys), log })
}

/** Runs the action; gives its exit code: that of a refusal when there was an alarm. */
export async function runMonitor(call: CommandCall): Promise<number> {
  const monitor = await open(call)
  let [alarmed, again, printed, read] = [false, true, -1, -1]
  while (again && !call.signal.aborted) {
    const report = await monitor.check()
    const isAlarmed = report.alarms.length > 0
    if (isAlarmed || (report.complete && report.size !== printed)) {
      print(call, monitor, report)
      printed = report.size
    }
    const more = !report.complete && report.read > read
    ;[alarmed, read] = [alarmed || isAlarmed, report.read]
    again = more || (!call.has('once') && (await pause(call)))
  }
  return alarmed ? EXIT.refused : EXIT.done
}
