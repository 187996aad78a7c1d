import assert from 'node:assert/strict'
import { generateKeyPairSync, verify } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import { AwsClient } from 'aws4fetch'
import { isFault } from '../../../base/index.ts'
import { AWS_ARN, GOOGLE_NAME, startKms, type KmsReply, type KmsServer } from '../../../testing/kms-servers.ts'
import { signStatement } from '../../certify.ts'
import { buildOmsStatement } from '../../manifest/write-oms.ts'
import type { Signer } from '../signing-key.ts'
import { openAwsKey } from './aws.ts'
import { openAzureKey } from './azure.ts'
import { crc32c } from './crc32c.ts'
import { openGoogleKey } from './google.ts'
import { openVaultKey } from './vault.ts'
import type { KmsWire } from './wire.ts'

const AWS = new AwsClient({
  accessKeyId: 'AKID',
  secretAccessKey: 'very-secret',
  sessionToken: 'session-secret',
  region: 'eu-west-2',
  service: 'kms',
})

function withHeader(name: string, value: string): KmsWire['authorise'] {
  return (request) => {
    const authorised = new Request(request)
    authorised.headers.set(name, value)
    return Promise.resolve(authorised)
  }
}

interface Case {
  readonly kind: 'aws' | 'google' | 'azure' | 'vault'
  readonly authorise: KmsWire['authorise']
  readonly open: (url: string, wire: KmsWire) => Promise<Signer>
  /** What the service answers when the key is disabled. */
  readonly disabled: KmsReply
  /** Member of the answer that holds the signature, from the outside in. */
  readonly signature: readonly string[]
}

const CASES: readonly Case[] = [
  {
    kind: 'aws',
    authorise: (request) => AWS.sign(request),
    open: (endpoint, wire) => openAwsKey({ endpoint, keyId: 'alias/mot' }, wire),
    disabled: { status: 400, body: { __type: 'com.amazonaws.kms#DisabledException', message: 'very-secret' } },
    signature: ['Signature'],
  },
  {
    kind: 'google',
    authorise: withHeader('authorization', 'Bearer token'),
    open: (endpoint, wire) => openGoogleKey({ endpoint, name: GOOGLE_NAME }, wire),
    disabled: { status: 400, body: { error: { code: 400, status: 'FAILED_PRECONDITION', message: 'very-secret' } } },
    signature: ['signature'],
  },
  {
    kind: 'azure',
    authorise: withHeader('authorization', 'Bearer token'),
    open: (url, wire) => openAzureKey({ vault: url, name: 'mot' }, wire),
    disabled: {
      status: 403,
      body: { error: { code: 'Forbidden', message: 'very-secret', innererror: { code: 'KeyDisabled' } } },
    },
    signature: ['value'],
  },
  {
    kind: 'vault',
    authorise: withHeader('x-vault-token', 'token'),
    open: (address, wire) => openVaultKey({ address, mount: 'transit', name: 'mot' }, wire),
    disabled: { status: 403, body: { errors: ['very-secret'] } },
    signature: ['data', 'signature'],
  },
]

interface Bench {
  readonly server: KmsServer
  readonly waits: number[]
  readonly wire: KmsWire
}

async function bench(context: TestContext, { kind, authorise }: Case): Promise<Bench> {
  const waits: number[] = []
  const sleep = (ms: number): Promise<void> => Promise.resolve(void waits.push(ms))
  const wire = { fetch: (request: Request) => fetch(request), authorise, sleep, chance: () => 1 }
  return { server: await startKms(context, kind), waits, wire }
}

function changeMember(value: unknown, path: readonly string[], change: (old: string) => string): unknown {
  const [name, ...rest] = path
  if (name === undefined) return change(String(value))
  const members = value as Record<string, unknown>
  return { ...members, [name]: changeMember(members[name], rest, change) }
}

for (const each of CASES) {
  const { kind, open } = each
  test(`${kind}: the key signs statements that its public key verifies`, async (context) => {
    const { server, wire } = await bench(context, each)
    const signer = await open(server.url, wire)
    assert.equal(signer.publicKeyPem, server.publicKeyPem)
    const message = Buffer.from('tide')
    for (let i = 0; i < 20; i++) assert.ok(verify('sha256', message, signer.publicKeyPem, await signer.sign(message)))
    const { keyId } = await signStatement(buildOmsStatement('oak', [{ path: 'a', sha256: 'ab'.repeat(32) }]), signer)
    assert.match(keyId, /^[0-9a-f]{64}$/)
    assert.ok(
      server.seen.every(({ body }) => !JSON.stringify(body).includes('tide')),
      'only the digest is sent',
    )
  })

  test(`${kind}: throttling is waited out, twice as long each time, and not for ever`, async (context) => {
    const { server, wire, waits } = await bench(context, each)
    const signer = await open(server.url, wire)
    const busy = { status: 429, body: {} }
    server.plant(busy, { status: 503, body: 'no json' }, { ...busy, headers: { 'retry-after': '7' } })
    assert.ok(await signer.sign(Buffer.from('tide')))
    assert.deepEqual(waits, [200, 400, 7000])
    server.plant(...Array.from({ length: 5 }, () => busy))
    await assert.rejects(signer.sign(Buffer.from('tide')), { code: 'kms-throttled' })
    assert.equal(waits.length, 3 + 4)
    const dead = { ...wire, fetch: () => Promise.reject(new TypeError('fetch failed')) }
    await assert.rejects(open(server.url, dead), { code: 'kms-unreachable' })
  })

  test(`${kind}: a disabled key, refused credentials and damaged answers are faults without secrets`, async (context) => {
    const { server, wire, waits } = await bench(context, each)
    const signer = await open(server.url, wire)
    const sign = (): Promise<unknown> => signer.sign(Buffer.from('tide'))
    const refusals: readonly [KmsReply, RegExp][] = [
      [each.disabled, kind === 'vault' ? /^kms-denied$/ : /^kms-disabled$/],
      [{ status: 401, body: { message: 'very-secret' } }, /^kms-denied$/],
      [{ status: 404, body: '<html>very-secret</html>' }, /^kms-not-found$/],
      [{ status: 200, body: {} }, /^kms-answer$/],
      [{ status: 200, body: [] }, /^kms-answer$/],
      [{ status: 200, body: 'x'.repeat(70_000) }, /^kms-answer$/],
      [{ status: 302, body: {}, headers: { location: 'http://127.0.0.1:1/' } }, /^kms-(refused|unreachable)$/],
    ]
    for (const [reply, code] of refusals) {
      server.plant(...Array.from({ length: 5 }, () => reply))
      await assert.rejects(sign(), (thrown) => {
        assert.ok(isFault(thrown), String(thrown))
        assert.match(thrown.code, code)
        assert.doesNotMatch(`${thrown.message} ${JSON.stringify(thrown.details)} ${String(thrown.cause)}`, /secret/)
        return true
      })
    }
    assert.ok(waits.length <= 4, 'only what may pass is repeated')
  })

  test(`${kind}: a signature of another key, or of other bytes, is found out`, async (context) => {
    const { server, wire } = await bench(context, each)
    const other = await bench(context, each)
    const signer = await open(server.url, wire)
    const foreign = await open(other.server.url, other.wire)
    const impostor: Signer = { publicKeyPem: signer.publicKeyPem, sign: (bytes) => foreign.sign(bytes) }
    const statement = buildOmsStatement('oak', [{ path: 'a', sha256: 'ab'.repeat(32) }])
    await assert.rejects(signStatement(statement, impostor), { code: 'signer' })
    server.alter((reply) => {
      const cut = (text: string): string => `${text.slice(0, -8)}AAAAAAA=`
      return { ...reply, body: changeMember(reply.body, each.signature, cut) }
    })
    await assert.rejects(signStatement(statement, signer), (thrown) => isFault(thrown))
  })
}

test('openAwsKey() asks by ARN once it knows it, and refuses other keys', async (context) => {
  const each = CASES[0]
  assert.ok(each)
  const { server, wire } = await bench(context, each)
  const signer = await each.open(server.url, wire)
  await signer.sign(Buffer.from('tide'))
  assert.deepEqual(
    server.seen.map(({ body }) => body['KeyId']),
    ['alias/mot', AWS_ARN],
  )
  server.alter((reply) => ({ ...reply, body: { ...(reply.body as object), KeyId: `${AWS_ARN}x` } }))
  await assert.rejects(signer.sign(Buffer.from('tide')), { code: 'kms-answer' })
  for (const change of [{ KeySpec: 'ECC_NIST_P384' }, { KeySpec: 'ECC_SECG_P256K1' }, { KeyUsage: 'KEY_AGREEMENT' }]) {
    server.alter((reply) => ({ ...reply, body: { ...(reply.body as object), ...change } }))
    await assert.rejects(each.open(server.url, wire), { code: 'kms-key-type' })
  }
})

test('openGoogleKey() refuses answers whose checksum does not fit or that did not check ours', async (context) => {
  const each = CASES[1]
  assert.ok(each)
  const { server, wire } = await bench(context, each)
  const signer = await each.open(server.url, wire)
  const alter = (change: object): void =>
    server.alter((reply) => ({ ...reply, body: { ...(reply.body as object), ...change } }))
  for (const change of [
    { signatureCrc32c: '1' },
    { verifiedDigestCrc32c: false },
    { verifiedDigestCrc32c: undefined },
  ]) {
    alter(change)
    await assert.rejects(signer.sign(Buffer.from('tide')), { code: 'kms-integrity' })
  }
  alter({ pemCrc32c: '1' })
  await assert.rejects(each.open(server.url, wire), { code: 'kms-integrity' })
  alter({ algorithm: 'EC_SIGN_P384_SHA384' })
  await assert.rejects(each.open(server.url, wire), { code: 'kms-key-type' })
  alter({ name: GOOGLE_NAME.replace('/1', '/2') })
  await assert.rejects(each.open(server.url, wire), { code: 'kms-answer' })
})

test('openAzureKey() stays at its vault and its version, and refuses other keys', async (context) => {
  const each = CASES[2]
  assert.ok(each)
  const { server, wire } = await bench(context, each)
  const keyWith = (change: object): void =>
    server.alter((reply) => {
      const body = reply.body as { readonly key: object }
      return { ...reply, body: { ...body, key: { ...body.key, ...change } } }
    })
  keyWith({ kid: 'https://evil.example/keys/mot/1' })
  await assert.rejects(each.open(server.url, wire), { code: 'kms-answer' })
  for (const change of [{ crv: 'P-256K' }, { kty: 'RSA' }, { key_ops: ['verify'] }]) {
    keyWith(change)
    await assert.rejects(each.open(server.url, wire), { code: 'kms-key-type' })
  }
  server.alter((reply) => ({ ...reply, body: { ...(reply.body as object), attributes: { enabled: false } } }))
  await assert.rejects(each.open(server.url, wire), { code: 'kms-disabled' })
})

test('openVaultKey() signs with the version that it was opened with, and refuses other types', async (context) => {
  const each = CASES[3]
  assert.ok(each)
  const { server, wire } = await bench(context, each)
  const signer = await each.open(server.url, wire)
  const dataWith = (change: object): void =>
    server.alter((reply) => {
      const body = reply.body as { readonly data: object }
      return { ...reply, body: { data: { ...body.data, ...change } } }
    })
  dataWith({ signature: 'vault:v3:AAAA' })
  await assert.rejects(signer.sign(Buffer.from('tide')), { code: 'kms-answer' })
  dataWith({ type: 'ed25519' })
  await assert.rejects(each.open(server.url, wire), { code: 'kms-key-type' })
})

test('crc32c() gives the published values', () => {
  assert.equal(crc32c(Buffer.from('123456789')), 0xe3069283)
  assert.equal(crc32c(Buffer.alloc(32)), 0x8a9136aa)
  assert.equal(crc32c(Buffer.alloc(32, 0xff)), 0x62a8ab43)
})

test('a key that is not P-256 at all is refused by what it is', async (context) => {
  const each = CASES[0]
  assert.ok(each)
  const { server, wire } = await bench(context, each)
  const spki = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  server.alter((reply) => ({ ...reply, body: { ...(reply.body as object), PublicKey: spki } }))
  await assert.rejects(each.open(server.url, wire), { code: 'key-unreadable' })
})
