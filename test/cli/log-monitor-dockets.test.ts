/** `tidewaiter log monitor` over dockets: silent when all is well, loud when the status list or a speaker is not. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { describeStatusList, loadOrCreateKey, signStatement } from '../../src/certificate/index.ts'
import { MIN_ENTRIES, StatusBits } from '../../src/certificate/status/bitstring.ts'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { dossiersOf, homeWithRegister } from './home.ts'
import { assertFault, jsonOf, runTidewaiter, startTidewaiter, type Run } from './program.ts'
import { assertContract } from './schemas.ts'

/** A log with a revoked certificate, served; a server of any other list; a monitor over both. */
async function watchedLog(context: TestContext) {
  const [home, folder] = [await homeWithRegister(context), temporaryFolder(context)]
  const run = (...words: readonly string[]): Promise<Run> => runTidewaiter([...words, '--home', home, '--quiet'])
  assert.equal((await run('clear', 'examples/oak')).status, 0)
  const [number = ''] = dossiersOf(home)
  const list = join(folder, 'before.json')
  assert.equal((await run('docket', 'status', '--out', list)).status, 0)
  await run('docket', 'revoke', number, '--action', 'revoke', '--reason', 'false-statement')
  const { vkeys, origin, root, published } = jsonOf(await run('log', 'status', '--format', 'json'))
  const [policy, state, key] = [
    join(folder, 'policy.txt'),
    join(folder, 'seen.json'),
    join(home, 'keys/signing-key.pub.pem'),
  ]
  writeFileSync(policy, `log ${vkeys[0]}\nquorum none\n`)

  const { child, ended } = startTidewaiter(['serve', '--home', home, '--port', '0'])
  let said = ''
  await new Promise<void>((done) =>
    child.stdout?.on('data', (text: string) => (said += text).includes(' at http') && done()),
  )
  const [, url = ''] = /at (http:\S+);/.exec(said) ?? []
  let served = ''
  const lists = createServer((_request, response) => response.end(served))
  await new Promise<void>((done) => lists.listen(0, '127.0.0.1', done))
  context.after(async () => {
    lists.closeAllConnections()
    lists.close()
    child.kill('SIGINT')
    await ended
  })
  const dishonest = `http://127.0.0.1:${(lists.address() as AddressInfo).port}/`
  const monitor = async (status: string, ...more: readonly string[]) => {
    const watched = ['log', 'monitor', url, '--once', '--home', folder, '--log-policy', policy, '--status', status]
    const report = await runTidewaiter([...watched, '--key', key, '--format', 'json', ...more])
    assertContract('log-monitor', jsonOf(report))
    return { status: report.status, ...jsonOf(report) }
  }
  const messages = ({ alarms }: { alarms: readonly { code: string; message: string }[] }) =>
    alarms.map(({ code, message }) => `${code}: ${message}`)

  const serveList = (text: string): void => void (served = text)
  const own = await loadOrCreateKey(join(home, 'keys'))
  const checkpoint = { origin, size: published, root }
  const content = { list: 'status-1', bits: new StatusBits(MIN_ENTRIES), checkpoint, issuer: { keyId: own.keyId } }
  const sign = async (change: object, signer = own): Promise<void> => {
    const statement = await describeStatusList({ ...content, issuedAt: Date.now() - 1_000, ...change })
    served = (await signStatement(statement, signer)).bundle
  }
  return { folder, url, dishonest, monitor, messages, checkpoint, sign, serveList, list, state, policy }
}

test('log monitor holds dockets, index and status list against the log, from run to run', async (context) => {
  const { folder, url, dishonest, monitor, messages, checkpoint, sign, serveList, ...paths } = await watchedLog(context)
  const { list, state, policy } = paths
  const fresh = await monitor(`${url}/status/status-1`, '--state', state)
  assert.deepEqual([fresh.status, fresh.alarms, fresh.read], [0, [], checkpoint.size])
  assert.equal(fresh.index.keys, 4, 'model, family, number and station')
  const again = await monitor(`${url}/status/status-1`, '--state', state)
  assert.deepEqual([again.alarms, again.index], [[], fresh.index])

  await sign({})
  const hidden = await monitor(dishonest)
  assert.equal(hidden.status, 30)
  assert.match(messages(hidden).join(), /^status: place \d+ of status-1: the list says valid, the log revoked$/)
  assert.match(hidden.alarms[0].notes[0], /dsseEnvelope/, 'the signed list is the evidence')
  await sign({ checkpoint: { ...checkpoint, root: 'a'.repeat(64) } })
  assert.match(messages(await monitor(dishonest)).join(), /names another root/)
  await sign({ checkpoint: { ...checkpoint, size: 3, root: 'a'.repeat(64) } })
  assert.match(messages(await monitor(dishonest)).join(), /a root of 3 entries that the log never had/)
  await sign({ checkpoint: { ...checkpoint, size: checkpoint.size + 1 } })
  assert.match(messages(await monitor(dishonest)).join(), /reflects \d+ entries; the log shows/)
  const stranger = await loadOrCreateKey(join(folder, 'keys'))
  await sign({ issuer: { keyId: stranger.keyId } }, stranger)
  assert.match(messages(await monitor(dishonest)).join(), /the status list is refused \(hint\)/)
  serveList(readFileSync(list, 'utf8'))
  assert.deepEqual((await monitor(dishonest)).alarms, [], 'the list from before was right when it was signed')
  assert.match(messages(await monitor(dishonest, '--state', state)).join(), /one of \d+ was served before/)
  assert.match(messages(await monitor('http://127.0.0.1:9/')).join(), /^unreachable: /)

  const words = ['log', 'monitor', url, '--once', '--home', folder, '--log-policy', policy]
  const foreign = await runTidewaiter([...words, '--key', stranger.publicKeyPath])
  assert.equal(foreign.status, 30)
  assert.ok(
    /ALARM observer \(dockets, entry \d+\): role: the key \S+ may not sign statements of the kind revocation/.test(
      foreign.stdout,
    ),
  )
  assertFault(await runTidewaiter([...words, '--status', `${url}/status/status-1`]), 'usage', 2)
})
