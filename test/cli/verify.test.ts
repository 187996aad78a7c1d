/** A certificate against key, bytes and form. */
import assert from 'node:assert/strict'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { homeWithRegister } from './home.ts'
import { assertFault, jsonOf, ROOT, runTidewaiter } from './program.ts'
import { assertContract } from './schemas.ts'

interface Certified {
  readonly folder: string
  readonly bundle: string
  readonly key: string
  readonly home: string
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

test('verify says in one line that a certificate or a key is not there', async (context) => {
  const home = temporaryFolder(context)
  assertFault(await runTidewaiter(['verify', join(home, 'none.json'), '--home', home]), 'no-such-file')
  writeFileSync(join(home, 'b.json'), '{}')
  const run = await runTidewaiter(['verify', join(home, 'b.json'), '--key', join(home, 'none.pem'), '--home', home])
  assertFault(run, 'no-such-file')
})

async function certify(context: { after(undo: () => void): void }): Promise<Certified> {
  const home = await homeWithRegister(context)
  const folder = join(home, 'oak')
  cpSync(join(ROOT, 'examples/oak'), folder, { recursive: true })
  const run = await runTidewaiter(['clear', folder, '--home', home, '--format', 'json', '--quiet'])
  const { certificate } = jsonOf(run)
  return { folder, home, bundle: certificate.path, key: certificate.publicKey }
}

async function verify({ home }: Certified, words: readonly string[]) {
  const place = words.includes('--home') ? [] : ['--home', join(home, 'elsewhere')]
  const run = await runTidewaiter(['verify', ...words, ...place, '--format', 'json', '--quiet'])
  const report = jsonOf(run)
  assertContract('verification', report)
  return { ...run, report }
}
