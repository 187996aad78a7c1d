/**
 * What hostile giants take of the confined process: its peak of resident memory, and wall time until there is an answer.
 *
 * Bars: at most 256 MB and 10 s each, always an answer, and never a clean one: `proved` or `no-finding` only when the
 * file was read in full. Streams of xz and bzip2 are made by the programs of these names.
 *
 * `node bench/memory.ts [--only WORD] [--folder /tmp] [--guard]`
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { openArtefact, parseReference } from '../src/artefact/index.ts'
import { audit } from '../src/audit/index.ts'
import type { FileFacts } from '../src/formats/index.ts'
import { HEAP_MEGABYTES } from '../src/formats/isolation/confinement.ts'
import { findNamespaces } from '../src/formats/isolation/namespaces.ts'
import { prepareProgram } from '../src/formats/isolation/prepared-program.ts'
import { ReaderProcess } from '../src/formats/isolation/reader-process.ts'
import { printBars, type Bar } from './measuring/bars.ts'
import { GIANTS, type Giant } from './measuring/giants.ts'

const WATCH_MS = 2
const WALL_MS = 10_000

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    folder: { type: 'string', default: tmpdir() },
    guard: { type: 'boolean' },
  },
})

interface Run {
  readonly facts: FileFacts
  /** Bytes. */
  readonly peak: number
  /** Seconds, without the start of the process. */
  readonly wall: number
}

/** A pattern of numbers, packed by a program of the system, which must be there. */
function packedBy(program: string, mib: number): Giant {
  const make = (): Uint8Array => {
    const input = Buffer.alloc(mib * 1024 * 1024)
    for (let at = 0; at < input.length; at += 4) input.writeUInt32LE((at * 2_654_435_761) >>> 12, at)
    return execFileSync(program, ['-c'], { input, maxBuffer: 1e9 })
  }
  const ending = program === 'xz' ? 'xz' : 'bz2'
  return { what: `${program}, ${mib} MiB within`, name: `stream.${ending}`, make }
}

function peakOf(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}

/** Watches the peak of a process, which is gone with it. */
function watchPeak(pid: number): () => number {
  let peak = 0
  const look = (): void => {
    peak = Math.max(peak, peakOf(pid))
  }
  const timer = setInterval(look, WATCH_MS)
  return () => {
    look()
    clearInterval(timer)
    return peak
  }
}

async function readConfined(file: string): Promise<Run> {
  const confinement = { files: [file], heapMegabytes: HEAP_MEGABYTES, namespaces: findNamespaces() }
  const child = await ReaderProcess.start({ program: await prepareProgram(), ...confinement })
  const stop = watchPeak(child.pid ?? 0)
  const begun = performance.now()
  const command = { path: basename(file), file, size: statSync(file).size, limits: {} }
  const facts = await child.read(command, WALL_MS)
  const run = { facts, peak: stop(), wall: (performance.now() - begun) / 1000 }
  child.kill()
  return run
}

/** What the rules make of these facts. */
async function verdictOn(file: string, facts: FileFacts): Promise<string> {
  const { artefact } = await openArtefact(parseReference(file), { cacheFolder: tmpdir(), blocks: false })
  const { members = [], ...outer } = facts
  const rest = { anomalies: [], assurance: 'namespaces' as const, readers: [] }
  return audit(artefact, { schema: 'tidewaiter/facts/v1', artefact: artefact.id, files: [outer, ...members], ...rest })
    .verdict
}

async function measure({ what, name, make }: Giant, folder: string): Promise<readonly Bar[]> {
  const file = join(folder, name)
  writeFileSync(file, make())
  const { facts, peak, wall } = await readConfined(file)
  const verdict = await verdictOn(file, facts)
  const size = (statSync(file).size / 2 ** 20).toFixed(0)
  rmSync(file)
  const { format, reading, reason = '' } = facts
  console.log(`  ${what} (${size} MiB): ${verdict}, ${format} ${reading} ${reason.slice(0, 100)}`)
  const isClean = ['proved', 'policy-proved', 'no-finding'].includes(verdict) && reading !== 'full'
  return [
    { what: `${what}: memory`, measured: peak / 1e6, unit: 'MB', most: 256 },
    { what: `${what}: wall`, measured: wall, unit: 's', most: 10, guarded: false },
    ...(isClean ? [{ what: `${what}: clean though unread`, measured: 1, unit: '', most: 0 }] : []),
  ]
}

const folder = mkdtempSync(join(values.folder, 'tidewaiter-bench-'))
try {
  const packed = ['xz', 'bzip2'].map((program) => packedBy(program, 96))
  const bars: Bar[] = []
  for (const giant of [...GIANTS, ...packed])
    if (giant.what.includes(values.only)) bars.push(...(await measure(giant, folder)))
  printBars('Hostile giants', bars)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
