/**
 * Unmodified cosign against a running log: it signs, has the time stamped, writes into the log, and verifies the result
 * by roots that it made itself from our keys. What was changed afterwards it refuses.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import { sha256 } from '../../../src/base/index.ts'
import { temporaryFolder } from '../../../src/testing/folders.ts'
import { jsonOf, runTidewaiter, startTidewaiter } from '../../cli/program.ts'
import { findCosign } from './tools.ts'

const ORIGIN = '2026.log.example'
const TYPE = 'https://tidewaiter.example/attestation/clearance/v0.1'
const SINCE = 'start-time=2026-01-01T00:00:00Z'
const cosign = findCosign()

/** Serves the log of a home until the test ends; gives its address. */
async function serve(context: TestContext, home: string): Promise<string> {
  const { child, ended } = startTidewaiter(['log', 'serve', '--port', '0', '--home', home])
  context.after(async () => {
    child.kill('SIGINT')
    await ended
  })
  const listening = new Promise<string>((done) => {
    child.stdout?.on('data', (text: string) => {
      const [, port] = /at http:\S+:([0-9]+);/.exec(text) ?? []
      if (port !== undefined) done(`http://localhost:${port}`)
    })
  })
  return Promise.race([listening, ended.then((run) => assert.fail(run.stderr))])
}

test(
  'cosign attest-blob signs, stamps and writes into our log, and verifies what it made',
  { skip: cosign.skip },
  async (t) => {
    const [home, folder] = [temporaryFolder(t), temporaryFolder(t)]
    const at = (name: string): string => join(folder, name)
    const ask = (...words: readonly string[]): Promise<{ stdout: string; stderr: string }> =>
      promisify(execFile)(cosign.path, words, { cwd: folder, env: { ...process.env, COSIGN_PASSWORD: '' } })
    const status = jsonOf(await runTidewaiter(['log', 'init', ORIGIN, '--home', home, '--format', 'json', '--quiet']))
    const address = await serve(t, home)

    writeFileSync(at('log.pub'), status.publicKey)
    writeFileSync(at('blob'), 'what was cleared')
    const subject = [{ name: 'blob', digest: { sha256: sha256('what was cleared') } }]
    const statement = { _type: 'https://in-toto.io/Statement/v1', subject, predicateType: TYPE, predicate: {} }
    writeFileSync(at('statement.json'), JSON.stringify(statement))
    await ask('generate-key-pair')
    const rekor = `--rekor=url=${address},api-version=2,${SINCE},operator=tidewaiter`
    const tsa = `--tsa=url=${address}/api/v1/timestamp,api-version=1,${SINCE},operator=tidewaiter`
    const any = ['--rekor-config=ANY', '--tsa-config=ANY']
    await ask('signing-config', 'create', rekor, tsa, ...any, '--out', 'signing.json')
    await ask(
      'trusted-root',
      'create',
      `--rekor=url=https://${ORIGIN},public-key=log.pub,${SINCE},origin=${ORIGIN}`,
      `--tsa=url=${address},certificate-chain=${join(home, 'keys', 'tsa', 'chain.pem')}`,
      '--out',
      'root.json',
    )
    const signing = ['--key', 'cosign.key', '--signing-config', 'signing.json', '--trusted-root', 'root.json', '--yes']
    await ask('attest-blob', ...signing, '--statement', 'statement.json', '--bundle', 'bundle.json')

    const verifying = ['--key', 'cosign.pub', '--trusted-root', 'root.json', '--type', TYPE, '--use-signed-timestamps']
    const said = await ask('verify-blob-attestation', ...verifying, '--bundle', 'bundle.json', 'blob')
    assert.match(said.stderr, /Verified OK/)

    const bundle = JSON.parse(readFileSync(at('bundle.json'), 'utf8'))
    const [entry] = bundle.verificationMaterial.tlogEntries
    assert.equal(entry.logId.keyId, status.logId)
    assert.equal(bundle.verificationMaterial.timestampVerificationData.rfc3161Timestamps.length, 1)
    writeFileSync(at('blob'), 'something else')
    await assert.rejects(ask('verify-blob-attestation', ...verifying, '--bundle', 'bundle.json', 'blob'))
  },
)
