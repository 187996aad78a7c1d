/**
 * Kills processes that append and publish, and holds what is left against what they were promised.
 *
 * After each kill the log is opened, published, and then: every entry that was ever acknowledged stands at its index;
 * every checkpoint that was ever given out is a beginning of the newest; now and then every tile is computed anew from
 * the entries. Half of the kills come at a named place of the code, the others at a random moment.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, openSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { sql } from 'kysely'
import { systemClock } from '../base/index.ts'
import { readCheckpoint } from '../certificate/index.ts'
import { proveConsistency } from '../log/merkle/prove.ts'
import { verifyConsistency } from '../log/merkle/verify.ts'
import { cosigner, noteSigner, type KeySigner } from '../log/notes/signers.ts'
import { checkLog } from '../log/store/check-log.ts'
import { CRASH_POINTS } from '../log/store/crash-point.ts'
import type { TreeHead } from '../log/store/integrate.ts'
import type { Sequenced } from '../log/store/leaf.ts'
import { storedHashes } from '../log/store/read-tiles.ts'
import { createLog, openLog, type LogOptions, type TransparencyLog } from '../log/store/transparency-log.ts'
import type { Connection } from '../register/connect.ts'
import type { ChildTask } from './log-crash-child.ts'
import { openDatabase } from './log.ts'
import { logOptions } from './log-options.ts'
import { makePlace, type TestPlace } from './register.ts'
import { seededRandom } from './seeded-random.ts'

/** What was done and found. */
export interface CrashReport {
  readonly kills: number
  readonly acknowledged: number
  readonly checkpoints: number
  readonly size: number
  /** Kills at each named place; the rest came at random. */
  readonly points: Readonly<Record<string, number>>
}

/** How often to kill, and how much to look. */
export interface CrashOptions {
  readonly kills: number
  readonly seed: number
  /** Processes at once; more than one needs PostgreSQL. */
  readonly processes: number
  /** Kills between two times that everything is computed anew. */
  readonly checkEvery: number
  onProgress?(report: CrashReport): void
}

const ORIGIN = 'crash.example'
const LATEST_MS = 150
/** A child that does not die at its place by then hangs; it is ended by another signal, which fails the run. */
const LONGEST_MS = 60_000
const MOST_PASSINGS = 4

/** The child as one file, which starts three times as fast as its modules. */
async function bundleChild(folder: string): Promise<string> {
  const outfile = join(folder, 'child.mjs')
  const pglite = fileURLToPath(import.meta.resolve('@electric-sql/pglite'))
  await build({
    entryPoints: [join(import.meta.dirname, 'log-crash-child.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['pg-native', pglite],
    alias: { '@electric-sql/pglite': pglite },
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  })
  return outfile
}

function makeKeys(folder: string): readonly KeySigner[] {
  const keys: readonly KeyObject[] = [
    generateKeyPairSync('ed25519').privateKey,
    generateKeyPairSync('ml-dsa-44').privateKey,
  ]
  writeFileSync(
    join(folder, 'keys.json'),
    JSON.stringify(keys.map((key) => key.export({ type: 'pkcs8', format: 'pem' }))),
  )
  const [ed25519, mlDsa44] = keys as [KeyObject, KeyObject]
  return [noteSigner(ORIGIN, ed25519), cosigner({ name: ORIGIN, privateKey: mlDsa44, clock: systemClock })]
}

interface RecordLine {
  readonly acknowledged?: readonly Sequenced[]
  readonly published?: string
}

/** Reads what children wrote down, from where it was read last. */
class RecordReader {
  readonly #file: number
  readonly #path: string
  #at = 0
  #rest = ''

  constructor(folder: string) {
    this.#path = join(folder, 'record')
    writeFileSync(this.#path, '')
    this.#file = openSync(this.#path, 'r')
  }

  read(): readonly RecordLine[] {
    const bytes = Buffer.alloc(statSync(this.#path).size - this.#at)
    this.#at += readSync(this.#file, bytes, 0, bytes.length, this.#at)
    const lines = (this.#rest + bytes.toString('utf8')).split('\n')
    this.#rest = lines.pop() ?? ''
    return lines.map((line) => JSON.parse(line) as RecordLine)
  }
}

/** Everything that was promised, held against the log. */
class Promises {
  readonly #record: RecordReader
  readonly #heads = new Map<number, string>()
  #newest: TreeHead = { size: 0, root: new Uint8Array() }
  acknowledged = 0
  checkpoints = 0

  constructor(record: RecordReader) {
    this.#record = record
  }

  async hold(log: TransparencyLog, { database }: LogOptions): Promise<void> {
    const lines = this.#record.read()
    const published = await log.publish()
    const entries = lines.flatMap(({ acknowledged = [] }) => acknowledged)
    await this.#holdEntries(entries, published.size, database)
    for (const { published: note } of lines) if (note !== undefined) this.#holdRoot(note)
    await this.#holdConsistency(log, published)
    this.acknowledged += entries.length
  }

  async #holdEntries(entries: readonly Sequenced[], size: number, database: LogOptions['database']): Promise<void> {
    const indices = entries.map(({ index }) => index)
    const { rows } = await sql<{ idx: string | number; hash: string }>`
      select entry.idx, encode(entry.leaf_hash, 'hex') as hash from log_entry entry
      join unnest(${indices}::bigint[]) asked (idx) on entry.idx = asked.idx`.execute(database)
    const stands = new Map(rows.map(({ idx, hash }) => [Number(idx), hash]))
    for (const { index, leafHash } of entries) {
      if (index >= size || stands.get(index) !== leafHash)
        throw new Error(`entry ${index} was acknowledged and is lost`)
    }
  }

  #holdRoot(note: string): void {
    const { size, root } = readCheckpoint(note)
    const hex = Buffer.from(root).toString('hex')
    const before = this.#heads.get(Number(size))
    if (before !== undefined && before !== hex) throw new Error(`two roots for ${size} entries: the log has forked`)
    if (before === undefined) this.checkpoints++
    this.#heads.set(Number(size), hex)
  }

  /** Each size that is new, from one to the next up to the newest. */
  async #holdConsistency(log: TransparencyLog, newest: TreeHead): Promise<void> {
    const sizes = [...this.#heads.keys()].filter((size) => size > this.#newest.size).toSorted((a, b) => a - b)
    const read = storedHashes(log.store, newest.size)
    const heads = sizes.map((size) => ({ size, root: Buffer.from(this.#heads.get(size) ?? '', 'hex') }))
    for (const head of [...heads, newest]) {
      const { size: from, root: fromRoot } = this.#newest
      const hashes = await proveConsistency(from, head.size, read)
      if (from > 0) verifyConsistency({ from, to: head.size, fromRoot, toRoot: head.root, hashes })
      this.#newest = head
    }
  }
}

function start(program: string, task: ChildTask): ChildProcess {
  const words = [program, JSON.stringify(task)]
  return spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'], timeout: LONGEST_MS })
}

/** Runs a child until it is dead. It dies at its named place, or is killed at a random moment after it began. */
async function killOne(program: string, task: ChildTask, after: number): Promise<void> {
  const child = start(program, task)
  const died = once(child, 'exit') as Promise<[number | null, string | null]>
  if (child.stdout === null) throw new Error('the child has no output')
  await Promise.race([once(child.stdout, 'data'), died])
  if (task.point === undefined) {
    await setTimeout(after)
    child.kill('SIGKILL')
  }
  const [code, signal] = await died
  if (signal !== 'SIGKILL') throw new Error(`the child ended with ${code ?? signal}, not by being killed`)
}

/** One run over one log. */
class CrashRun {
  readonly #options: CrashOptions
  readonly #home: TestPlace
  readonly #folder: string
  readonly #signers: readonly KeySigner[]
  readonly #promises: Promises
  readonly #random: () => number
  readonly #points: Record<string, number> = {}
  #connection: Connection | undefined
  #kills = 0
  #size = 0

  constructor(options: CrashOptions, home: TestPlace, folder: string) {
    this.#options = options
    this.#home = home
    this.#folder = folder
    this.#signers = makeKeys(folder)
    this.#promises = new Promises(new RecordReader(folder))
    this.#random = seededRandom(options.seed)
  }

  #report(): CrashReport {
    const { acknowledged, checkpoints } = this.#promises
    return { kills: this.#kills, acknowledged, checkpoints, size: this.#size, points: this.#points }
  }

  async #logOptions(): Promise<LogOptions> {
    this.#connection ??= await openDatabase(this.#home.place)
    const files = 'databaseUrl' in this.#home.place
    const [folder, signers] = [this.#folder, this.#signers]
    return logOptions({ origin: ORIGIN, folder, connection: this.#connection, signers, files })
  }

  /** PGlite is for one process at a time. */
  async #leave(): Promise<void> {
    if ('databaseUrl' in this.#home.place) return
    await this.close()
  }

  async close(): Promise<void> {
    await this.#connection?.close()
    this.#connection = undefined
  }

  #task(at: number): ChildTask {
    const { place } = this.#home
    const named = this.#random() < 0.5 ? CRASH_POINTS[(this.#kills + at) % CRASH_POINTS.length] : undefined
    if (named !== undefined) this.#points[named] = (this.#points[named] ?? 0) + 1
    const task = { place, folder: this.#folder, origin: ORIGIN, name: `kill ${this.#kills} ${at}` }
    const passing = 1 + Math.floor(this.#random() * MOST_PASSINGS)
    return named === undefined ? { ...task, passing } : { ...task, passing, point: named }
  }

  async #round(program: string): Promise<void> {
    const tasks = Array.from({ length: this.#options.processes }, (_, at) => this.#task(at))
    await Promise.all(tasks.map((task) => killOne(program, task, this.#random() * LATEST_MS)))
    const before = this.#kills
    this.#kills += tasks.length
    const options = await this.#logOptions()
    const log = await openLog(options)
    await this.#promises.hold(log, options)
    this.#size = (await log.state()).published.size
    const { kills, checkEvery } = this.#options
    const due = Math.floor(this.#kills / checkEvery) > Math.floor(before / checkEvery)
    if (due || this.#kills >= kills) await checkLog(log.store)
    await this.#leave()
  }

  async run(): Promise<CrashReport> {
    const program = await bundleChild(this.#folder)
    await createLog(await this.#logOptions())
    await this.#leave()
    while (this.#kills < this.#options.kills) {
      await this.#round(program)
      this.#options.onProgress?.(this.#report())
    }
    return this.#report()
  }
}

/** Kills so often, on the PostgreSQL of `DATABASE_URL` or on PGlite. Rejects at the first promise that is broken. */
export async function crashLog(options: CrashOptions): Promise<CrashReport> {
  const home = await makePlace()
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-crash-'))
  const run = new CrashRun(options, home, folder)
  try {
    return await run.run()
  } finally {
    await run.close()
    await home.remove()
    rmSync(folder, { recursive: true, force: true })
  }
}
