/** `tidewaiter log`: a log from its first key to what a restored copy is refused. */
import assert from 'node:assert/strict'
import { cpSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { webCryptography } from '../../src/certificate/index.ts'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { readTrustedRoot } from '../../src/verify.ts'
import { homeWithRegister } from './home.ts'
import { assertFault, jsonOf, runTidewaiter, startTidewaiter, type Run } from './program.ts'
import { assertContract } from './schemas.ts'

const ORIGIN = '2026.log.example'

/** Starts something that serves; gives the lines that it says first. */
async function startServing(context: TestContext, words: readonly string[]): Promise<string> {
  const { child, ended } = startTidewaiter(words)
  context.after(async () => {
    child.kill('SIGINT')
    await ended
  })
  let said = ''
  const listening = new Promise<void>((done) =>
    child.stdout?.on('data', (text: string) => (said += text).includes(' at http') && done()),
  )
  await Promise.race([listening, ended.then((run) => assert.fail(run.stderr))])
  return said
}

test('clear puts certificates into a log whose witnesses sign, and verify asks for them', async (t) => {
  const [home, folder] = [await homeWithRegister(t), temporaryFolder(t)]
  const { vkeys } = jsonOf(await runTidewaiter(['log', 'init', ORIGIN, '--home', home, '--format', 'json']))
  const words = ['log', 'witness', '--name', 'w.example', '--log', vkeys[0], '--port', '0', '--home', folder]
  const said = await startServing(t, words)
  const witness = `witness w ${said.split('\n')[1]} ${/at (http:\S+);/.exec(said)?.[1]}\nquorum w\n`
  const [policy, known] = [join(folder, 'policy.txt'), join(folder, 'known.txt')]
  writeFileSync(policy, witness)
  writeFileSync(known, `log ${vkeys[0]}\n${witness}`)
  const cleared = await runTidewaiter([
    'clear',
    'examples/oak',
    '--log-policy',
    policy,
    '--home',
    home,
    '--format',
    'json',
    '--quiet',
  ])
  const bundle = join(home, 'dossiers', jsonOf(cleared).certificate.number, 'certificate.sigstore.json')
  const asked = ['verify', bundle, '--artefact', 'examples/oak', '--witness-policy', known, '--home', home, '--quiet']
  const { status, stdout } = await runTidewaiter(asked)
  assert.match(stdout, /holds +witnesses +signed by 1 of 1 witnesses of the policy: w/)
  assert.equal(status, 0)
})

test('log init, append, check and status keep a log whose witness makes a restored copy refuse to sign', async (t) => {
  const [home, folder] = [await homeWithRegister(t), temporaryFolder(t)]
  const run = (...words: readonly string[]): Promise<Run> =>
    runTidewaiter(['log', ...words, '--home', home, '--format', 'json', '--quiet'])
  const status = jsonOf(await run('init', ORIGIN))
  assertContract('log-status', status)
  assert.deepEqual([status.origin, status.published], [ORIGIN, 0])
  assert.equal(statSync(join(home, 'keys', `log.${ORIGIN}.ml-dsa-44.pem`)).mode & 0o777, 0o600)

  const words = ['log', 'witness', '--name', 'w.example', '--log', status.vkeys[0], '--port', '0', '--home', folder]
  const said = await startServing(t, words)
  const [, url] = /at (http:\S+);/.exec(said) ?? []
  const [, vkey] = said.split('\n')
  const policy = join(folder, 'policy.txt')
  writeFileSync(policy, `witness w ${vkey} ${url}\nquorum w\n`)

  const kept = ['register', join('keys', `${ORIGIN}.checkpoint.sqlite`)]
  for (const part of kept) cpSync(join(home, part), join(folder, 'backup', part), { recursive: true })
  writeFileSync(join(folder, 'entry'), 'an entry')
  const appended = jsonOf(await run('append', join(folder, 'entry'), '--log-policy', policy))
  assertContract('log-appended', appended)
  assert.match(appended.checkpoint, /\n— w\.example /)
  const check = jsonOf(await run('check'))
  assertContract('log-check', check)
  assert.deepEqual([check.size, check.root], [1, appended.root])

  for (const part of kept) {
    rmSync(join(home, part), { recursive: true })
    cpSync(join(folder, 'backup', part), join(home, part), { recursive: true })
  }
  const refused = await run('append', join(folder, 'entry'), '--log-policy', policy)
  assertFault(refused, 'log-rolled-back')
  assert.match(refused.stderr, /0 entries .* w has seen 1/)
})

test('log says what is wrong with a call', async () => {
  for (const words of [
    ['log', 'forget'],
    ['log', 'init'],
    ['log', 'witness'],
    ['log', 'witness', '--name', 'x'],
  ])
    assertFault(await runTidewaiter(words), 'usage', 2)
})

test('log trust prints what others need to trust log and timestamps, the same each time, and refuses another host', async (t) => {
  const home = await homeWithRegister(t)
  const run = (...words: readonly string[]): Promise<Run> => runTidewaiter(['log', ...words, '--home', home])
  assert.equal((await run('init', ORIGIN)).status, 0)
  const { status, stdout } = await run('trust')
  assert.equal(status, 0)
  const { logs, timestampAuthorities } = await readTrustedRoot(Buffer.from(stdout), webCryptography)
  assert.deepEqual([logs[0]?.origin, timestampAuthorities[0]?.chain.length], [ORIGIN, 2])
  assert.equal(statSync(join(home, 'keys', 'tsa', 'signing-key.pem')).mode & 0o777, 0o600)
  assert.equal((await run('trust', `https://${ORIGIN}`)).stdout, stdout)
  assertFault(await run('trust', 'https://other.example'), 'trusted-root')
})
