/** The rules of today over models that came in before, without their bytes. */
import assert from 'node:assert/strict'
import { rmSync, cpSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { makeEntry, openTestRegister } from '../../src/testing/register.ts'
import { homeWithRegister } from './home.ts'
import { assertFault, jsonOf, ROOT, runTidewaiter } from './program.ts'
import { assertContract } from './schemas.ts'

test('audit --again says nothing new of a model about which the rules have not changed', async (context) => {
  const home = await homeWithRegister(context)
  const copy = join(temporaryFolder(context), 'oak')
  cpSync(join(ROOT, 'examples/oak'), copy, { recursive: true })
  assert.equal((await runTidewaiter(['clear', copy, '--home', home, '--quiet'])).status, 0)
  rmSync(copy, { recursive: true })
  const run = await runTidewaiter(['audit', '--again', '--home', home, '--all', '--quiet'])
  assert.equal(run.status, 0, run.stderr)
  assert.match(run.stdout, /^26\d{10} {2}no-finding/)
  assert.match(run.stdout, /1 model audited again, 0 changed, 0 worse than before\n$/)
})

test('audit --again lists what the rules of today find in the facts of before, and exits with 20', async (context) => {
  const home = await homeWithRegister(context)
  const register = await openTestRegister({ folder: join(home, 'register') })
  const entry = makeEntry({ name: 'old', number: '260000000012' })
  await register.enter(entry)
  await register.enter(makeEntry({ name: 'other', number: '260000000020' }))
  await register.close()
  const run = await runTidewaiter([
    'audit',
    '--again',
    entry.artefact.id,
    '--home',
    home,
    '--format',
    'json',
    '--quiet',
  ])
  const value = jsonOf(run)
  assertContract('reaudit', value)
  const [model, ...others] = value.models
  assert.deepEqual([run.status, value.audited, others], [20, 1, []])
  assert.deepEqual(model.verdict, { before: 'proved', now: 'inconclusive' })
  assert.ok(
    model.added.some(({ rule, message }: { rule: string; message: string }) => {
      return rule === 'TW-SYS-01' && message === 'the file was not opened'
    }),
  )
})

test('audit wants --again, and models that the register knows', async (context) => {
  assertFault(await runTidewaiter(['audit', 'examples/oak']), 'usage', 2)
  const home = await homeWithRegister(context)
  assertFault(await runTidewaiter(['audit', '--again', 'tw1:none', '--home', home, '--quiet']), 'usage', 2)
})
