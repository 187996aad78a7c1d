/**
 * How fast a log takes entries, and how soon they stand under a published checkpoint.
 *
 *     node bench/log.ts [--entries 60000] [--appenders 1000] [--guard]
 *
 * Entries of 600 bytes come one in a call from many appenders at once, each waiting for its answer, while a checkpoint is
 * published each second, signed with Ed25519 and ML-DSA-44. On PGlite everything is in the database; with `DATABASE_URL`
 * also on PostgreSQL with tiles in files. First as many as go in, from the first append to the last answer; then as many a
 * second as the bar says, for ten seconds, with the time from each append to the checkpoint over it. All entries are
 * looked up among earlier ones.
 */
import { parseArgs } from 'node:util'
import { setTimeout } from 'node:timers/promises'
import { createLog, type TransparencyLog } from '../src/log/index.ts'
import { makeLogHome, numberedLeaf, type LogHome } from '../src/testing/log.ts'
import { printBars, type Bar } from './measuring/bars.ts'

const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '60000' },
    appenders: { type: 'string', default: '1000' },
    guard: { type: 'boolean' },
  },
})
const ENTRIES = Number(values.entries)
const BYTES = 600
const EVERY_MS = 1_000
const PACED_SECONDS = 10

interface Measured {
  /** Milliseconds from the first append to the last answer. */
  readonly wall: number
  readonly cpu: number
  /** Milliseconds from append to published, at the rate of the bar; sorted. */
  readonly waits: readonly number[]
  readonly publications: number
}

interface Work {
  /** Number of the first entry. */
  readonly from: number
  readonly entries: number
  /** Entries a second; as many as go in when it is Infinity. */
  readonly rate: number
}

/** Appends entries; gives the time at which each index was asked for. */
async function appendAll(log: TransparencyLog, { from, entries, rate }: Work): Promise<readonly number[]> {
  const [asked, start] = [[] as number[], performance.now()]
  let done = 0
  const appender = async (): Promise<void> => {
    while (done < entries) {
      const number = done++
      const due = start + (number / rate) * 1000
      while (performance.now() < due) await setTimeout(Math.max(1, due - performance.now()))
      const begun = performance.now()
      const outcome = await log.append([{ leaf: numberedLeaf(from + number, BYTES), once: true }])
      if (outcome.ok) for (const { index } of outcome.value) asked[index - from] = begun
    }
  }
  await Promise.all(Array.from({ length: Number(values.appenders) }, appender))
  return asked
}

/** Publishes each second up to a size; gives sizes and times. */
async function publishAll(log: TransparencyLog, upTo: number): Promise<readonly (readonly [number, number])[]> {
  const published: (readonly [number, number])[] = []
  for (;;) {
    const begun = performance.now()
    const { size } = await log.publish()
    published.push([size, performance.now()])
    if (size >= upTo) return published
    await setTimeout(Math.max(0, EVERY_MS - (performance.now() - begun)))
  }
}

async function measure(home: LogHome, least: number): Promise<Measured> {
  const log = await createLog(home.options())
  const [begun, before] = [performance.now(), process.cpuUsage()]
  const publishing = publishAll(log, ENTRIES)
  await appendAll(log, { from: 0, entries: ENTRIES, rate: Infinity })
  const wall = performance.now() - begun
  const { user, system } = process.cpuUsage(before)
  const first = await publishing
  const paced = { from: ENTRIES, entries: least * PACED_SECONDS, rate: least }
  const later = publishAll(log, ENTRIES + paced.entries)
  const asked = await appendAll(log, paced)
  const published = await later
  const waits = asked.map((time, at) => (published.find(([size]) => size > ENTRIES + at)?.[1] ?? Infinity) - time)
  return {
    wall,
    cpu: (user + system) / 1000,
    waits: waits.toSorted((a, b) => a - b),
    publications: first.length + published.length,
  }
}

interface Place {
  readonly what: string
  /** Entries a second that are to go in. */
  readonly least: number
  /** The database runs in this process, so that its processor time is all there is. */
  readonly embedded: boolean
}

function toBars({ what, least, embedded }: Place, { wall, cpu, waits, publications }: Measured): readonly Bar[] {
  const thousands = ENTRIES / 1000
  const p99 = (waits[Math.floor(waits.length * 0.99)] ?? Infinity) / 1000
  const most = Math.round(1_000_000 / least)
  const rate = Math.round((1000 * ENTRIES) / wall)
  return [
    { what: `${what}: processor, 1,000 entries`, measured: cpu / thousands, unit: 'ms', ...(embedded ? { most } : {}) },
    { what: `  wall, ${rate} entries a second`, measured: wall / thousands, unit: 'ms', most, guarded: false },
    { what: `  to published, 99 of 100, ${least}/s`, measured: p99, unit: 's', most: 1.5, guarded: false },
    { what: '  checkpoints published', measured: publications, unit: '' },
  ]
}

/** Measures on the database of the environment. */
async function run(place: Place): Promise<readonly Bar[]> {
  const home = await makeLogHome()
  try {
    return toBars(place, await measure(home, place.least))
  } finally {
    await home.remove()
  }
}

const shared = process.env['DATABASE_URL']
delete process.env['DATABASE_URL']
const bars = [...(await run({ what: 'PGlite', least: 3_000, embedded: true }))]
if (shared !== undefined) {
  process.env['DATABASE_URL'] = shared
  bars.push(...(await run({ what: 'PostgreSQL and files', least: 5_000, embedded: false })))
}
printBars(`log: ${ENTRIES} entries of ${BYTES} bytes, a checkpoint each second`, bars)
