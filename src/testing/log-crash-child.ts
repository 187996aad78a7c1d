/**
 * A process that appends and publishes until it is killed, for `log-crash.ts`.
 *
 * Whatever the log acknowledges or publishes it writes down at once, in one write: those lines are what must still be
 * true when it is dead.
 */
import { createPrivateKey } from 'node:crypto'
import { openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { cosigner, noteSigner } from '../log/notes/signers.ts'
import type { CrashPoint } from '../log/store/crash-point.ts'
import { openLog, type TransparencyLog } from '../log/store/transparency-log.ts'
import { connect, type RegisterPlace } from '../register/connect.ts'
import { systemClock } from '../base/index.ts'
import { logOptions } from './log-options.ts'

/** What the child is told, as JSON in its first argument. */
export interface ChildTask {
  readonly place: RegisterPlace
  readonly folder: string
  readonly origin: string
  /** Names the leaves of this child. */
  readonly name: string
  /** Where to die, and at which passing; else it goes on until it is killed. */
  readonly point?: string
  readonly passing: number
}

const APPENDERS = 4
const task = JSON.parse(process.argv[2] ?? '{}') as ChildTask
const record = openSync(join(task.folder, 'record'), 'a')

function say(line: object): void {
  writeSync(record, `${JSON.stringify(line)}\n`)
}

let passed = 0
const crashPoint: CrashPoint = (name) => {
  if (name === task.point && ++passed === task.passing) process.kill(process.pid, 'SIGKILL')
}

async function append(log: TransparencyLog, appender: number): Promise<never> {
  for (let number = 0; ; number++) {
    const leaf = Buffer.from(`${task.name} ${appender} ${number}`.padEnd(60 + ((number * 37) % 400), '.'))
    const outcome = await log.append([{ leaf, once: number % 2 === 0 }])
    if (outcome.ok) say({ acknowledged: outcome.value })
  }
}

async function publish(log: TransparencyLog): Promise<never> {
  for (;;) {
    say({ published: (await log.publish()).note })
    // PGlite never lets go of the event loop by itself, and the appenders are to come in between.
    await setImmediate()
  }
}

function signers(): ReturnType<typeof noteSigner>[] {
  const [ed25519 = '', mlDsa44 = ''] = JSON.parse(readFileSync(join(task.folder, 'keys.json'), 'utf8')) as string[]
  const quantum = { name: task.origin, privateKey: createPrivateKey(mlDsa44), clock: systemClock }
  return [noteSigner(task.origin, createPrivateKey(ed25519)), cosigner(quantum)]
}

const connection = await connect(task.place)
const files = 'databaseUrl' in task.place
const options = logOptions({ origin: task.origin, folder: task.folder, connection, signers: signers(), files })
const log = await openLog({ ...options, crashPoint })
process.stdout.write('ready\n')
await Promise.all([publish(log), ...Array.from({ length: APPENDERS }, (_, at) => append(log, at))])
