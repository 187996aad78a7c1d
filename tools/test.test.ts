import assert from 'node:assert/strict'
import { spawnSync, type SpawnSyncReturns } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../src/testing/folders.ts'

const HOME = resolve(import.meta.dirname, '..')

function run(words: readonly string[], environment: NodeJS.ProcessEnv = {}): SpawnSyncReturns<string> {
  const { NODE_TEST_CONTEXT, ...inherited } = process.env
  assert.ok(NODE_TEST_CONTEXT !== undefined, 'this test is run by node --test')
  const env = { ...inherited, ...environment }
  return spawnSync(process.execPath, ['tools/test.ts', ...words], { cwd: HOME, encoding: 'utf8', env })
}

test('test.ts runs the files of a path and adds their counts to the tally', (context) => {
  const tally = join(temporaryFolder(context), 'tally')
  const { status, stdout } = run(['unit', 'src/base/result'], { TEST_TALLY: tally })
  assert.equal(status, 0)
  assert.match(stdout, /^ℹ pass 1$/m)
  assert.equal(readFileSync(tally, 'utf8'), '1 0 0\n')
})

test('test.ts takes a run of nothing for an error', () => {
  const { status, stderr } = run(['unit', 'src/nowhere'])
  assert.equal(status, 1)
  assert.match(stderr, /the suite unit has no files src\/nowhere/)
})

test('test.ts says what the suite of PostgreSQL needs', () => {
  const { status, stderr } = run(['pg'], { DATABASE_URL: '' })
  assert.equal(status, 1)
  assert.match(stderr, /test:pg needs DATABASE_URL/)
})
