/** The status list from `docket status` to `verify --status`: withdrawn, stale, rolled back, of strangers, and served. */
import assert from 'node:assert/strict'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { describeStatusList, loadOrCreateKey, signStatement } from '../../src/certificate/index.ts'
import { StatusBits, MIN_ENTRIES } from '../../src/certificate/status/bitstring.ts'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { dossiersOf, homeWithRegister } from './home.ts'
import { assertFault, jsonOf, runTidewaiter, startTidewaiter, type Run } from './program.ts'
import { assertContract } from './schemas.ts'

const HOUR = 3_600_000

function statusOf(run: Run) {
  const report = jsonOf(run)
  assertContract('verification', report)
  const check = report.checks.find(({ id }: { id: string }) => id === 'status')
  return [run.status, report.verdict, check.outcome, check.reason]
}

async function clearedHome(context: TestContext) {
  const home = await homeWithRegister(context)
  const run = (...words: readonly string[]): Promise<Run> => runTidewaiter([...words, '--home', home, '--quiet'])
  assert.equal((await run('clear', 'examples/oak')).status, 0)
  const [number = ''] = dossiersOf(home)
  const bundle = join(home, 'dossiers', number, 'certificate.sigstore.json')
  const key = join(home, 'keys/signing-key.pub.pem')
  const root = join(home, 'trust/own/trusted_root.json')
  /** As a stranger, who keeps what he has seen in a home of his own. */
  const verify = (list: string | undefined, stranger: string): Promise<Run> => {
    const asked = list === undefined ? [] : ['--status', list]
    const trusted = ['--key', key, '--trusted-root', root, '--artefact', 'examples/oak']
    return runTidewaiter(['verify', bundle, ...trusted, ...asked, '--home', stranger, '--format', 'json', '--quiet'])
  }
  const revoke = (action: string): Promise<Run> =>
    run('docket', 'revoke', number, '--action', action, '--reason', 'new-evidence')
  return { home, run, number, verify, revoke, key }
}

test('a status list withdraws a certificate, and one from before is stale to whoever has seen a newer', async (context) => {
  const { home, run, verify, revoke, number } = await clearedHome(context)
  const [stranger, newcomer] = [temporaryFolder(context), temporaryFolder(context)]
  const [before, after] = [join(home, 'before.json'), join(home, 'after.json')]
  assert.deepEqual(statusOf(await verify(undefined, stranger)), [0, 'pass', 'not-applicable', null])
  const made = jsonOf(await run('docket', 'status', '--out', before, '--format', 'json'))
  assertContract('status-made', made)
  assert.deepEqual([made.revoked, made.checkpoint.size], [0, 4])
  assert.deepEqual(statusOf(await verify(before, stranger)), [0, 'pass', 'pass', null])

  assert.equal((await revoke('suspend')).status, 0)
  await run('docket', 'status', '--out', after)
  assert.deepEqual(statusOf(await verify(after, stranger)), [4, 'revoked', 'fail', 'suspended'])
  assert.equal((await revoke('revoke')).status, 0)
  const words = await run('docket', 'status', '--out', after)
  assert.match(words.stdout, /1 revoked, 0 suspended, 0 superseded; all others hold/)
  assert.deepEqual(statusOf(await verify(after, stranger)), [4, 'revoked', 'fail', 'revoked'])
  assert.deepEqual(statusOf(await verify(before, stranger)), [3, 'stale', 'fail', 'status-rollback'])
  assert.deepEqual(statusOf(await verify(before, newcomer)), [0, 'pass', 'pass', null], 'who saw none cannot tell')

  assert.deepEqual((await run('docket', 'status')).stdout.slice(0, 12), '{"dsseEnvelo')
  assert.equal(dossiersOf(home)[0], number)
  const gone = await verify('http://127.0.0.1:9/status/status-1', stranger)
  assert.deepEqual(statusOf(gone), [3, 'stale', 'fail', 'status-unreachable'])
  assertFault(await verify(join(home, 'none'), stranger), 'no-such-file')
})

test('lists of others, of another log, of another name and of another day are refused', async (context) => {
  const { home, run, verify, key } = await clearedHome(context)
  const made = jsonOf(await run('docket', 'status', '--out', join(home, 'honest.json'), '--format', 'json'))
  const { origin, size } = made.checkpoint
  const own = await loadOrCreateKey(join(home, 'keys'))
  const stranger = await loadOrCreateKey(join(temporaryFolder(context), 'keys'))
  const checkpoint = { origin, size: size + 100, root: '0'.repeat(64) }
  const honest = { list: 'status-1', bits: new StatusBits(MIN_ENTRIES), checkpoint, issuer: { keyId: own.keyId } }
  const fresh = { ...honest, issuedAt: Date.now() }
  const attacks = [
    [{ ...fresh, issuer: { keyId: stranger.keyId } }, stranger, [1, 'fail', 'fail', 'hint']],
    [{ ...fresh, list: 'status-2' }, own, [1, 'fail', 'fail', 'status-list-other']],
    [
      { ...fresh, checkpoint: { ...checkpoint, origin: 'other.example' } },
      own,
      [1, 'fail', 'fail', 'status-log-other'],
    ],
    [{ ...fresh, issuedAt: Date.now() - 25 * HOUR }, own, [3, 'stale', 'fail', 'stale']],
    [{ ...fresh, issuedAt: Date.now() + HOUR }, own, [1, 'fail', 'fail', 'issued-in-future']],
    [{ ...fresh, checkpoint: { ...checkpoint, size: 1 } }, own, [3, 'stale', 'fail', 'status-rollback']],
    [{ ...fresh, checkpoint: { ...checkpoint, size } }, own, [1, 'fail', 'fail', 'status-fork']],
  ] as const
  const path = join(home, 'attack.json')
  for (const [content, signer, wanted] of attacks) {
    const { bundle } = await signStatement(await describeStatusList(content), signer)
    writeFileSync(path, bundle)
    assert.deepEqual(statusOf(await verify(path, temporaryFolder(context))), wanted)
  }
  cpSync(key, path)
  assert.deepEqual(statusOf(await verify(path, temporaryFolder(context))).slice(0, 3), [1, 'fail', 'fail'])
  assert.ok(readFileSync(key, 'utf8').includes('PUBLIC KEY'))
})

test('serve offers the list, and verify asks it by its address', async (context) => {
  const { home, verify, revoke, run } = await clearedHome(context)
  assert.equal((await revoke('revoke')).status, 0)
  const { child, ended } = startTidewaiter(['serve', '--home', home, '--port', '0'])
  let said = ''
  await new Promise<void>((done) =>
    child.stdout?.on('data', (text: string) => (said += text).includes(' at http') && done()),
  )
  const [, address = ''] = /at (http:\S+);/.exec(said) ?? []
  try {
    const url = `${address}/status/status-1`
    assert.deepEqual(statusOf(await verify(url, temporaryFolder(context))), [4, 'revoked', 'fail', 'revoked'])
    const [one, other] = await Promise.all([fetch(url), fetch(url)])
    assert.equal(await one.text(), await other.text(), 'a list is kept while it holds')
    assert.match(one.headers.get('content-type') ?? '', /sigstore/)
    assert.equal((await fetch(`${address}/status/status-2`)).status, 404)
  } finally {
    child.kill('SIGINT')
    await ended
  }
  const words = await run('verify', join(home, 'dossiers', dossiersOf(home)[0] ?? '', 'certificate.sigstore.json'))
  assert.match(words.stdout, /does not apply +status +nobody asked whether it was withdrawn/)
})
