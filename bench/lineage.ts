/**
 * What lineage costs: taking the fingerprint of a large model, in units of one pass of SHA-256 over the same bytes; and
 * comparing two models of 135M parameters, beside PyTorch loading both and computing one cosine a tensor.
 *
 *     node bench/lineage.ts [--gib 2] [--folder /tmp] [--runs 2] [--threads N] [--python /usr/bin/python3] [--guard]
 *
 * With `--only FOLDER` it takes one fingerprint and prints what that cost, which is how it measures itself.
 * Both sides of the comparison are whole processes, with their start and their imports. Everything is in the page cache.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { printBars, type Bar } from './measuring/bars.ts'
import { measureChild, type ChildCost } from './measuring/child.ts'
import { measureFingerprint, type FingerprintCost } from './measuring/fingerprint-cost.ts'
import { warmHashUnit } from './measuring/hash-unit.ts'
import { writeSmallPair } from './measuring/small-pair.ts'
import { writeSyntheticModel } from './measuring/synthetic-model.ts'

const ROOT = resolve(import.meta.dirname, '..')
const PROGRAM = join(ROOT, 'bin/tidewaiter')

async function run(program: string, words: readonly string[]): Promise<ChildCost> {
  const cost = await measureChild(program, words, { cwd: ROOT })
  if (cost.status !== 0) throw new Error(`${program} ended with ${cost.status}: ${cost.stderr}`)
  return cost
}

/** The least of several runs: what else the machine does only ever adds. */
async function cheapest(runs: number, program: string, words: readonly string[]): Promise<ChildCost> {
  const costs: ChildCost[] = []
  for (let i = 0; i < runs; i++) costs.push(await run(program, words))
  return costs.reduce((best, cost) => (cost.cpu < best.cpu ? cost : best))
}

const { values } = parseArgs({
  options: {
    gib: { type: 'string', default: '2' },
    folder: { type: 'string', default: tmpdir() },
    runs: { type: 'string', default: '2' },
    threads: { type: 'string', default: String(availableParallelism()) },
    python: { type: 'string', default: '/usr/bin/python3' },
    guard: { type: 'boolean' },
    only: { type: 'string' },
  },
})
const runs = Number(values.runs)
const place = values.only ?? mkdtempSync(join(values.folder, 'tidewaiter-bench-'))
process.once('SIGINT', () => {
  if (values.only === undefined) rmSync(place, { recursive: true, force: true })
  process.exit(130)
})

async function fingerprintBars(): Promise<readonly Bar[]> {
  const model = writeSyntheticModel(join(place, 'large'), Number(values.gib) * 2 ** 30)
  const unit = warmHashUnit(model.weights)
  const words = [import.meta.filename, '--only', model.folder, '--threads', values.threads]
  const { stdout } = await cheapest(runs, process.execPath, words)
  const { cpu, wall, memory, bytes } = JSON.parse(stdout) as FingerprintCost
  rmSync(model.folder, { recursive: true })
  return [
    { what: 'U: one pass of SHA-256, processor time', measured: unit.cpu, unit: 's' },
    { what: `fingerprint of ${(model.bytes / 2 ** 30).toFixed(2)} GiB, processor time`, measured: cpu, unit: 's' },
    { what: 'fingerprint, processor time', measured: cpu / unit.cpu, unit: 'U', most: 2 },
    { what: 'fingerprint, wall time', measured: wall / unit.wall, unit: 'U', guarded: false },
    { what: 'fingerprint, peak memory of the process', measured: memory / 2 ** 20, unit: 'MiB' },
    { what: 'fingerprint, size of the file', measured: bytes / 1000, unit: 'kB', most: 130 },
  ]
}

async function compareBars(): Promise<readonly Bar[]> {
  const [a, b] = writeSmallPair(place)
  const torch = join(import.meta.dirname, 'measuring/cosine_per_tensor.py')
  const theirs = await cheapest(runs, values.python, [torch, a, b])
  const ours = await cheapest(runs, PROGRAM, ['compare', a, b, '--threads', values.threads])
  return [
    { what: 'PyTorch: load both, one cosine a tensor', measured: theirs.cpu, unit: 's' },
    { what: 'tidewaiter compare of two 135M models', measured: ours.cpu, unit: 's', most: theirs.cpu },
    { what: 'PyTorch, wall time', measured: theirs.wall, unit: 's' },
    { what: 'tidewaiter compare, wall time', measured: ours.wall, unit: 's' },
  ]
}

async function runAll(): Promise<void> {
  try {
    printBars('fingerprint', await fingerprintBars())
    printBars('compare', await compareBars())
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

if (values.only === undefined) await runAll()
else console.log(JSON.stringify(await measureFingerprint(values.only, Number(values.threads))))
