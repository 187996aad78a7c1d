/**
 * What proving pickles costs, beside picklescan, which matches names: a file of ten million opcodes, and ten thousand
 * small files.
 *
 *     node bench/pickle.ts [--python PYTHON] [--tuples 2000000] [--files 10000] [--folder /tmp] [--guard]
 *
 * Both sides are measured within their process, without start and imports, first run and all, in processor time.
 * Without `--python` a virtual environment with picklescan from PyPI is made in the cache folder and kept.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Budget } from '../src/formats/budget.ts'
import { readFromFile } from '../src/formats/file-source.ts'
import { pickleReader } from '../src/formats/pickle/index.ts'
import { readFile } from '../src/formats/read-file.ts'
import { printBars } from './measuring/bars.ts'
import { writeDensePickle, writeSmallPickles } from './measuring/pickle-files.ts'

const PICKLESCAN = 'picklescan==1.0.5'
const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    tuples: { type: 'string', default: '2000000' },
    files: { type: 'string', default: '10000' },
    folder: { type: 'string', default: tmpdir() },
    guard: { type: 'boolean' },
    only: { type: 'string' },
  },
})

interface Cost {
  readonly cpu: number
  readonly memory: number
  readonly opcodes: number
}

function readOne(path: string): number {
  const budget = new Budget()
  const file = { path, size: statSync(path).size, budget }
  const facts = readFromFile(file, (source) => readFile({ path, source, budget }, [pickleReader]))
  if (facts.reading !== 'full') throw new Error(`${path}: ${facts.reason}`)
  return facts.opcodes?.count ?? 0
}

/** Reads a file or a folder and says what that cost, in this process. */
function readAll(path: string): Cost {
  const paths = path.endsWith('/') ? readdirSync(path).map((name) => join(path, name)) : [path]
  const before = process.cpuUsage()
  const opcodes = paths.reduce((sum, each) => sum + readOne(each), 0)
  const { user, system } = process.cpuUsage(before)
  return { cpu: (user + system) / 1e6, memory: process.resourceUsage().maxRSS * 1024, opcodes }
}

/** A Python that has picklescan. */
function findPython(): string {
  if (values.python !== undefined) return values.python
  const venv = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'tidewaiter', 'bench-venv')
  const python = join(venv, 'bin/python')
  if (!existsSync(python)) {
    execFileSync('python3', ['-m', 'venv', venv], { stdio: 'inherit' })
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', PICKLESCAN], { stdio: 'inherit' })
  }
  return python
}

function measure(program: string, words: readonly string[]): Cost {
  return JSON.parse(execFileSync(program, words, { encoding: 'utf8', maxBuffer: 1e8 })) as Cost
}

function run(place: string): void {
  const python = findPython()
  const script = join(import.meta.dirname, 'measuring/picklescan_cost.py')
  const ours = (path: string): Cost => measure(process.execPath, [import.meta.filename, '--only', path])
  const theirs = (path: string): Cost => measure(python, [script, path])
  const dense = join(place, 'dense.pkl')
  writeDensePickle(dense, Number(values.tuples))
  const [denseOurs, denseTheirs] = [ours(dense), theirs(dense)]
  const small = join(place, 'small/')
  writeSmallPickles(small, Number(values.files))
  const [smallOurs, smallTheirs] = [ours(small), theirs(small)]
  printBars('pickle', [
    { what: 'opcode-dense pickle, opcodes', measured: denseOurs.opcodes / 1e6, unit: 'M' },
    { what: 'tidewaiter, processor time', measured: denseOurs.cpu, unit: 's' },
    {
      what: 'tidewaiter, time for a million opcodes',
      measured: (denseOurs.cpu / denseOurs.opcodes) * 1e9,
      unit: 'ms',
      most: 40,
    },
    { what: 'tidewaiter, peak memory', measured: denseOurs.memory / 2 ** 20, unit: 'MiB', most: 256 },
    { what: 'picklescan, processor time', measured: denseTheirs.cpu, unit: 's' },
    { what: 'tidewaiter in units of picklescan', measured: denseOurs.cpu / denseTheirs.cpu, unit: '', most: 1 / 40 },
    { what: `${values.files} small pickles, processor time`, measured: smallOurs.cpu, unit: 's' },
    { what: 'picklescan, processor time', measured: smallTheirs.cpu, unit: 's' },
    { what: 'small pickles in units of picklescan', measured: smallOurs.cpu / smallTheirs.cpu, unit: '', most: 1 / 5 },
  ])
}

if (values.only === undefined) {
  const place = mkdtempSync(join(values.folder, 'tidewaiter-bench-'))
  try {
    run(place)
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
} else console.log(JSON.stringify(readAll(values.only)))
