/**
 * What the audit finds, misses and wrongly accuses, beside four other scanners on the same files: the generated corpus
 * (`measuring/corpus/make.py`: hostile, broken and harmless files of all formats) and the public one in `shared/corpus`.
 *
 *     node bench/audit.ts [--python PYTHON] [--folder FOLDER] [--peers picklescan,modelscan,…] [--details] [--guard]
 *
 * Bars: every hostile file a finding of the right family, no broken file clean, no harmless file accused of an exploit
 * or of malice, and of harmless torch, scikit-learn and joblib files at least 98 % proved. Nothing hostile is loaded.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import type { CaseAnswer } from './measuring/audit-cases.ts'
import { printBars, type Bar } from './measuring/bars.ts'
import { ensurePython } from './measuring/python-environment.ts'
import { judgeOurs, judgePeer, printTable, type Case, type PeerAnswer, type Row } from './measuring/scanner-table.ts'

const PEERS = ['picklescan', 'modelscan', 'fickling', 'modelaudit']
const MEASURING = join(import.meta.dirname, 'measuring')

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    folder: { type: 'string' },
    peers: { type: 'string', default: PEERS.join(',') },
    details: { type: 'boolean', default: false },
    guard: { type: 'boolean' },
  },
})

interface Run {
  readonly answers: unknown
  readonly seconds: number
  readonly megabytes: number
}

/** Runs a program over the cases; GNU time tells the largest process of its tree. */
async function runOver(cases: readonly Case[], words: readonly string[]): Promise<Run> {
  const begun = performance.now()
  const [program = '', ...rest] = existsSync('/usr/bin/time') ? ['/usr/bin/time', '-f', 'peak %M', ...words] : words
  const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.end(JSON.stringify(cases.map(({ path }) => path)))
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  const peak = Number(/^peak (\d+)$/m.exec(err)?.[1] ?? Number.NaN) / 1000
  return { answers: JSON.parse(out), seconds: (performance.now() - begun) / 1000, megabytes: peak }
}

async function makeCorpus(python: string, folder: string): Promise<readonly Case[]> {
  if (!existsSync(join(folder, 'cases.json'))) {
    const child = spawn(python, [join(MEASURING, 'corpus/make.py'), folder], { stdio: ['ignore', 'pipe', 'ignore'] })
    await text(child.stdout)
  }
  const { cases, missing } = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')) as {
    readonly cases: readonly Case[]
    readonly missing: readonly string[]
  }
  for (const each of missing) console.log(`not made: ${each}`)
  return cases
}

interface PeerRun {
  readonly python: string
  readonly folder: string
  readonly cases: readonly Case[]
}

async function runPeer(peer: string, { python, folder, cases }: PeerRun): Promise<Row | undefined> {
  try {
    const { answers, ...cost } = await runOver(cases, [python, join(MEASURING, 'corpus/peers.py'), peer, folder])
    return { name: peer, ...judgePeer(cases, answers as Readonly<Record<string, PeerAnswer>>), ...cost }
  } catch (thrown) {
    console.log(`${peer} could not be run: ${String(thrown)}`)
    return undefined
  }
}

function provable({ path }: Case): boolean {
  return /^harmless\/(sklearn-.*\.(pkl|joblib)|method-.*|torch-(?!module|script).*|arrays-.*)$/.test(path)
}

function barsOf(cases: readonly Case[], ours: Row, answers: Readonly<Record<string, CaseAnswer>>): readonly Bar[] {
  const candidates = cases.filter(provable)
  const proved = candidates.filter(({ path }) => ['proved', 'policy-proved'].includes(answers[path]?.verdict ?? ''))
  const unproved = 100 - (100 * proved.length) / candidates.length
  return [
    { what: 'hostile files without a finding of their family', measured: ours.missed, unit: 'files', most: 0 },
    { what: 'broken files called clean', measured: ours.brokenClean, unit: 'files', most: 0 },
    { what: 'harmless files accused', measured: ours.accused, unit: 'files', most: 0 },
    { what: `of ${candidates.length} torch, sklearn, joblib files not proved`, measured: unproved, unit: '%', most: 2 },
    { what: 'longest time for one file', measured: ours.longest, unit: 's', most: 10, guarded: false },
  ]
}

async function run(): Promise<void> {
  const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'tidewaiter-corpus-'))
  try {
    const python = ensurePython(values.python)
    const cases = await makeCorpus(python, resolve(folder))
    const mine = await runOver(cases, [process.execPath, join(MEASURING, 'audit-cases.ts'), folder])
    const answers = mine.answers as Readonly<Record<string, CaseAnswer>>
    const { seconds, megabytes } = mine
    const ours: Row = { name: 'tidewaiter', ...judgeOurs(cases, answers), seconds, megabytes }
    const rows: Row[] = [ours]
    for (const peer of values.peers.split(',').filter((each) => PEERS.includes(each))) {
      const row = await runPeer(peer, { python, folder, cases })
      if (row !== undefined) rows.push(row)
    }
    printTable(cases, rows)
    if (values.details) for (const line of ours.details) console.log(`  ${line}`)
    printBars('audit', barsOf(cases, ours, answers))
  } finally {
    if (values.folder === undefined) rmSync(folder, { recursive: true, force: true })
  }
}

await run()
