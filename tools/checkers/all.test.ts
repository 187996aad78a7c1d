import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { CHECKERS } from './all.ts'
import { HOME, runProgram } from './checker.ts'

function fileOf(name: string): string {
  return name === 'package' ? 'package-rules' : name
}

test('CHECKERS have names of their own, and each a test that plants what it must report', () => {
  assert.equal(new Set(CHECKERS.map(({ name }) => name)).size, CHECKERS.length)
  for (const { name } of CHECKERS) {
    const path = join(import.meta.dirname, `${fileOf(name)}.test.ts`)
    assert.ok(existsSync(path), path)
    assert.match(readFileSync(path, 'utf8'), new RegExp(`^test\\('${name} reports|${name} reports`, 'm'), name)
  }
})

test('check.ts refuses a name that no checker has, and says which there are', async () => {
  const { code, stderr } = await runProgram(process.execPath, ['tools/check.ts', 'layerz'], { cwd: HOME })
  assert.equal(code, 2)
  assert.match(stderr, /unknown: layerz; the checkers are .*layers/)
})

test('check.ts ends with 0 and a table when a checker finds nothing', async () => {
  const { code, stdout } = await runProgram(process.execPath, ['tools/check.ts', 'sizes'], { cwd: HOME })
  assert.match(stdout, /^sizes +ok +\d+ /m)
  assert.equal(code, 0)
})
