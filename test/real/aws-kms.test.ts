/** AWS KMS as moto speaks it: a server of others, whose keys sign our statements over the real protocol. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash, verify } from 'node:crypto'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { AwsClient } from 'aws4fetch'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { loadSigner } from '../../src/app/keys/load-signer.ts'
import { signStatement } from '../../src/certificate/certify.ts'
import { buildOmsStatement } from '../../src/certificate/oms.ts'
import { assertFault, runTidewaiter } from '../cli/program.ts'
import { assertNothingDecided, homeWithRegister } from '../cli/home.ts'
import { findPython } from './python-tools.ts'

const found = findPython('moto', ['moto[server]==5.2.5'])
const skip = { skip: found.skip }
const statement = buildOmsStatement('oak', [{ path: 'a', sha256: 'ab'.repeat(32) }])
let url = ''
let stop = (): void => {}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

before(async () => {
  if (found.skip !== false) return
  const port = await freePort()
  const child = spawn(join(found.python, '../moto_server'), ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
  })
  stop = () => void child.kill()
  url = `http://127.0.0.1:${port}`
  for (let tries = 0; tries < 100; tries++) {
    if ((await fetch(url).catch(() => undefined)) !== undefined) return
    await wait(200)
  }
  throw new Error('moto does not answer')
})
after(() => stop())

const environment = (): Record<string, string> => ({
  AWS_ACCESS_KEY_ID: 'AKID',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_REGION: 'eu-west-2',
  AWS_ENDPOINT_URL_KMS: url,
})

async function ask(target: string, body: object): Promise<Record<string, Record<string, string>>> {
  const client = new AwsClient({ accessKeyId: 'AKID', secretAccessKey: 'secret', region: 'eu-west-2', service: 'kms' })
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${target}` }
  const response = await client.fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  const text = await response.text()
  assert.ok(response.ok, text)
  return (text === '' ? {} : JSON.parse(text)) as Record<string, Record<string, string>>
}

async function makeKey(spec: string): Promise<string> {
  const { KeyMetadata } = await ask('CreateKey', { KeySpec: spec, KeyUsage: 'SIGN_VERIFY' })
  return KeyMetadata?.['KeyId'] ?? ''
}

test('moto is asked by id, alias and ARN; that it hashes the digest again is found out', skip, async (context) => {
  const KeyId = await makeKey('ECC_NIST_P256')
  await ask('CreateAlias', { AliasName: 'alias/mot', TargetKeyId: KeyId })
  const arn = `arn:aws:kms:eu-west-2:123456789012:key/${KeyId}`
  const places = { keys: temporaryFolder(context) }
  for (const name of [KeyId, 'alias/mot', arn]) {
    const signer = await loadSigner({ settings: { signer: `awskms:///${name}` }, places, environment: environment() })
    const digest = createHash('sha256').update('tide').digest()
    const signature = await signer.sign(Buffer.from('tide'))
    assert.ok(verify('sha256', digest, signer.publicKeyPem, signature), 'moto takes MessageType for RAW (5.2.5)')
    await assert.rejects(signStatement(statement, signer), { code: 'signer' })
  }
})

test('keys of other kinds, disabled ones and unknown ones are refused by what they are', skip, async (context) => {
  const load = (keyId: string): Promise<unknown> =>
    loadSigner({
      settings: { signer: `awskms:///${keyId}` },
      places: { keys: temporaryFolder(context) },
      environment: environment(),
    })
  for (const spec of ['ECC_NIST_P384', 'RSA_2048'])
    await assert.rejects(load(await makeKey(spec)), { code: 'kms-key-type' }, spec)
  await assert.rejects(load('00000000-0000-0000-0000-000000000000'), { code: 'kms-not-found' })
})

test('tidewaiter clear issues nothing when the key service signs something else', skip, async (context) => {
  const home = await homeWithRegister(context)
  const env = { ...environment(), TIDEWAITER_SIGNER: `awskms:///${await makeKey('ECC_NIST_P256')}` }
  const cleared = await runTidewaiter(['clear', 'examples/oak', '--home', home, '--quiet'], { env })
  assertFault(cleared, 'signer')
  assertNothingDecided(home)
})
