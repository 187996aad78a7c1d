/** A certificate against key, bytes and form. */
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { webCryptography, writeTrustedRoot } from '../../src/certificate/index.ts'
import { writeKeyring, type KeyringKey } from '../../src/certificate/keys/keyring.ts'
import { attestationType } from '../../src/certificate/keys/roles.ts'
import { OMS_TYPE } from '../../src/certificate/manifest/oms.ts'
import { nameKey, readPublicKey } from '../../src/certificate/public-key.ts'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { writeModel } from '../../src/testing/foreign-verifiers.ts'
import { keyringKey } from '../../src/testing/keys.ts'
import { makeWorld, type World } from '../../src/testing/tampering/index.ts'
import { homeWithRegister } from './home.ts'
import { assertFault, jsonOf, ROOT, runTidewaiter, type Run } from './program.ts'
import { assertContract } from './schemas.ts'

interface Certified {
  readonly folder: string
  readonly bundle: string
  readonly key: string
  readonly home: string
  readonly root: string
}

test('verify passes only with key and bytes, and fails after one changed byte', async (context) => {
  const certified = await certify(context)
  const { folder, bundle, key, home } = certified
  const whole = await verify(certified, [bundle, '--artefact', folder, '--key', key])
  assert.deepEqual([whole.status, whole.report.verdict, whole.report.reason], [0, 'pass', null])
  assert.equal(whole.report.statement.clearance.decision, 'cleared')

  const partial = await verify(certified, [bundle, '--key', key])
  assert.deepEqual([partial.status, partial.report.verdict, partial.report.reason], [5, 'partial', 'no-artefact'])

  const ownKey = await verify(certified, [bundle, '--artefact', folder, '--home', home])
  assert.equal(ownKey.report.verdict, 'pass')

  const link = join(folder, 'modeling.py')
  symlinkSync(key, link)
  const beside = await verify(certified, [bundle, '--artefact', folder, '--key', key])
  assert.deepEqual([beside.status, beside.report.verdict, beside.report.reason], [5, 'partial', 'unread-entries'])
  rmSync(link)

  const weights = join(folder, 'model.safetensors')
  const bytes = readFileSync(weights)
  bytes[300_000] = (bytes[300_000] ?? 0) ^ 1
  writeFileSync(weights, bytes)
  const changed = await verify(certified, [bundle, '--artefact', folder, '--key', key])
  assert.deepEqual([changed.status, changed.report.verdict], [1, 'fail'])
  assert.equal(changed.report.reason, 'subject-mismatch')
})

test('verify does not pass a certificate under another key, without a key, or of which a character was changed', async (context) => {
  const certified = await certify(context)
  const { folder, bundle, key, home } = certified
  const stranger = join(home, 'stranger.pem')
  const { generateKeyPairSync } = await import('node:crypto')
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  writeFileSync(stranger, publicKey.export({ type: 'spki', format: 'pem' }))
  const other = await verify(certified, [bundle, '--artefact', folder, '--key', stranger])
  assert.deepEqual([other.status, other.report.verdict], [1, 'fail'])

  const none = await verify(certified, [bundle, '--artefact', folder, '--home', join(home, 'nobody')])
  assert.notEqual(none.report.verdict, 'pass')
  assert.notEqual(none.status, 0)

  const text = readFileSync(bundle, 'utf8')
  const parsed = JSON.parse(text)
  const payload = Buffer.from(parsed.dsseEnvelope.payload, 'base64').toString('utf8')
  const forged = payload.replace('"cleared"', '"refused"')
  assert.notEqual(forged, payload)
  parsed.dsseEnvelope.payload = Buffer.from(forged).toString('base64')
  writeFileSync(bundle, JSON.stringify(parsed))
  const tampered = await verify(certified, [bundle, '--artefact', folder, '--key', key])
  assert.deepEqual([tampered.status, tampered.report.verdict, tampered.report.statement], [1, 'fail', null])

  writeFileSync(bundle, text.slice(0, 200))
  const cut = await verify(certified, [bundle, '--artefact', folder, '--key', key])
  assert.deepEqual([cut.status, cut.report.verdict], [2, 'malformed'])
})

test('attack: naming a key that a keyring of this home calls revoked, or gives another role, does not make it good', async (context) => {
  const { folder, world, bundle, trust, verify: ask } = await publish(context)
  const { signer } = world.publisher
  const { keyId } = await nameKey(readPublicKey(signer.publicKeyPem), webCryptography)
  const outcome = async (changes: Partial<KeyringKey>): Promise<unknown> => {
    const key = keyringKey({ ...signer, keyId }, { role: 'vendor', predicateTypes: [OMS_TYPE], ...changes })
    mkdirSync(join(folder, 'home/keys'), { recursive: true })
    writeFileSync(join(folder, 'home/keys/stations.json'), writeKeyring({ keys: [key], quorums: [] }))
    const { report } = await ask([bundle, ...trust])
    return report.reason
  }
  assert.equal(await outcome({}), null)
  const before = Math.floor(world.now / 1000 - 60) * 1000
  assert.equal(await outcome({ revoked: { from: before, reason: 'compromised' } }), 'key-compromised')
  const { report: later } = await ask([bundle, ...trust, '--key-compromised-from', '2100-01-01T00:00:00Z'])
  assert.equal(later.reason, 'key-compromised', 'a later time on the command line takes nothing back')
  assert.equal(await outcome({ predicateTypes: [attestationType('reply')] }), 'key-role')
})

test('verify says in one line that a certificate or a key is not there', async (context) => {
  const home = temporaryFolder(context)
  assertFault(await runTidewaiter(['verify', join(home, 'none.json'), '--home', home]), 'no-such-file')
  writeFileSync(join(home, 'b.json'), '{}')
  const run = await runTidewaiter(['verify', join(home, 'b.json'), '--key', join(home, 'none.pem'), '--home', home])
  assertFault(run, 'no-such-file')
  const unnamed = ['verify', join(home, 'b.json'), '--key-compromised-from', '2026-11-23T00:00:00Z', '--home', home]
  assertFault(await runTidewaiter(unnamed), 'usage', 2)
})

interface Published {
  readonly folder: string
  readonly world: World
  /** Flags that trust key, log, authority and witness, and name the model. */
  readonly trust: readonly string[]
  readonly bundle: string
  verify(words: readonly string[], format?: 'json' | 'text'): Promise<Run & { readonly report: Report }>
}

type Report = ReturnType<typeof JSON.parse>

/** A manifest that was logged, witnessed and stamped a minute ago, and what one needs to trust it, as files. */
async function publish(context: { after(undo: () => void): void }): Promise<Published> {
  const folder = temporaryFolder(context)
  const world = await makeWorld(Math.floor(Date.now() / 1000 - 60) * 1000)
  const { signer, trustedLog, authority, policyText } = world.publisher
  const at = (name: string): string => join(folder, name)
  const root = await writeTrustedRoot({ logs: [trustedLog], timestampAuthorities: [authority] }, webCryptography)
  const texts = { 'bundle.json': world.bundle, 'key.pem': signer.publicKeyPem, 'root.json': root, policy: policyText }
  for (const [name, text] of Object.entries(texts)) writeFileSync(at(name), text)
  const model = writeModel(at('model'), world.files)
  const trust = ['--artefact', model, '--key', at('key.pem'), '--trusted-root', at('root.json'), '--home', at('home')]
  return {
    folder,
    world,
    trust,
    bundle: at('bundle.json'),
    async verify(words, format = 'json') {
      const run = await runTidewaiter(['verify', ...words, '--format', format, '--quiet'])
      if (format === 'text') return { ...run, report: undefined }
      const report = jsonOf(run)
      assertContract('verification', report)
      return { ...run, report }
    },
  }
}

test('verify holds log, time and witnesses against what is trusted, and each verdict has its exit code', async (context) => {
  const { folder, world, trust, bundle, verify: ask } = await publish(context)
  const outcome = async (...words: readonly string[]): Promise<unknown> => {
    const { status, report } = await ask(words)
    return [status, report.verdict, report.reason, report.level]
  }
  const policy = join(folder, 'policy')
  const passed = [0, 'pass', null, 'logged-and-stamped']
  assert.deepEqual(await outcome(bundle, ...trust), passed)
  assert.deepEqual(await outcome(bundle, ...trust, '--witness-policy', policy), passed)
  const minute = (count: number): string => new Date(world.now + count * 60_000).toISOString()
  assert.deepEqual(await outcome(bundle, ...trust, '--key-valid-from', minute(-1)), passed)
  assert.deepEqual(await outcome(bundle, ...trust, '--key-valid-from', minute(1)), [1, 'fail', 'key-validity', null])
  assert.deepEqual(await outcome(bundle, ...trust, '--key-compromised-from', minute(1)), passed)
  const revoked = [4, 'revoked', 'key-compromised', null]
  assert.deepEqual(await outcome(bundle, ...trust, '--key-compromised-from', minute(-1)), revoked)
  const some = [5, 'partial', 'only-some-files', 'logged-and-stamped']
  assert.deepEqual(await outcome(bundle, ...trust, '--only', 'README.md,config.json'), some)
  assert.deepEqual(await outcome(bundle, ...trust, '--only', 'README.md', '--only', 'x'), [
    1,
    'fail',
    'file-unsigned',
    null,
  ])
  assert.deepEqual(await outcome(bundle, ...trust, '--type', 'https://example.org/x'), [
    1,
    'fail',
    'predicate-type',
    null,
  ])
  const untrusted = trust.filter((word) => word !== '--trusted-root' && !word.endsWith('root.json'))
  assert.deepEqual(await outcome(bundle, ...untrusted), [5, 'partial', 'log-not-verified', 'signed'])
  const bare = join(folder, 'bare.json')
  writeFileSync(
    bare,
    world.edit((b) => (b.verificationMaterial = { publicKey: b.verificationMaterial.publicKey })),
  )
  assert.deepEqual(await outcome(bare, ...trust), [1, 'fail', 'log-entry-count', null])
})

test('verify says in words what holds, what not, and what to do about it', async (context) => {
  const { folder, world, trust, bundle, verify: ask } = await publish(context)
  const good = await ask([bundle, ...trust], 'text')
  assert.match(
    good.stdout,
    /\nEvidence: signed, published in a trusted log, and stamped by a trusted authority\.\nPASS: every check holds\.\n$/,
  )
  const cut = join(folder, 'cut.json')
  writeFileSync(cut, world.bundle.slice(1))
  const malformed = await ask([cut, ...trust], 'text')
  assert.match(malformed.stdout, /\nMALFORMED \(json\): do not rely on it: character \d+: /)
  assert.deepEqual([malformed.status, malformed.stdout.includes('Evidence')], [2, false])
  const partial = await ask([bundle, ...trust.slice(2)], 'text')
  assert.match(partial.stdout, /PARTIAL \(no-artefact\): .*\nTo go on, give the model: --artefact PATH\n$/)
})

test('verify --explain prints lines for a shell, with the verdict as comments, and none for what does not hold', async (context) => {
  const { folder, world, trust, bundle, verify: ask } = await publish(context)
  const { stdout, status } = await ask([bundle, ...trust, '--explain', 'cosign'], 'text')
  assert.equal(status, 0)
  const lines = stdout.split('\n')
  const from = lines.indexOf('')
  assert.ok(lines.slice(0, from).every((line) => line.startsWith('#')))
  assert.match(stdout, /--trusted-root \S+ --use-signed-timestamps/)
  assert.match(
    (await ask([bundle, ...trust, '--explain', 'model_signing'], 'text')).stdout,
    /^model_signing verify key/m,
  )
  assert.match(
    (await ask([bundle, ...trust, '--explain', 'openssl'], 'text')).stdout,
    /^python3 check-certificate\.py/m,
  )
  writeFileSync(bundle, world.bundle.replace('"keyid":""', '"keyid":"x"'))
  const refused = await ask([bundle, ...trust, '--explain', 'cosign'], 'text')
  assert.match(
    refused.stdout,
    /^# FAIL \(keyid\).*\n\n# no signature of this bundle holds, so there is nothing to ask/m,
  )
  assert.equal(refused.status, 1)
  const unknown = await ask([bundle, ...trust, '--explain', 'pgp'], 'text')
  assert.deepEqual([unknown.status, unknown.stdout], [2, ''])
  writeFileSync(join(folder, 'root.json'), '{}')
  assertFault(await runTidewaiter(['verify', bundle, ...trust]), 'trusted-root')
})

async function certify(context: { after(undo: () => void): void }): Promise<Certified> {
  const home = await homeWithRegister(context)
  const folder = join(home, 'oak')
  cpSync(join(ROOT, 'examples/oak'), folder, { recursive: true })
  const run = await runTidewaiter(['clear', folder, '--home', home, '--format', 'json', '--quiet'])
  const { certificate } = jsonOf(run)
  const trusted = await runTidewaiter(['log', 'trust', '--home', home])
  const root = join(home, 'trusted_root.json')
  writeFileSync(root, trusted.stdout)
  return { folder, home, bundle: certificate.path, key: certificate.publicKey, root }
}

async function verify({ home, root }: Certified, words: readonly string[]) {
  const place = words.includes('--home') ? [] : ['--home', join(home, 'elsewhere')]
  const trust = ['--trusted-root', root]
  const run = await runTidewaiter(['verify', ...words, ...trust, ...place, '--format', 'json', '--quiet'])
  const report = jsonOf(run)
  assertContract('verification', report)
  return { ...run, report }
}
