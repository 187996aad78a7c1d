/** The register belongs to one process at a time. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dossiersOf, homeWithRegister, assertNothingDecided } from './home.ts'
import { assertFault, runTidewaiter, startTidewaiter } from './program.ts'

test('clear says who uses the register while it is served, and decides nothing', async (context) => {
  const home = await homeWithRegister(context)
  const server = startTidewaiter(['serve', '--home', home, '--port', '0'])
  const address = await new Promise<string>((done) => {
    let text = ''
    server.child.stdout?.on('data', (more: string) => {
      text += more
      const found = /http:\/\/\S+?(?=[;\s])/.exec(text)
      if (found !== null) done(found[0])
    })
  })
  const run = await runTidewaiter(['clear', 'examples/oak', '--home', home, '--quiet'])
  assertFault(run, 'register-locked')
  assert.match(run.stderr, new RegExp(`process ${server.child.pid}\\b.*--register`))
  assertNothingDecided(home)

  const page = await fetch(address)
  assert.equal(page.status, 200)
  assert.match(await page.text(), /Search the register/)
  server.child.kill('SIGINT')
  const { status, stderr } = await server.ended
  assert.deepEqual([status, stderr], [0, ''])

  const after = await runTidewaiter(['clear', 'examples/oak', '--home', home, '--quiet'])
  assert.equal(after.status, 0, after.stderr)
})

test('of two clearances at once on one register each is entered whole or says that the register is in use', async (context) => {
  const home = await homeWithRegister(context)
  const words = ['clear', 'examples/oak', '--home', home, '--quiet']
  const runs = await Promise.all([runTidewaiter(words), runTidewaiter(words)])
  const cleared = runs.filter(({ status }) => status === 0)
  assert.ok(cleared.length > 0, runs.map(({ stderr }) => stderr).join(''))
  for (const run of runs) if (run.status !== 0) assertFault(run, 'register-locked')
  assert.equal(dossiersOf(home).length, cleared.length)
})
