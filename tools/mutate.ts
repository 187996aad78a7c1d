/**
 * Mutation testing of the checker of proofs and of the canonical form of pickles: `npm run mutate`, or
 * `npm run mutate -- canonical decode` for some of the files by their names.
 *
 * Changes the code in two thousand small ways and wants a test to fail for each; below 90 % it fails itself. Nothing is
 * left out: reasons are changed too, which the tables in `src/testing` hold word for word. What survives is listed in
 * `tools/mutation/.work/report.json`. Stryker is installed in `tools/mutation`, apart from the rest, the first time that
 * this runs. Takes five to ten minutes on two cores; what is interrupted leaves `tools/mutation/.work/sandbox` to delete.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { makeCases } from './mutation/cases.ts'

const ROOT = resolve(import.meta.dirname, '..')
const HOME = join(import.meta.dirname, 'mutation')
const CASES = join(HOME, '.work/cases.json')

/** The files that are mutated, by their names. */
const FILES: ReadonlyMap<string, string> = new Map([
  ['canonical', 'src/formats/pickle/canonical.ts'],
  ...['calls', 'check', 'constants', 'decode', 'execution', 'schemas', 'semantics', 'values'].map(
    (name) => [name, `src/formats/pickle/checker/${name}.ts`] as const,
  ),
])

function choose(names: readonly string[]): string {
  const unknown = names.filter((name) => !FILES.has(name))
  if (unknown.length > 0) {
    console.error(`unknown: ${unknown.join(', ')}; the files are ${[...FILES.keys()].join(', ')}`)
    return process.exit(2)
  }
  return [...FILES].flatMap(([name, path]) => (names.length === 0 || names.includes(name) ? [path] : [])).join()
}

function run(program: string, words: readonly string[], cwd: string): number {
  return (
    spawnSync(program, words, { cwd, stdio: 'inherit', env: { ...process.env, MUTATION_CASES: CASES } }).status ?? 1
  )
}

const files = choose(process.argv.slice(2))
mkdirSync(join(HOME, '.work'), { recursive: true })
writeFileSync(CASES, JSON.stringify(makeCases()))
const installed = existsSync(join(HOME, 'node_modules/.bin/stryker'))
const code = installed ? 0 : run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], HOME)
const stryker = join(HOME, 'node_modules/@stryker-mutator/core/bin/stryker.js')
const words = [stryker, 'run', 'tools/mutation/stryker.config.json', '--mutate', files]
process.exitCode = code === 0 ? run(process.execPath, words, ROOT) : code
