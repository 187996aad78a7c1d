/** `tidewaiter export`: what a certificate comes to, for policy engines; and what has nothing to export. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { homeWithRegister } from './home.ts'
import { assertFault, jsonOf, runTidewaiter } from './program.ts'

const undo: (() => void)[] = []
let home: string
let cleared: string
let held: string

async function clear(ref: string): Promise<string> {
  return jsonOf(await runTidewaiter(['clear', ref, '--home', home, '--format', 'json', '--quiet'])).certificate.number
}

before(async () => {
  home = await homeWithRegister({ after: (each) => void undo.push(each) })
  cleared = await clear('examples/oak')
  held = await clear('examples/pickle')
})

after(() => {
  for (const each of undo) each()
})

const run = (...words: readonly string[]) => runTidewaiter(['export', ...words, '--home', home])

test('export writes a logged and stamped svr about the subject of the certificate', async () => {
  const out = join(home, 'oak.svr.json')
  assert.match((await run(cleared, '--out', out)).stdout, /in-toto\.io\/attestation\/svr\/v0\.2, of the certificate/)
  const read = (path: string) =>
    JSON.parse(Buffer.from(JSON.parse(readFileSync(path, 'utf8')).dsseEnvelope.payload, 'base64').toString())
  const [svr, certificate] = [read(out), read(join(home, 'dossiers', cleared, 'certificate.sigstore.json'))]
  assert.deepEqual(svr.subject, certificate.subject)
  assert.deepEqual(Object.keys(svr.predicate).toSorted(), ['properties', 'timeCreated', 'verifier'])
  const { properties, verifier, timeCreated } = svr.predicate
  assert.deepEqual(properties, ['TIDEWAITER_CLEARED', `TIDEWAITER_VALID_UNTIL_${certificate.predicate.expiresOn}`])
  assert.equal(timeCreated, certificate.predicate.issuedAt)
  assert.equal(verifier.id, `https://${certificate.predicate.log.origin}/verifier/v1`)
  const root = join(home, 'trust/own/trusted_root.json')
  const words = ['verify', out, '--artefact', 'examples/oak', '--type', svr.predicateType, '--trusted-root', root]
  const verified = await runTidewaiter([...words, '--home', home, '--format', 'json', '--quiet'])
  assert.deepEqual([verified.status, jsonOf(verified).level], [0, 'logged-and-stamped'])
})

test('export prints the bundle where no file is named, and takes a number as people write it', async () => {
  const { stdout } = await run(cleared.replace(/(....)(?=.)/g, '$1 '))
  assert.match(JSON.parse(stdout).mediaType, /sigstore\.bundle/)
})

test('export refuses what was not passed, what is no test, and what was not issued here', async () => {
  assertFault(await run(held), 'not-exportable')
  assertFault(await run(cleared, '--as', 'test-result'), 'not-exportable')
  assertFault(await run(cleared, '--as', 'vsa'), 'usage', 2)
  assertFault(await run('260000000013'), 'certificate-number')
  assertFault(await run('260000009999'), /certificate-number|no-such-certificate/)
})

test('export refuses a certificate that is suspended, exports it once reinstated, and never once revoked', async () => {
  const say = async (action: string): Promise<void> => {
    const words = ['docket', 'revoke', cleared, '--action', action, '--reason', 'withdrawn', '--home', home, '--quiet']
    assert.equal((await runTidewaiter(words)).status, 0)
  }
  await say('suspend')
  assertFault(await run(cleared), 'certificate-refused')
  await say('reinstate')
  assert.equal((await run(cleared)).status, 0)
  await say('revoke')
  assertFault(await run(cleared), 'certificate-refused')
})
