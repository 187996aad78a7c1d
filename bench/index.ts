/**
 * What it takes to screen one unknown against a million fingerprints, and what such a screen finds.
 *
 *     node bench/index.ts [--models 1000000] [--folder /tmp] [--shape mixed|one] [--guard]
 *
 * The fingerprints are drawn bits in the shapes of models as they are (`mixed`: 28 shapes, half of all models in four of
 * them; `one`: all in a single partition, the worst case). Among them stand parents; for each cosine from .05 to .99
 * children are drawn whose bits differ from their parent's as often as sign bits at that angle do. Measured are the
 * screen of whole models with everything in the page cache (warm: sketches kept in memory; streamed: read for each
 * question), the further stage that holds any layer against any layer, recall by cosine, and false hits.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  appendToIndex,
  indexRowText,
  ModelIndex,
  parseIndexRow,
  screenIndex,
  type IndexHit,
  type IndexRow,
} from '../src/lineage/index.ts'
import { printBars, type Bar } from './measuring/bars.ts'
import { childOf, SyntheticRows, type RowShape } from './measuring/index-rows.ts'

const { values } = parseArgs({
  options: {
    models: { type: 'string', default: '1000000' },
    folder: { type: 'string', default: tmpdir() },
    shape: { type: 'string', default: 'mixed' },
    guard: { type: 'boolean' },
    ask: { type: 'string' },
  },
})
const MODELS = Number(values.models)
const AT_ONCE = 20_000
/** Cosines of children, and how many children of each are asked. */
const COSINES = [0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.3, 0.5, 0.77, 0.99] as const
const CHILDREN = 20
/** z from which a model stands out among a million. */
const STANDS_OUT = 6

/** Layers and residual widths of models as they are, the common ones first; a Zipf law decides how many have which. */
const MIXED: readonly RowShape[] = [32, 28, 24, 36, 16, 30, 12, 22, 26, 40, 48, 64, 18, 6].flatMap((layers) =>
  [4096, 2048].map((width) => ({ layers, width })),
)
const ONE: readonly RowShape[] = [{ layers: 8, width: 4096 }]

function shapeOf(shapes: readonly RowShape[], model: number): RowShape {
  const weights = shapes.map((_, i) => 1 / (i + 1))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let left = ((model * 0.618_033_988_749_894_9) % 1) * total
  const place = weights.findIndex((weight) => (left -= weight) < 0)
  return shapes[Math.max(0, place)] ?? ONE[0] ?? { layers: 8, width: 4096 }
}

interface Planted {
  readonly parent: string
  readonly cosine: number
  readonly child: IndexRow
}

/** Writes the index and draws the children of some of its models, evenly spread. */
function build(folder: string, rows: SyntheticRows): readonly Planted[] {
  const shapes = values.shape === 'one' ? ONE : MIXED
  const planted: Planted[] = []
  const every = Math.max(1, Math.floor(MODELS / (COSINES.length * CHILDREN)))
  for (let from = 0; from < MODELS; from += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, MODELS - from) }, (_, i) => {
      const row = rows.make(shapeOf(shapes, from + i))
      const number = (from + i) / every
      const cosine = COSINES[number % COSINES.length]
      if (Number.isInteger(number) && cosine !== undefined && planted.length < COSINES.length * CHILDREN)
        planted.push({ parent: row.model, cosine, child: childOf(row, cosine, planted.length + 1) })
      return row
    })
    appendToIndex(folder, batch, String(from))
  }
  return planted
}

function readPlanted(folder: string): readonly Planted[] {
  return readFileSync(join(folder, 'planted'), 'utf8')
    .split('\n')
    .map((line) => {
      const [parent, cosine, child] = JSON.parse(line) as [string, number, string]
      return { parent, cosine, child: parseIndexRow(child) }
    })
}

interface Timed {
  readonly hits: readonly IndexHit[]
  /** Milliseconds of processor time of this thread and its garbage collector. */
  readonly cpu: number
  readonly wall: number
  /** Place of the parent among the hits, -1 when it is not there. */
  readonly place?: number
}

function ask(index: ModelIndex, row: IndexRow, anyLayer: boolean): Timed {
  const [begun, before] = [performance.now(), process.cpuUsage()]
  const hits = screenIndex(index, row, { anyLayer })
  const { user, system } = process.cpuUsage(before)
  return { hits, cpu: (user + system) / 1000, wall: performance.now() - begun }
}

/** Without most of the hits, which would be what takes the memory: the parent at its place, and whatever stands out. */
function condense({ hits, cpu, wall }: Timed, parent: string): Timed {
  const place = hits.findIndex(({ model }) => model === parent)
  const standing = hits.filter(({ whole, inOrder }) => Math.max(whole ?? 0, inOrder ?? 0) >= STANDS_OUT)
  const found = hits[place]
  return {
    hits: [...(found === undefined ? [] : [found]), ...standing.filter(({ model }) => model !== parent)],
    cpu,
    wall,
    place,
  }
}

function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

function printRecall(planted: readonly Planted[], answers: readonly Timed[]): void {
  console.log('recall of the parent by cosine (first; among the first 16; among the 1,000; z of whole and in order)')
  for (const cosine of COSINES) {
    const places = planted.flatMap((each, i) => {
      if (each.cosine !== cosine) return []
      const place = answers[i]?.place ?? -1
      return [{ place: place < 0 ? Infinity : place, hit: place < 0 ? undefined : answers[i]?.hits[0] }]
    })
    const share = (most: number): string =>
      `${Math.round((100 * places.filter(({ place }) => place < most).length) / places.length)} %`.padStart(6)
    const mean = (of: (hit: IndexHit) => number | null): string => {
      const z = places.flatMap(({ hit }) => (hit === undefined ? [] : (of(hit) ?? [])))
      return z.length === 0 ? '-' : (z.reduce((sum, each) => sum + each, 0) / z.length).toFixed(1)
    }
    console.log(
      `  cos ${cosine.toFixed(2)} of ${places.length}: ${share(1)} ${share(16)} ${share(1000)}   z ${mean(({ whole }) => whole).padStart(5)} ${mean(({ inOrder }) => inOrder).padStart(6)}`,
    )
  }
}

/** Hits that stand out and are no parent, in all answers. */
function falseHits(planted: readonly Planted[], answers: readonly Timed[]): number {
  return answers.reduce((sum, { hits }, i) => {
    const wrong = hits.filter(({ model, whole, inOrder }) => {
      const isParent = model === planted[i]?.parent
      return !isParent && Math.max(whole ?? 0, inOrder ?? 0) >= STANDS_OUT
    })
    return sum + wrong.length
  }, 0)
}

function measure(folder: string): readonly Bar[] {
  const planted = readPlanted(folder)
  const streamed = ModelIndex.open(folder)
  const cold = planted.slice(0, 8).map(({ child }) => ask(streamed, child, false))
  const deep = planted.slice(0, 4).map(({ child }) => ask(streamed, child, true))
  streamed.close()
  const memoryBefore = process.memoryUsage().rss
  const kept = ModelIndex.open(folder, { keepBytes: 352 * 1024 * 1024 })
  const begun = performance.now()
  const places = new Map(planted.map(({ child }) => [child.place, child]))
  for (const child of places.values()) ask(kept, child, false)
  const loading = performance.now() - begun
  const warm = planted.map((each) => condense(ask(kept, each.child, false), each.parent))
  const { rss } = process.memoryUsage()
  kept.close()
  printRecall(planted, warm)
  const wrong = falseHits(planted, warm)
  const cpu = warm.map((each) => each.cpu)
  return [
    { what: 'screen, warm, processor time, median', measured: quantile(cpu, 0.5), unit: 'ms', most: 100 },
    { what: 'screen, warm, processor time, 95 of 100', measured: quantile(cpu, 0.95), unit: 'ms', most: 100 },
    {
      what: 'screen, warm, wall time, median',
      measured: quantile(
        warm.map(({ wall }) => wall),
        0.5,
      ),
      unit: 'ms',
      guarded: false,
    },
    { what: 'loading what is kept, with a question to each', measured: loading, unit: 'ms', guarded: false },
    {
      what: 'screen, streamed, processor time, median',
      measured: quantile(
        cold.map((each) => each.cpu),
        0.5,
      ),
      unit: 'ms',
    },
    {
      what: 'with any layer against any, streamed, median',
      measured: quantile(
        deep.map((each) => each.cpu),
        0.5,
      ),
      unit: 'ms',
    },
    { what: 'memory of the process, streamed', measured: memoryBefore / 1e6, unit: 'MB', most: 600 },
    { what: 'memory of the process, warm', measured: rss / 1e6, unit: 'MB', most: 600 },
    { what: `false hits with z of ${STANDS_OUT} in ${planted.length} questions`, measured: wrong, unit: '' },
  ]
}

/** Writes, then measures in a process of its own, whose memory is that of asking alone. */
async function runAll(): Promise<void> {
  const place = mkdtempSync(join(values.folder, 'tidewaiter-index-'))
  process.once('SIGINT', () => {
    rmSync(place, { recursive: true, force: true })
    process.exit(130)
  })
  try {
    const planted = build(place, new SyntheticRows(1))
    const lines = planted.map(({ parent, cosine, child }) => JSON.stringify([parent, cosine, indexRowText(child)]))
    writeFileSync(join(place, 'planted'), lines.join('\n'))
    const words = [import.meta.filename, '--ask', place, '--models', values.models, '--shape', values.shape]
    const guard = values.guard === true ? ['--guard'] : []
    process.exitCode = spawnSync(process.execPath, [...words, ...guard], { stdio: 'inherit' }).status ?? 1
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

if (values.ask === undefined) await runAll()
else printBars(`index of ${MODELS} models, shapes ${values.shape}`, measure(values.ask))
