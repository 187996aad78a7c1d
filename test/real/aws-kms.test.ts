/**
 * AWS KMS as two servers of others speak it. local-kms signs digests as AWS does; moto hashes them once more, which is
 * what the signing path has to find out.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash, verify } from 'node:crypto'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { AwsClient } from 'aws4fetch'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { loadSigner } from '../../src/app/keys/load-signer.ts'
import { signStatement } from '../../src/certificate/certify.ts'
import { buildOmsStatement } from '../../src/certificate/manifest/write-oms.ts'
import { assertFault, jsonOf, runTidewaiter } from '../cli/program.ts'
import { assertNothingDecided, dossiersOf, homeWithRegister } from '../cli/home.ts'
import { findGoProgram } from './go-programs.ts'
import { findPython } from './python-tools.ts'

const moto = findPython('moto', ['moto[server]==5.2.5'])
const local = findGoProgram('github.com/nsmithuk/local-kms', 'v0.0.0-20260228092603-2a5e92d09ab6')
const statement = buildOmsStatement('oak', [{ path: 'a', sha256: 'ab'.repeat(32) }])

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Starts a server that ends with the test; gives its address. */
async function start(context: TestContext, kind: 'moto' | 'local'): Promise<string> {
  assert.ok(moto.skip === false || kind === 'local')
  assert.ok(local.skip === false || kind === 'moto')
  const port = String(await freePort())
  const words =
    moto.skip === false && kind === 'moto' ? [join(moto.python, '../moto_server'), '-H', '127.0.0.1', '-p', port] : []
  const program = local.skip === false && kind === 'local' ? local.program : (words[0] ?? '')
  const settings = { PORT: port, KMS_REGION: 'eu-west-2', KMS_DATA_PATH: temporaryFolder(context) }
  const child = spawn(program, words.slice(1), { stdio: 'ignore', env: { ...process.env, ...settings } })
  context.after(() => child.kill())
  const url = `http://127.0.0.1:${port}`
  for (let tries = 0; tries < 150; tries++) {
    if ((await fetch(url).catch(() => undefined)) !== undefined) return url
    await wait(200)
  }
  throw new Error(`${kind} does not answer`)
}

const environment = (url: string): Record<string, string> => ({
  AWS_ACCESS_KEY_ID: 'AKID',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_REGION: 'eu-west-2',
  AWS_ENDPOINT_URL_KMS: url,
})

async function ask(url: string, target: string, body: object): Promise<Record<string, Record<string, string>>> {
  const client = new AwsClient({ accessKeyId: 'AKID', secretAccessKey: 'secret', region: 'eu-west-2', service: 'kms' })
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${target}` }
  const response = await client.fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  const text = await response.text()
  assert.ok(response.ok, text)
  return (text === '' ? {} : JSON.parse(text)) as Record<string, Record<string, string>>
}

async function makeKey(url: string, spec: string): Promise<string> {
  const { KeyMetadata } = await ask(url, 'CreateKey', { KeySpec: spec, KeyUsage: 'SIGN_VERIFY' })
  return KeyMetadata?.['KeyId'] ?? ''
}

test(
  'moto is asked by id, alias and ARN; that it hashes the digest again is found out',
  { skip: moto.skip },
  async (context) => {
    const url = await start(context, 'moto')
    const KeyId = await makeKey(url, 'ECC_NIST_P256')
    await ask(url, 'CreateAlias', { AliasName: 'alias/mot', TargetKeyId: KeyId })
    const arn = `arn:aws:kms:eu-west-2:123456789012:key/${KeyId}`
    const places = { keys: temporaryFolder(context) }
    for (const name of [KeyId, 'alias/mot', arn]) {
      const signer = await loadSigner({
        settings: { signer: `awskms:///${name}` },
        places,
        environment: environment(url),
      })
      const digest = createHash('sha256').update('tide').digest()
      const signature = await signer.sign(Buffer.from('tide'))
      assert.ok(verify('sha256', digest, signer.publicKeyPem, signature), 'moto takes MessageType for RAW (5.2.5)')
      await assert.rejects(signStatement(statement, signer), { code: 'signer' })
    }
  },
)

test(
  'keys of other kinds, disabled ones and unknown ones are refused by what they are',
  { skip: moto.skip },
  async (context) => {
    const url = await start(context, 'moto')
    const load = (keyId: string): Promise<unknown> =>
      loadSigner({
        settings: { signer: `awskms:///${keyId}` },
        places: { keys: temporaryFolder(context) },
        environment: environment(url),
      })
    for (const spec of ['ECC_NIST_P384', 'RSA_2048'])
      await assert.rejects(load(await makeKey(url, spec)), { code: 'kms-key-type' }, spec)
    await assert.rejects(load('00000000-0000-0000-0000-000000000000'), { code: 'kms-not-found' })
  },
)

test(
  'tidewaiter clear issues nothing when the key service signs something else',
  { skip: moto.skip },
  async (context) => {
    const url = await start(context, 'moto')
    const home = await homeWithRegister(context)
    const env = { ...environment(url), TIDEWAITER_SIGNER: `awskms:///${await makeKey(url, 'ECC_NIST_P256')}` }
    const cleared = await runTidewaiter(['clear', 'examples/oak', '--home', home, '--quiet'], { env })
    assertFault(cleared, 'signer')
    assertNothingDecided(home)
  },
)

test(
  'a key in local-kms signs what clear issues, and verify takes it by its public key',
  { skip: local.skip },
  async (context) => {
    const url = await start(context, 'local')
    const { KeyMetadata } = await ask(url, 'CreateKey', {
      CustomerMasterKeySpec: 'ECC_NIST_P256',
      KeyUsage: 'SIGN_VERIFY',
    })
    const KeyId = KeyMetadata?.['KeyId'] ?? ''
    await ask(url, 'CreateAlias', { AliasName: 'alias/mot', TargetKeyId: KeyId })
    const ids: string[] = []
    for (const name of [KeyId, 'alias/mot', KeyMetadata?.['Arn'] ?? '']) {
      const places = { keys: temporaryFolder(context) }
      const signer = await loadSigner({
        settings: { signer: `awskms:///${name}` },
        places,
        environment: environment(url),
      })
      ids.push((await signStatement(statement, signer)).keyId)
    }
    assert.equal(new Set(ids).size, 1)
    const home = await homeWithRegister(context)
    const env = { ...environment(url), TIDEWAITER_SIGNER: 'awskms:///alias/mot' }
    const cleared = await runTidewaiter(['clear', 'examples/oak', '--home', home, '--quiet'], { env })
    assert.equal(cleared.status, 0, cleared.stderr)
    const shown = jsonOf(await runTidewaiter(['key', 'show', '--home', home, '--format', 'json'], { env }))
    const { publicKeyPath } = shown['own'] as { readonly publicKeyPath: string }
    const certificate = join(home, 'dossiers', dossiersOf(home)[0] ?? '', 'certificate.sigstore.json')
    const words = ['verify', certificate, '--key', publicKeyPath, '--artefact', 'examples/oak', '--home', home]
    const verified = await runTidewaiter(words)
    assert.equal(verified.status, 0, verified.stdout + verified.stderr)
  },
)
