/**
 * What it costs to clear a large model: the whole program, with all its processes and threads, in units of one pass of
 * SHA-256 over the same bytes.
 *
 *     node bench/clear.ts [--gib 4] [--folder /tmp] [--runs 2] [--threads N] [--guard]
 *
 * Everything is in the page cache, and the register exists before, so that neither the disk nor the creation of a
 * database is measured. What a model of half a megabyte costs is measured beside it: that much of the whole does not
 * grow with the model. Of several runs, each with its own U, the one that took the least processor time in U counts: what
 * else runs on the machine only ever adds.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { printBars, type Bar } from './measuring/bars.ts'
import { measureChild, type ChildCost } from './measuring/child.ts'
import { warmHashUnit, type HashUnit } from './measuring/hash-unit.ts'
import { writeSyntheticModel } from './measuring/synthetic-model.ts'

const ROOT = resolve(import.meta.dirname, '..')
const PROGRAM = join(ROOT, 'bin/tidewaiter')

async function clear(ref: string, words: readonly string[]): Promise<ChildCost> {
  const cost = await measureChild(PROGRAM, ['clear', ref, ...words], { cwd: ROOT })
  if (cost.status !== 0 && cost.status !== 20) throw new Error(`clear ended with ${cost.status}: ${cost.stderr}`)
  return cost
}

interface Run {
  readonly unit: HashUnit
  readonly cost: ChildCost
}

function toBars({ unit, cost }: Run, small: ChildCost): readonly Bar[] {
  const { cpu, wall, peakMemory } = cost
  const free = availableParallelism() >= 2
  return [
    { what: 'U: one pass of SHA-256, processor time', measured: unit.cpu, unit: 's' },
    { what: 'U: one pass of SHA-256, wall time', measured: unit.wall, unit: 's' },
    { what: 'clear, processor time of all processes', measured: cpu, unit: 's' },
    { what: 'clear, wall time', measured: wall, unit: 's' },
    { what: 'of that for a model of half a megabyte', measured: small.cpu, unit: 's' },
    { what: 'clear, processor time', measured: cpu / unit.cpu, unit: 'U', most: 4.5 },
    { what: 'of that growing with the model', measured: (cpu - small.cpu) / unit.cpu, unit: 'U' },
    {
      what: free ? 'clear, wall time' : 'clear, wall time (needs two free processors)',
      measured: wall / unit.cpu,
      unit: 'U',
      guarded: false,
      ...(free ? { most: 2.5 } : {}),
    },
    { what: 'clear, peak memory of all processes', measured: peakMemory / 2 ** 20, unit: 'MiB' },
  ]
}

const { values } = parseArgs({
  options: {
    gib: { type: 'string', default: '4' },
    folder: { type: 'string', default: tmpdir() },
    runs: { type: 'string', default: '2' },
    threads: { type: 'string' },
    guard: { type: 'boolean' },
  },
})
const place = mkdtempSync(join(values.folder, 'tidewaiter-bench-'))
process.once('SIGINT', () => {
  rmSync(place, { recursive: true, force: true })
  process.exit(130)
})
try {
  const words = ['--home', join(place, 'home'), ...(values.threads === undefined ? [] : ['--threads', values.threads])]
  await clear('examples/birch', words)
  const small = await clear('examples/birch', words)
  const model = writeSyntheticModel(join(place, 'model'), Number(values.gib) * 2 ** 30)
  const runs: Run[] = []
  for (let run = 0; run < Number(values.runs); run++) {
    const unit = warmHashUnit(model.weights)
    runs.push({ unit, cost: await clear(model.folder, words) })
  }
  const [best] = runs.toSorted((a, b) => a.cost.cpu / a.unit.cpu - b.cost.cpu / b.unit.cpu)
  if (best === undefined) throw new Error('--runs is at least 1')
  const size = (model.bytes / 2 ** 30).toFixed(2)
  printBars(`clear of ${size} GiB of bf16, ${model.layers} layers, best of ${runs.length} runs`, toBars(best, small))
  console.log(best.cost.stderr.replace(/^/gm, '    '))
} finally {
  rmSync(place, { recursive: true, force: true })
}
