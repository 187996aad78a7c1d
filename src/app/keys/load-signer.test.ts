import assert from 'node:assert/strict'
import { verify } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../testing/folders.ts'
import { GOOGLE_NAME, startKms, type KmsServer } from '../../testing/kms-servers.ts'
import { findSigner, loadSigner, makeSigner } from './load-signer.ts'

interface Service {
  readonly kind: 'aws' | 'google' | 'vault'
  readonly signer: string
  readonly environment: (server: KmsServer) => Readonly<Record<string, string>>
}

const SERVICES: readonly Service[] = [
  {
    kind: 'aws',
    signer: 'awskms:///alias/mot',
    environment: ({ url }) => ({
      AWS_ACCESS_KEY_ID: 'AKID',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_REGION: 'eu-west-2',
      AWS_ENDPOINT_URL_KMS: url,
    }),
  },
  {
    kind: 'google',
    signer: `gcpkms://${GOOGLE_NAME}`,
    environment: ({ url }) => ({
      CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDKMS: `${url}/`,
      GOOGLE_OAUTH_ACCESS_TOKEN: 'token',
    }),
  },
  { kind: 'vault', signer: 'hashivault://mot', environment: ({ url }) => ({ VAULT_ADDR: url, VAULT_TOKEN: 'token' }) },
]

for (const { kind, signer, environment } of SERVICES) {
  test(`loadSigner() wires ${kind} from its variables, and keeps the public key for those who verify`, async (context) => {
    const server = await startKms(context, kind)
    const keys = join(temporaryFolder(context), 'keys')
    const found = await loadSigner({ settings: { signer }, places: { keys }, environment: environment(server) })
    assert.ok(verify('sha256', Buffer.from('tide'), server.publicKeyPem, await found.sign(Buffer.from('tide'))))
    assert.equal(readFileSync(found.publicKeyPath, 'utf8'), server.publicKeyPem)
    assert.equal(found.created, false)
    const missing = loadSigner({
      settings: { signer },
      places: { keys },
      environment: { GCE_METADATA_HOST: '127.0.0.1:1' },
    })
    await assert.rejects(missing, { code: 'signer-credentials' })
  })
}

test('findSigner() makes no key, loadSigner() and makeSigner() make one in a file, where the URI says', async (context) => {
  const folder = temporaryFolder(context)
  const places = { keys: join(folder, 'keys') }
  const at = (signer: string) => ({ settings: { signer }, places, environment: {} })
  assert.equal(await findSigner(at('file')), undefined)
  assert.ok(!existsSync(places.keys))
  const own = await loadSigner(at('file'))
  assert.equal((await findSigner(at('file')))?.keyId, own.keyId)
  const other = await makeSigner(at(`file:${join(folder, 'other')}`))
  assert.notEqual(other.keyId, own.keyId)
  assert.equal(other.publicKeyPath, join(folder, 'other/signing-key.pub.pem'))
})
