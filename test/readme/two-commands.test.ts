/** README.md promises that each of two blocks, alone, is all that a fresh machine needs. Here each runs in a fresh clone. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder, type Cleanable } from '../../src/testing/folders.ts'
import { blocksOf } from '../../tools/checkers/snippets.ts'

const HOME = resolve(import.meta.dirname, '../..')
const INSIDE = 'TEST_INSIDE_README'

function whySkip(): string | false {
  if (process.env[INSIDE] !== undefined) return 'this run was started by the test of the README'
  return existsSync(join(HOME, '.git')) ? false : 'not a git checkout, so there is nothing to clone'
}

/** The blocks of the section, in order. */
function readBlocks(): string[] {
  const page = readFileSync(join(HOME, 'README.md'), 'utf8')
  const section = page.split(/^## /m).find((part) => part.startsWith('Two commands\n')) ?? ''
  return blocksOf('README.md', section).map(({ code }) => code)
}

/** The environment of somebody who just arrived: no packages of ours in the path, nothing that npm set for this run. */
function freshEnvironment(context: Cleanable): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(?:npm_(?!config_)|NODE_|TIDEWAITER_|DATABASE_URL|TEST_)/.test(name),
  )
  const path = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.startsWith(join(HOME, 'node_modules')))
  return {
    ...Object.fromEntries(kept),
    PATH: path.join(delimiter),
    HOME: temporaryFolder(context),
    npm_config_cache: process.env['npm_config_cache'] ?? join(homedir(), '.npm'),
    npm_config_userconfig: process.env['npm_config_userconfig'] ?? join(homedir(), '.npmrc'),
    [INSIDE]: '1',
  }
}

function runInClone(context: Cleanable, code: string): string {
  const clone = join(temporaryFolder(context), 'tidewaiter')
  const cloned = spawnSync('git', ['clone', '--quiet', HOME, clone], { encoding: 'utf8' })
  assert.equal(cloned.status, 0, cloned.stderr)
  const options = { cwd: clone, encoding: 'utf8', env: freshEnvironment(context), maxBuffer: 1 << 28 } as const
  const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', code], options)
  assert.equal(status, 0, `${stdout.slice(-3000)}\n${stderr.slice(-3000)}`)
  return stdout
}

test('README: the first command installs and clears an example', { skip: whySkip() }, (context) => {
  const [first = ''] = readBlocks()
  assert.match(first, /^npm ci && \.\/bin\/tidewaiter clear examples\/\S+$/)
  assert.match(runInClone(context, first), /\bcleared\b/i)
})

test('README: the second command installs and passes the tests', { skip: whySkip() }, (context) => {
  const [, second = ''] = readBlocks()
  assert.equal(second, 'npm cit')
  const passed = /^ℹ pass (\d+)$/m.exec(runInClone(context, second))?.[1]
  assert.ok(Number(passed) > 100, `${passed} tests passed`)
})
