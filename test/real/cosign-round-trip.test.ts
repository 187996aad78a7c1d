/** Unmodified cosign signs, stamps and logs at our running log; everybody then verifies what it wrote. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { canonicalJson } from '../../src/base/index.ts'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { askCosign, askOpenssl, askSigstore, writeModel } from '../../src/testing/foreign-verifiers.ts'
import { makeWorld, type World } from '../../src/testing/tampering/index.ts'
import { homeWithRegister } from '../cli/home.ts'
import { jsonOf, runTidewaiter, startTidewaiter } from '../cli/program.ts'
import { findCosign } from './clients/tools.ts'

const cosign = findCosign()
const START = '2026-01-01T00:00:00Z'

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => done(port))
    })
  })
}

/** Our log and timestamp authority on a port; gives the folder with what one needs to use and to trust them. */
async function serveLog(context: TestContext, folder: string): Promise<void> {
  const [home, port] = [await homeWithRegister(context), await freePort()]
  const url = `http://localhost:${port}`
  assert.equal((await runTidewaiter(['log', 'init', 'localhost', '--home', home])).status, 0)
  const trusted = await runTidewaiter(['log', 'trust', url, '--home', home])
  assert.equal(trusted.status, 0, trusted.stderr)
  writeFileSync(join(folder, 'root.json'), trusted.stdout)
  const service = (address: string, majorApiVersion: number) => [
    { url: address, majorApiVersion, validFor: { start: START }, operator: 'tidewaiter' },
  ]
  const config = {
    mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
    rekorTlogUrls: service(url, 2),
    rekorTlogConfig: { selector: 'ANY' },
    tsaUrls: service(`${url}/api/v1/timestamp`, 1),
    tsaConfig: { selector: 'ANY' },
  }
  writeFileSync(join(folder, 'signing_config.json'), JSON.stringify(config))
  const { child, ended } = startTidewaiter([
    'log',
    'serve',
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--home',
    home,
  ])
  context.after(async () => {
    child.kill('SIGINT')
    await ended
  })
  const listening = new Promise<void>((done) => {
    child.stdout?.on('data', (text: Buffer) => text.includes('served at') && done())
  })
  await Promise.race([listening, ended.then((run) => assert.fail(run.stderr))])
}

function runCosign(folder: string, words: readonly string[]): void {
  execFileSync(cosign.path, words, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, COSIGN_PASSWORD: '' },
  })
}

/** A key of cosign and the statement about the model that it is to sign. */
function prepare(folder: string, { statement, files }: World): void {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  writeFileSync(join(folder, 'private.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }))
  writeFileSync(join(folder, 'key.pem'), publicKey.export({ type: 'spki', format: 'pem' }))
  writeFileSync(join(folder, 'statement.json'), canonicalJson(statement))
  writeModel(join(folder, 'model'), files)
  runCosign(folder, ['import-key-pair', '--key', 'private.pem', '--output-key-prefix', 'signer', '--yes'])
}

test(
  'cosign attest-blob signs, stamps and logs at our log, and the bundle passes here and there',
  { skip: cosign.skip },
  async (context) => {
    const folder = temporaryFolder(context)
    const world = await makeWorld()
    prepare(folder, world)
    await serveLog(context, folder)
    const at = (name: string): string => join(folder, name)
    const signing = ['--key', 'signer.key', '--signing-config', 'signing_config.json', '--yes']
    runCosign(folder, ['attest-blob', '--statement', 'statement.json', ...signing, '--bundle', 'bundle.json'])
    const trust = ['--key', at('key.pem'), '--trusted-root', at('root.json'), '--home', at('home')]
    const ours = await runTidewaiter([
      'verify',
      at('bundle.json'),
      '--artefact',
      at('model'),
      ...trust,
      '--format',
      'json',
      '--quiet',
    ])
    const { verdict, reason, level } = jsonOf(ours)
    assert.deepEqual([verdict, reason, level], ['pass', null, 'logged-and-stamped'])
    const question = {
      bundle: at('bundle.json'),
      key: at('key.pem'),
      trustedRoot: at('root.json'),
      model: at('model'),
      digest: world.options.artefact?.sha256 ?? '',
      digestAlgorithm: 'sha256',
      predicateType: world.options.predicateType ?? '',
    } as const
    assert.deepEqual(
      [askCosign(cosign.path, question), askSigstore(question), askOpenssl(question)],
      [undefined, undefined, undefined],
    )
    runCosign(folder, ['sign-blob', 'statement.json', ...signing, '--bundle', 'blob.json'])
    const blob = await runTidewaiter([
      'verify',
      at('blob.json'),
      '--artefact',
      at('statement.json'),
      ...trust,
      '--format',
      'json',
      '--quiet',
    ])
    assert.deepEqual([blob.status, jsonOf(blob).statement], [0, null])
    assert.equal(JSON.parse(readFileSync(at('blob.json'), 'utf8')).verificationMaterial.tlogEntries[0].logIndex, '1')
  },
)
