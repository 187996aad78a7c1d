/**
 * What lineage costs: taking the fingerprint of a large model, in units of one pass of SHA-256 over the same bytes;
 * comparing two models of 135M parameters, beside PyTorch loading both and computing one cosine a tensor; and comparing
 * models of the shapes of 7B and 70B; and how much longer any of it takes with weights made to be slow. Also whether the fingerprint has the same bytes with one thread and with two, and
 * under another Node when `--other-node` names its program.
 *
 *     node bench/lineage.ts [--gib 2] [--folder /tmp] [--runs 2] [--threads N] [--python /usr/bin/python3]
 *                           [--other-node PATH] [--parts fingerprint,compare,hostile,7b,70b] [--guard]
 *
 * With `--only FOLDER` it takes one fingerprint, with `--only A --against B` it makes one comparison, and prints what
 * that cost, which is how it measures itself. Both sides of the comparison beside PyTorch are whole processes, with
 * their start and their imports. Everything is in the page cache. The large shapes are files of holes
 * (`measuring/shaped-pair.ts`), which need 3 GB of disk; filling them takes a minute of processor time.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { printBars, type Bar } from './measuring/bars.ts'
import { measureChild, type ChildCost } from './measuring/child.ts'
import { measureCompare, type CompareCost } from './measuring/compare-cost.ts'
import { hostileModels, writeOrdinary } from './measuring/hostile-models.ts'
import { measureFingerprint, type FingerprintCost } from './measuring/fingerprint-cost.ts'
import { warmHashUnit } from './measuring/hash-unit.ts'
import { SHAPES, writeShapedPair } from './measuring/shaped-pair.ts'
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
    'other-node': { type: 'string' },
    parts: { type: 'string', default: 'fingerprint,compare,hostile,7b,70b' },
    against: { type: 'string' },
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

/** Fingerprints of one model that are not as the first, by Node and threads. */
async function countDifferent(folder: string, digest: string): Promise<number> {
  let different = 0
  for (const node of [process.execPath, ...(values['other-node'] === undefined ? [] : [values['other-node']])]) {
    for (const threads of ['1', '2']) {
      const { stdout } = await run(node, [import.meta.filename, '--only', folder, '--threads', threads])
      if ((JSON.parse(stdout) as FingerprintCost).digest !== digest) different += 1
    }
  }
  return different
}

async function shapeBars(name: keyof typeof SHAPES): Promise<readonly Bar[]> {
  const [a, b] = await writeShapedPair(join(place, name), SHAPES[name])
  const { stdout } = await cheapest(runs, process.execPath, [import.meta.filename, '--only', a, '--against', b])
  const { cpu, wall, memory, verdict } = JSON.parse(stdout) as CompareCost
  rmSync(join(place, name), { recursive: true })
  if (verdict !== 'derived') throw new Error(`the verdict on a ${name} pair is ${verdict}`)
  const most = name === '7b' ? { most: 5 } : { most: 60 }
  return [
    { what: `C1, layer map and the rest, ${name} pair, processor`, measured: cpu, unit: 's', ...most },
    { what: `the same, wall time`, measured: wall, unit: 's', guarded: false, ...most },
    { what: `peak memory, ${name} pair`, measured: memory / 2 ** 20, unit: 'MiB', most: 1024 },
  ]
}

async function fingerprintBars(): Promise<readonly Bar[]> {
  const model = writeSyntheticModel(join(place, 'large'), Number(values.gib) * 2 ** 30)
  const unit = warmHashUnit(model.weights)
  const words = [import.meta.filename, '--only', model.folder, '--threads', values.threads]
  const { stdout } = await cheapest(runs, process.execPath, words)
  const { cpu, wall, memory, bytes, digest } = JSON.parse(stdout) as FingerprintCost
  const different = await countDifferent(model.folder, digest)
  rmSync(model.folder, { recursive: true })
  return [
    { what: 'U: one pass of SHA-256, processor time', measured: unit.cpu, unit: 's' },
    { what: `fingerprint of ${(model.bytes / 2 ** 30).toFixed(2)} GiB, processor time`, measured: cpu, unit: 's' },
    { what: 'fingerprint, processor time', measured: cpu / unit.cpu, unit: 'U', most: 2 },
    { what: 'fingerprint, wall time', measured: wall / unit.wall, unit: 'U', guarded: false },
    { what: 'fingerprint, peak memory of the process', measured: memory / 2 ** 20, unit: 'MiB', most: 1024 },
    { what: 'fingerprint, size of the file', measured: bytes / 1000, unit: 'kB', most: 130 },
    { what: 'fingerprints that differ by threads or Node', measured: different, unit: '', most: 0 },
  ]
}

/** Processor time of one comparison and of one fingerprint, each in a process of its own. */
async function costsOf(folder: string, other: string): Promise<readonly [compare: number, fingerprint: number]> {
  const compared = await cheapest(runs, process.execPath, [import.meta.filename, '--only', folder, '--against', other])
  const taken = await cheapest(runs, process.execPath, [import.meta.filename, '--only', folder, '--threads', '1'])
  return [(JSON.parse(compared.stdout) as CompareCost).cpu, (JSON.parse(taken.stdout) as FingerprintCost).cpu]
}

async function hostileBars(): Promise<readonly Bar[]> {
  const [parent] = writeSmallPair(place)
  const [compare, fingerprint] = await costsOf(writeOrdinary(place), parent)
  const bars: Bar[] = []
  for (const { name, folder } of hostileModels(place)) {
    const [ours, theirs] = await costsOf(folder, parent)
    bars.push(
      { what: `comparison, ${name}`, measured: ours / compare, unit: 'times', most: 2 },
      { what: `fingerprint, ${name}`, measured: theirs / fingerprint, unit: 'times', most: 2 },
    )
  }
  const ordinary = { what: 'comparison of two ordinary models', measured: compare, unit: 's' }
  return [ordinary, { ...ordinary, what: 'fingerprint of an ordinary model', measured: fingerprint }, ...bars]
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

const PARTS: Readonly<Record<string, () => Promise<readonly Bar[]>>> = {
  fingerprint: fingerprintBars,
  compare: compareBars,
  hostile: hostileBars,
  '7b': () => shapeBars('7b'),
  '70b': () => shapeBars('70b'),
}

async function runAll(): Promise<void> {
  try {
    for (const part of values.parts.split(',')) {
      const measure = PARTS[part]
      if (measure === undefined) throw new Error(`there is no part ${part}, only ${Object.keys(PARTS).join(', ')}`)
      printBars(part, await measure())
    }
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

const { only, against } = values
if (only === undefined) await runAll()
else if (against === undefined) console.log(JSON.stringify(await measureFingerprint(only, Number(values.threads))))
else console.log(JSON.stringify(await measureCompare(only, against)))
