/**
 * Mutation testing of the checker of proofs and of the canonical form of pickles: `npm run mutate [-- --mutate FILES]`.
 *
 * Changes the code in a thousand small ways and wants a test to fail for each; below 90 % it fails itself. Stryker is
 * installed in `tools/mutation`, apart from the rest, the first time that this runs. Takes a while.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { makeCases } from './mutation/cases.ts'

const ROOT = resolve(import.meta.dirname, '..')
const HOME = join(import.meta.dirname, 'mutation')
const CASES = join(HOME, '.work/cases.json')

function run(program: string, words: readonly string[], cwd: string): number {
  return (
    spawnSync(program, words, { cwd, stdio: 'inherit', env: { ...process.env, MUTATION_CASES: CASES } }).status ?? 1
  )
}

mkdirSync(join(HOME, '.work'), { recursive: true })
writeFileSync(CASES, JSON.stringify(makeCases()))
const installed = existsSync(join(HOME, 'node_modules/.bin/stryker'))
const code = installed ? 0 : run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], HOME)
const stryker = join(HOME, 'node_modules/@stryker-mutator/core/bin/stryker.js')
const words = [stryker, 'run', 'tools/mutation/stryker.config.json', ...process.argv.slice(2)]
process.exitCode = code === 0 ? run(process.execPath, words, ROOT) : code
