/**
 * Runs one suite of tests: `node tools/test.ts unit|pg|e2e|real|package|readme [paths] [more flags of node --test]`.
 * With paths, only files whose path begins with one of them: `npm test -- src/base src/formats/gguf`.
 *
 * `unit` is everything that needs nothing but the packages; the others need what their names say and have scripts of
 * their own. A suite without files is an error, since a run of nothing looks like success. With `TEST_TALLY` the
 * counts of the run are appended to that file as `passed failed skipped`, for `.ci/run`.
 *
 * Every file of tests is a process of its own, which would strip the types of hundreds of sources and compile them anew.
 * What that gives is kept under `node_modules/.cache`, by the content of the sources.
 */
import { spawn } from 'node:child_process'
import { appendFileSync, globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'

const SUITES: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'unit',
    ['src/**/*.test.ts', 'tools/**/*.test.ts', 'test/!(e2e|package|pg|readme|real)/**/*.test.ts', 'test/*.test.ts'],
  ],
  [
    'pg',
    [
      'src/app/log/public-record.test.ts',
      'src/register/**/*.test.ts',
      'src/log/store/**/*.test.ts',
      'test/pg/**/*.test.ts',
    ],
  ],
  ['e2e', ['test/e2e/**/*.test.ts']],
  ['real', ['test/real/**/*.test.ts']],
  ['package', ['test/package/**/*.test.ts']],
  ['readme', ['test/readme/**/*.test.ts']],
])

/** Milliseconds after which a test that hangs is a failed one; whole installations run in the last three. */
const TIMEOUT = (suite: string): number => (['package', 'readme', 'real'].includes(suite) ? 1_800_000 : 180_000)

const COMPILED = resolve(import.meta.dirname, '../node_modules/.cache/tidewaiter/compile')

/** Suites whose files start servers, browsers or downloads run one file at a time. */
const CONCURRENT = new Set(['unit'])

function findFiles(suite: string, paths: readonly string[]): string[] {
  const patterns = SUITES.get(suite)
  if (!patterns) throw new Error(`no suite is called ${suite}; there are ${[...SUITES.keys()].join(', ')}`)
  const all = globSync(patterns).toSorted()
  const files = all.filter((file) => paths.length === 0 || paths.some((path) => file.startsWith(path)))
  if (files.length === 0) throw new Error(`the suite ${suite} has no files ${paths.join(', ')}`)
  return files
}

function requireFor(suite: string): void {
  if (suite === 'pg' && !process.env['DATABASE_URL']) throw new Error('test:pg needs DATABASE_URL of an empty database')
}

function record(summary: string): void {
  const tally = process.env['TEST_TALLY']
  if (tally === undefined) return
  const count = (name: string) => Number(new RegExp(`^ℹ ${name} (\\d+)$`, 'm').exec(summary)?.[1] ?? 0)
  const failed = count('fail') + count('cancelled')
  appendFileSync(tally, `${count('pass')} ${failed} ${count('skipped') + count('todo')}\n`)
}

function run(files: readonly string[], suite: string, more: readonly string[]): void {
  const concurrency = CONCURRENT.has(suite) ? availableParallelism() : 1
  const flags = [
    '--test',
    '--test-reporter=spec',
    `--test-concurrency=${concurrency}`,
    `--test-timeout=${TIMEOUT(suite)}`,
    ...more,
  ]
  const env = { NODE_COMPILE_CACHE: COMPILED, ...process.env }
  const child = spawn(process.execPath, [...flags, ...files], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let end = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    process.stdout.write(text)
    end = (end + text).slice(-100_000)
  })
  child.on('close', (code) => {
    record(end)
    process.exitCode = code ?? 1
  })
}

const [suite = 'unit', ...more] = process.argv.slice(2)
requireFor(suite)
const paths = more.filter((word) => !word.startsWith('-'))
run(
  findFiles(suite, paths),
  suite,
  more.filter((word) => word.startsWith('-')),
)
