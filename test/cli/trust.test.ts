/** `tidewaiter trust`: five keyholders make a root, a keyring is published, and a stranger's home takes it. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { signRoot } from '../../src/certificate/tuf/index.ts'
import { writeKeyring } from '../../src/certificate/keys/keyring.ts'
import { loadOrCreateKey } from '../../src/certificate/keys/signing-key.ts'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { keyringKey, makeSigner } from '../../src/testing/keys.ts'
import { serveTrust } from '../../src/testing/trust.ts'
import { assertFault, jsonOf, runTidewaiter, type Run } from './program.ts'
import { assertContract, type ContractName } from './schemas.ts'

type Said = Readonly<Record<string, unknown>>

interface Bench {
  readonly at: (name: string) => string
  readonly call: (...words: readonly string[]) => Promise<Run>
  /** Runs an action that has to succeed and keep its contract. */
  readonly said: (contract: ContractName, ...words: readonly string[]) => Promise<Said>
}

function openBench(folder: string): Bench {
  const at = (name: string): string => join(folder, name)
  const call: Bench['call'] = (...words) => runTidewaiter(['trust', ...words, '--home', at('home'), '--format', 'json'])
  const said: Bench['said'] = async (contract, ...words) => {
    const run = await call(...words)
    assert.equal(run.status, 0, run.stderr)
    assertContract(contract, jsonOf(run))
    return jsonOf(run)
  }
  return { at, call, said }
}

const HOLDERS = ['k1', 'k2', 'k3', 'k4', 'k5']
const ONLINE = ['targets', 'snapshot', 'timestamp']

/** Signs a root on the machines of other keyholders. */
async function signElsewhere({ at }: Bench, path: string, holders: readonly string[]): Promise<void> {
  for (const name of holders) writeFileSync(path, await signRoot(readFileSync(path), await loadOrCreateKey(at(name))))
}

async function holdCeremony(bench: Bench): Promise<void> {
  const { at, call, said } = bench
  const pem = async (name: string): Promise<string> => (await loadOrCreateKey(at(name))).publicKeyPath
  const words = ['init', '--out', at('1.root.json')]
  for (const name of HOLDERS) words.push('--root-key', await pem(name))
  for (const role of ONLINE) words.push(`--${role}-key`, await pem(role))
  const root = at('1.root.json')
  const planned = await said('trust-root', ...words)
  assert.deepEqual(planned['signed'], [])
  const sign = ['sign-root', root, '--signer', `file:${at('k1')}`, '--digest']
  assertFault(await call(...sign, 'ab'.repeat(32)), 'tuf-digest')
  const signed = await said('trust-root', ...sign, String(planned['digest']))
  assert.deepEqual([signed['digest'], (signed['signed'] as string[]).length], [planned['digest'], 1])
  await signElsewhere(bench, root, ['k4'])
  assertFault(await call('publish', at('repository'), '--root', root), 'tuf-threshold')
  await signElsewhere(bench, root, ['k5'])
  await said('trust-published', 'publish', at('repository'), '--root', root)
}

async function publishKeyring({ at, call, said }: Bench): Promise<void> {
  const officer = keyringKey(await makeSigner())
  writeFileSync(at('stations.json'), writeKeyring({ keys: [officer], quorums: [] }))
  const signers = ONLINE.flatMap((role) => [`--${role}-signer`, `file:${at(role)}`])
  const words = ['publish', at('repository'), ...signers, '--target']
  assert.equal((await said('trust-published', ...words, at('stations.json')))['targets'], 1)
  writeFileSync(at('policy.json'), '{}')
  assertFault(await call(...words, at('policy.json')), 'trust-target')
}

async function rotate(bench: Bench): Promise<void> {
  const { at, said } = bench
  const [root, next] = [at('1.root.json'), at('2.root.json')]
  const words = ['rotate', root, '--out', next]
  for (const name of ['k2', 'k3', 'k4', 'k5', 'k6'])
    words.push('--root-key', (await loadOrCreateKey(at(name))).publicKeyPath)
  await said('trust-root', ...words)
  await said('trust-root', 'sign-root', next, '--previous', root, '--signer', `file:${at('k1')}`)
  await signElsewhere(bench, next, ['k2', 'k3', 'k6'])
  await said('trust-published', 'publish', at('repository'), '--root', next)
}

test('tidewaiter trust takes a root through its ceremony, publishes, refreshes and rotates', async (context) => {
  const bench = openBench(temporaryFolder(context))
  const { at, call, said } = bench
  await holdCeremony(bench)
  await publishKeyring(bench)
  const { url, lie } = await serveTrust(context, at('repository'))
  assertFault(await call('refresh', '--from', url), 'trust-anchor')
  const first = await said('trust', 'refresh', '--from', url, '--root', at('1.root.json'))
  assert.deepEqual([first['stale'], first['targets'], first['keys']], [false, ['stations.json'], 1])
  const taken = at('home/trust/targets/stations.json')
  assert.equal(readFileSync(taken, 'utf8'), readFileSync(at('stations.json'), 'utf8'))
  await rotate(bench)
  assert.equal((await said('trust', 'refresh', '--from', url))['stale'], false)
  lie((path, response) => path.endsWith('timestamp.json') && Boolean(response.writeHead(200).end('{}')))
  assertFault(await call('refresh', '--from', url), 'trust-refused')
  writeFileSync(taken, '{}')
  assertFault(await call('show'), 'trust-refused')
})

test('tidewaiter trust refuses words that it cannot use', async (context) => {
  const home = temporaryFolder(context)
  const call = (...words: readonly string[]) => runTidewaiter(['trust', ...words, '--home', home])
  assertFault(await call('init', '--out', join(home, 'root.json')), 'usage', 2)
  assertFault(await call('refresh', '--from', 'ftp://trust.example'), 'usage', 2)
  assertFault(await call('refresh', '--from', 'https://user:secret@trust.example'), 'usage', 2)
  assertFault(await call('crown'), 'usage', 2)
})
