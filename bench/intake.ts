/**
 * What intake costs, in U: the CPU time of one pass of `node:crypto` SHA-256 over the same bytes with 4 MiB
 * `readSync`, measured in the same run with everything in the page cache.
 *
 * Bars: digests and block list at most 2.2 U of CPU and, on two free cores, 1.25 U of wall time; without the block
 * list, as for `sign`, 1.1 U of CPU and 1.3 GB in a second of CPU; memory of the process at most 100 MB, and 80 MB
 * without the block list, however large the file. Ratios are medians over the rounds; wall time says
 * something only while nothing else runs.
 *
 * `node bench/intake.ts [FILE] [--gib N] [--rounds N]`
 */
import { execFileSync } from 'node:child_process'
import { createHash, randomFillSync } from 'node:crypto'
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openArtefact, parseReference } from '../src/artefact/index.ts'

const BLOCK = 4 * 1024 * 1024
const GIB = 1024 ** 3

/** Seconds. */
interface Cost {
  readonly cpu: number
  readonly wall: number
}

/** Processor time of all threads, and wall time. */
async function measure(work: () => unknown): Promise<Cost> {
  const cpu = process.cpuUsage()
  const start = performance.now()
  await work()
  const { user, system } = process.cpuUsage(cpu)
  return { cpu: (user + system) / 1e6, wall: (performance.now() - start) / 1e3 }
}

function hashOnce(path: string): string {
  const buffer = Buffer.allocUnsafeSlow(BLOCK)
  const hash = createHash('sha256')
  const fd = openSync(path, 'r')
  for (let length = 1; length > 0;) {
    length = readSync(fd, buffer, 0, BLOCK, null)
    hash.update(buffer.subarray(0, length))
  }
  closeSync(fd)
  return hash.digest('hex')
}

function intake(path: string, blocks: boolean) {
  return openArtefact(parseReference(path), { cacheFolder: tmpdir(), blocks })
}

/** A file of random bytes, so that nothing of it is sparse or shared. */
function writeRandomFile(path: string, size: number): void {
  const block = Buffer.allocUnsafeSlow(BLOCK)
  const fd = openSync(path, 'w')
  for (let written = 0; written < size; written += BLOCK) writeSync(fd, randomFillSync(block))
  closeSync(fd)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

function report(name: string, ratios: readonly number[], bar: number): void {
  const spread = `${Math.min(...ratios).toFixed(2)} … ${Math.max(...ratios).toFixed(2)}`
  const value = median(ratios)
  console.log(`${name.padEnd(40)} ${value.toFixed(2)} U  (${spread}; bar ${bar})${value > bar ? '  OVER' : ''}`)
}

async function benchFile(path: string, rounds: number): Promise<void> {
  const costs: { unit: Cost; blocks: Cost; plain: Cost }[] = []
  hashOnce(path)
  for (let round = 0; round < rounds; round++) {
    costs.push({
      unit: await measure(() => hashOnce(path)),
      blocks: await measure(() => intake(path, true)),
      plain: await measure(() => intake(path, false)),
    })
  }
  const size = statSync(path).size / GIB
  const units = costs.map(({ unit }) => unit.cpu)
  console.log(
    `${size.toFixed(2)} GiB, load ${loadavg()[0]?.toFixed(2)}, 1 U = ${(median(units) / size).toFixed(3)} s/GiB`,
  )
  const ratios = (pick: 'blocks' | 'plain', of: keyof Cost) => costs.map((cost) => cost[pick][of] / cost.unit.cpu)
  report('digests and block list, CPU', ratios('blocks', 'cpu'), 2.2)
  report('digests and block list, wall', ratios('blocks', 'wall'), 1.25)
  report('digests alone, CPU', ratios('plain', 'cpu'), 1.1)
  const rate = statSync(path).size / 1e9 / median(costs.map(({ plain }) => plain.cpu))
  console.log(`digests alone: ${rate.toFixed(2)} GB in a second of CPU (bar 1.3)${rate < 1.3 ? '  OVER' : ''}`)
}

/** Memory of a process that does nothing else, its compiled code cached as for any second start. */
function benchMemory(path: string, cache: string, blocks: boolean): void {
  const words = [import.meta.filename, path, '--memory', ...(blocks ? [] : ['--plain'])]
  const run = () =>
    execFileSync(process.execPath, words, {
      encoding: 'utf8',
      env: { ...process.env, NODE_COMPILE_CACHE: cache },
    })
  run()
  console.log(run().trim())
}

async function benchSmallFiles(folder: string): Promise<void> {
  const count = 20_000
  for (let i = 0; i < count; i++) {
    if (i % 1000 === 0) mkdirSync(join(folder, `d${i / 1000}`), { recursive: true })
    writeFileSync(join(folder, `d${Math.floor(i / 1000)}`, `f${i}`), `${i}`)
  }
  const { cpu } = await measure(() => intake(folder, true))
  console.log(`${count} files of 5 bytes: ${((cpu / count) * 1e6).toFixed(0)} µs of CPU each`)
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    gib: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
    memory: { type: 'boolean', default: false },
    plain: { type: 'boolean', default: false },
  },
})
if (values.memory) {
  const before = process.memoryUsage.rss() / 1e6
  await intake(positionals[0] ?? '', !values.plain)
  const peak = process.resourceUsage().maxRSS / 1e3
  const what = values.plain ? 'digests alone' : 'digests and block list'
  const bar = values.plain ? 80 : 100
  console.log(
    `memory, ${what}: ${peak.toFixed(0)} MB at most, ${before.toFixed(0)} MB before the first byte (bar ${bar})`,
  )
} else {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-bench-'))
  try {
    const path = positionals[0] ?? join(folder, 'model.bin')
    if (positionals[0] === undefined) writeRandomFile(path, Number(values.gib) * GIB)
    await benchFile(path, Number(values.rounds))
    for (const blocks of [true, false]) benchMemory(path, join(folder, 'cache'), blocks)
    await benchSmallFiles(join(folder, 'small'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
