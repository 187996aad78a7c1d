/** The index of the register: built, described, asked. */
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { homeWithRegister } from './home.ts'
import { assertFault, jsonOf, runTidewaiter } from './program.ts'
import { assertContract } from './schemas.ts'

test('index build, status and screen: the parent comes first, and the index says when it is out of date', async (context) => {
  const home = await homeWithRegister(context)
  const words = ['--home', home, '--quiet']
  const screen = ['index', 'screen', 'examples/oak-sft', ...words]
  assertFault(await runTidewaiter(screen), 'no-index')
  for (const name of ['oak', 'birch']) {
    const { status, stderr } = await runTidewaiter(['clear', `examples/${name}`, ...words])
    assert.equal(status, 0, stderr)
  }
  const ask = async (verb: string) => {
    const run = await runTidewaiter(['index', verb, ...words, '--format', 'json'])
    assert.equal(run.status, 0, run.stderr)
    const value = jsonOf(run)
    assertContract('index-status', value)
    return value
  }
  assert.deepEqual([(await ask('status'))['models'], (await ask('status'))['fresh']], [null, false])
  assert.deepEqual([(await ask('build'))['models'], (await ask('status'))['fresh']], [2, true])
  const run = await runTidewaiter([...screen, '--format', 'json'])
  assert.equal(run.status, 0, run.stderr)
  const answer = jsonOf(run)
  assertContract('index-screen', answer)
  const [{ hits }] = answer['answers'] as [{ hits: { ref: string; score: number }[] }]
  assert.deepEqual(hits[0]?.ref, 'oak')
  assert.ok((hits[0]?.score ?? 0) > 6 + (hits[1]?.score ?? 0))
  const text = await runTidewaiter(screen)
  assert.match(text.stdout, /no finding/)
  assert.doesNotMatch(text.stdout, /\b(derived|stolen|independent)\b/)
  rmSync(join(home, 'register/index'), { recursive: true })
  assert.equal((await ask('status'))['fresh'], false)
})

test('index refuses words that it does not know', async () => {
  for (const words of [['rebuild'], ['build', 'more'], ['screen'], ['screen', 'a.twf', '--most', '0']])
    assert.equal((await runTidewaiter(['index', ...words, '--quiet'])).status, 2)
})
