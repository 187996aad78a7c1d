/**
 * What a full pass over a checkpoint costs: digests, block list, every byte read by the confined reader, all rules.
 *
 * The file is a zip as torch writes it, of random bytes. What is counted is the processor time of whole processes,
 * starts and the confined child included, in U (`measuring/hash-unit.ts`), with compiled code cached as the program does
 * it. The parts are differences of two passes, one of which leaves the part out, each less the same over a checkpoint of
 * a few kilobytes; that is the start.
 *
 * Bar: at most 2.6 U. `node bench/full-pass.ts [--mib 1024] [--rounds 3] [--threads N] [--folder /tmp] [--guard]`
 */
import { randomFillSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { openArtefact, parseReference } from '../src/artefact/index.ts'
import { audit } from '../src/audit/index.ts'
import { readFacts } from '../src/formats/index.ts'
import { writeTorchZip } from '../src/testing/torch.ts'
import { printBars, type Bar } from './measuring/bars.ts'
import { measureChild } from './measuring/child.ts'
import { measureHashUnit } from './measuring/hash-unit.ts'

const MIB = 1024 * 1024
const TENSORS = 64
/** From the least to all: digests alone, with the block list, with facts and rules. */
const PARTS = ['digests', 'blocks', 'all'] as const
type Part = (typeof PARTS)[number]

const { values } = parseArgs({
  options: {
    mib: { type: 'string', default: '1024' },
    rounds: { type: 'string', default: '3' },
    threads: { type: 'string' },
    folder: { type: 'string', default: tmpdir() },
    guard: { type: 'boolean' },
    part: { type: 'string' },
    file: { type: 'string', default: '' },
  },
})

/** The work itself, in a process of its own. */
async function passOver(path: string, part: Part): Promise<void> {
  const threads = values.threads === undefined ? {} : { threads: Number(values.threads) }
  const options = { cacheFolder: tmpdir(), blocks: part !== 'digests', ...threads }
  const opened = await openArtefact(parseReference(path), options)
  if (part !== 'all') return
  const { verdict, files } = audit(opened.artefact, await readFacts(opened))
  console.log(`${verdict}: ${files.map(({ format, reading }) => `${format} ${reading}`).join(', ')}`)
}

/** Seconds of processor time of such a pass, and what it said. */
async function measure(path: string, part: Part): Promise<{ readonly cpu: number; readonly said: string }> {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(dirname(path), 'cache') }
  const options = values.threads === undefined ? [] : ['--threads', values.threads]
  const words = [import.meta.filename, '--part', part, '--file', path, ...options]
  const { cpu, status, stdout, stderr } = await measureChild(process.execPath, words, { env })
  if (status !== 0) throw new Error(stderr)
  return { cpu, said: stdout.trim() }
}

function writeCheckpoint(path: string, bytes: number): void {
  const length = bytes / TENSORS
  const tensors = Array.from({ length: TENSORS }, (_, index) => ({
    name: `model.layers.${index}.mlp.weight`,
    type: 'F32',
    shape: length % 4096 === 0 ? [length / 4096, 1024] : [length / 4],
    bytes: randomFillSync(new Uint8Array(length)),
  }))
  writeFileSync(path, writeTorchZip(tensors))
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN
}

/** Processor time of each part, in U, over the large file and over the small one. */
interface Round {
  readonly large: Readonly<Record<Part, number>>
  readonly small: Readonly<Record<Part, number>>
}

/** The unit is taken anew before each part: what else the machine does changes both. */
async function measureParts(path: string, unitOf: string): Promise<Round['large']> {
  const inUnits = async (part: Part): Promise<number> => {
    const unit = measureHashUnit(unitOf).cpu
    const { cpu, said } = await measure(path, part)
    if (part === 'all' && !said.startsWith('proved')) throw new Error(`the checkpoint is ${said}`)
    return cpu / unit
  }
  return { digests: await inUnits('digests'), blocks: await inUnits('blocks'), all: await inUnits('all') }
}

async function measureRound(large: string, small: string): Promise<Round> {
  const round = { large: await measureParts(large, large), small: await measureParts(small, large) }
  console.log(`  all ${round.large.all.toFixed(2)} U`)
  return round
}

/** What each part costs: over the large file, less its start. */
function toBars(rounds: readonly Round[]): readonly Bar[] {
  const of = (pick: (round: Round) => number): number => median(rounds.map(pick))
  const net = (part: Part): number => of(({ large, small }) => large[part] - small[part])
  const line = (what: string, measured: number): Bar => ({ what, measured, unit: 'U' })
  return [
    line(
      'start of our own process',
      of(({ small }) => small.digests),
    ),
    line(
      'start of the confined one, rules over a tiny file',
      of(({ small }) => small.all - small.blocks),
    ),
    line('digests', net('digests')),
    line('block list', net('blocks') - net('digests')),
    line('confined reading and rules', net('all') - net('blocks')),
    { ...line('full pass without starts', net('all')), most: 2.6 },
    {
      ...line(
        'full pass',
        of(({ large }) => large.all),
      ),
      most: 2.6,
    },
  ]
}

async function run(folder: string): Promise<void> {
  const [large, small] = [join(folder, 'checkpoint.pt'), join(folder, 'small.pt')]
  writeCheckpoint(large, Number(values.mib) * MIB)
  writeCheckpoint(small, TENSORS * 4)
  await measure(small, 'all')
  measureHashUnit(large)
  console.log(`${values.mib} MiB, load ${loadavg()[0]?.toFixed(2)}`)
  const rounds: Round[] = []
  for (let round = 0; round < Number(values.rounds); round++) rounds.push(await measureRound(large, small))
  printBars(`A full pass over ${values.mib} MiB of torch, median of ${rounds.length} rounds`, toBars(rounds))
}

if (values.part === undefined) {
  const folder = mkdtempSync(join(values.folder, 'tidewaiter-bench-'))
  try {
    await run(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
} else await passOver(values.file, values.part as Part)
