/** `tidewaiter key`: a keyring kept from the command line, and a key that is replaced while it is in it. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { canonicalJson } from '../../src/base/index.ts'
import { writeBundle } from '../../src/certificate/bundle.ts'
import { IN_TOTO_PAYLOAD, preAuthEncoding } from '../../src/certificate/dsse.ts'
import { attestationType } from '../../src/certificate/keys/roles.ts'
import { readJointStatement } from '../../src/certificate/keys/joint-statement.ts'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { makeSigner } from '../../src/testing/keys.ts'
import { assertFault, jsonOf, runTidewaiter } from './program.ts'
import { assertContract } from './schemas.ts'

interface Shown {
  readonly own: { readonly keyId: string; readonly publicKeyPath: string } | null
  readonly keys: readonly { readonly keyId: string; readonly state: string; readonly validUntil?: string }[]
}

async function key(home: string, ...words: readonly string[]): Promise<Shown> {
  const run = await runTidewaiter(['key', ...words, '--home', home, '--format', 'json'])
  assert.equal(run.status, 0, run.stderr)
  const value = jsonOf(run)
  assertContract('keys', value)
  return value as unknown as Shown
}

test('tidewaiter key makes a key, puts it into the keyring, replaces it and revokes it', async (context) => {
  const home = temporaryFolder(context)
  assert.equal((await key(home, 'show')).own, null)
  const { own } = await key(home, 'make')
  assert.ok(own)
  const from = ['--from', '2026-01-01T00:00:00Z']
  const added = await key(
    home,
    'add',
    own.publicKeyPath,
    '--role',
    'officer',
    '--unit',
    'dover',
    '--allow',
    'clearance',
    ...from,
  )
  assert.deepEqual(
    added.keys.map(({ keyId, state }) => [keyId, state]),
    [[own.keyId, 'valid']],
  )
  const rotated = await key(home, 'rotate', '--overlap', '7')
  assert.notEqual(rotated.own?.keyId, own.keyId)
  assert.deepEqual(
    rotated.keys.map(({ keyId }) => keyId),
    [own.keyId, rotated.own?.keyId],
  )
  assert.ok(rotated.keys[0]?.validUntil)
  const revoked = await key(home, 'revoke', own.keyId.slice(0, 12), '--from', '2026-10-01T00:00:00Z')
  assert.deepEqual(
    revoked.keys.map(({ state }) => state),
    ['revoked', 'valid'],
  )
  const exported = await runTidewaiter(['key', 'export-keyring', '--home', home])
  assert.equal(exported.stdout, readFileSync(join(home, 'keys/stations.json'), 'utf8'))
  const files = readdirSync(join(home, 'keys')).toSorted()
  assert.deepEqual(files, [
    `signing-key.${own.keyId.slice(0, 16)}.pem`,
    'signing-key.pem',
    'signing-key.pub.pem',
    'stations.json',
  ])
})

test('tidewaiter key refuses what would allow too much, and leaves the keyring as it was', async (context) => {
  const home = temporaryFolder(context)
  const pem = join(home, 'station.pub.pem')
  writeFileSync(pem, (await makeSigner()).publicKeyPem)
  const run = (...words: readonly string[]) => runTidewaiter(['key', ...words, '--home', home])
  assertFault(await run('add', pem, '--role', 'station', '--unit', 'york', '--allow', 'clearance'), 'keyring-role')
  assertFault(await run('add', pem, '--role', 'station', '--allow', 'mot-result'), 'keyring-unit')
  assertFault(await run('add', pem, '--role', 'king'), 'usage', 2)
  assertFault(await run('rotate'), 'key-missing')
  assertFault(await run('revoke', 'abcdef12', '--from', '2026-10-01T00:00:00Z'), 'usage', 2)
  assertFault(await run('quorum', 'seized', '--threshold', '1', '--role', 'officer'), 'usage', 2)
  assertFault(
    await run('quorum', 'seized', '--threshold', '2', '--role', 'station', '--role', 'vendor'),
    'keyring-role',
  )
  assert.deepEqual(readdirSync(home), ['station.pub.pem'])
})

test('tidewaiter refuses a signer whose URI carries a PIN, and does not repeat it', async (context) => {
  const home = temporaryFolder(context)
  const signer = 'pkcs11:token=t;object=k?module-path=/lib/p11.so&pin-value=271828'
  const run = await runTidewaiter(['key', 'show', '--home', home], { env: { TIDEWAITER_SIGNER: signer } })
  assertFault(run, 'signer-uri')
  assert.doesNotMatch(run.stderr + run.stdout, /271828/)
})

test('tidewaiter key join calls one signature a proposal, two units an act, and refuses two of one unit', async (context) => {
  const home = temporaryFolder(context)
  const names = ['dover', 'leith', 'dover-2'] as const
  const payload = canonicalJson({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'oak', digest: { sha256: 'ab'.repeat(32) } }],
    predicateType: attestationType('case'),
    predicate: { decision: 'seized' },
  })
  const bundles: string[] = []
  for (const name of names) {
    const signer = await makeSigner()
    const [pem, bundle] = [join(home, `${name}.pub.pem`), join(home, `${name}.json`)]
    writeFileSync(pem, signer.publicKeyPem)
    const signature = await signer.sign(preAuthEncoding(IN_TOTO_PAYLOAD, Buffer.from(payload)))
    writeFileSync(bundle, writeBundle({ keyId: signer.keyId, payload: Buffer.from(payload), signature }))
    const from = ['--from', '2026-01-01T00:00:00Z']
    await key(home, 'add', pem, '--role', 'officer', '--unit', name.slice(0, 5), '--allow', 'case', ...from)
    bundles.push(bundle)
  }
  const [dover = '', leith = '', second = ''] = bundles
  const count = (...files: readonly string[]) =>
    runTidewaiter(['key', 'join', ...files, '--home', home, '--format', 'json', '--out', join(home, 'act.json')])
  const [one, both, same] = [await count(dover), await count(dover, leith), await count(dover, second)]
  assert.deepEqual([one.status, jsonOf(one)['kind']], [20, 'proposal'])
  assert.deepEqual([both.status, jsonOf(both)['kind'], jsonOf(both)['units']], [0, 'act', ['dover', 'leith']])
  assertContract('quorum', jsonOf(both))
  assert.equal(readJointStatement(readFileSync(join(home, 'act.json')).subarray(0, -1)).signatures.length, 2)
  assertFault(same, 'quorum-unit')
})
