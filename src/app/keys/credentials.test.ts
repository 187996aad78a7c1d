import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFault } from '../../base/index.ts'
import { authoriseAws, authoriseAzure, authoriseGoogle, authoriseVault, type CredentialWorld } from './credentials.ts'

interface World extends CredentialWorld {
  readonly asked: Request[]
  time: number
}

function makeWorld(environment: Record<string, string>, answer: unknown, status = 200): World {
  const asked: Request[] = []
  const world: World = {
    environment,
    asked,
    time: 0,
    now: () => world.time,
    fetch: (request) => {
      asked.push(request)
      return Promise.resolve(new Response(JSON.stringify(answer), { status }))
    },
  }
  return world
}

const HOST = 'customs.vault.azure.net'
const REQUEST = (): Request => new Request('https://kms.example/', { method: 'POST', body: '{}' })
const headerOf = async (request: Promise<Request>, name: string): Promise<string | null> =>
  (await request).headers.get(name)

test('authoriseGoogle() asks the metadata server once for as long as its token holds', async () => {
  const world = makeWorld({}, { access_token: 'secret-1', expires_in: 3600, token_type: 'Bearer' })
  const authorise = authoriseGoogle(world)
  assert.equal(await headerOf(authorise(REQUEST()), 'authorization'), 'Bearer secret-1')
  await authorise(REQUEST())
  assert.equal(world.asked.length, 1)
  assert.equal(world.asked[0]?.headers.get('metadata-flavor'), 'Google')
  world.time = 3541 * 1000
  await authorise(REQUEST())
  assert.equal(world.asked.length, 2)
  const given = authoriseGoogle(makeWorld({ GOOGLE_OAUTH_ACCESS_TOKEN: 'given' }, {}))
  assert.equal(await headerOf(given(REQUEST()), 'authorization'), 'Bearer given')
})

test('authoriseAzure() sends the client secret to the authority and nowhere else', async () => {
  const environment = { AZURE_TENANT_ID: 'tenant', AZURE_CLIENT_ID: 'app', AZURE_CLIENT_SECRET: 'hunter2' }
  const world = makeWorld(environment, { access_token: 'token', expires_in: 3599 })
  const request = await authoriseAzure(world, HOST)(REQUEST())
  assert.equal(request.headers.get('authorization'), 'Bearer token')
  const [asked] = world.asked
  assert.equal(asked?.url, 'https://login.microsoftonline.com/tenant/oauth2/v2.0/token')
  const form = new URLSearchParams(await asked?.text())
  assert.deepEqual(
    [form.get('grant_type'), form.get('scope')],
    ['client_credentials', 'https://vault.azure.net/.default'],
  )
  assert.doesNotMatch(JSON.stringify([...request.headers]), /hunter2/)
  assert.equal(asked?.redirect, 'error')
})

test('authoriseAzure() asks for the scope of a Managed HSM where the key lies in one', async () => {
  const environment = { AZURE_TENANT_ID: 'tenant', AZURE_CLIENT_ID: 'app', AZURE_CLIENT_SECRET: 'hunter2' }
  const scopeFor = async (host: string): Promise<string | null> => {
    const world = makeWorld(environment, { access_token: 'token', expires_in: 3599 })
    await authoriseAzure(world, host)(REQUEST())
    return new URLSearchParams(await world.asked[0]?.text()).get('scope')
  }
  assert.equal(await scopeFor('customs.managedhsm.azure.net'), 'https://managedhsm.azure.net/.default')
  assert.equal(await scopeFor('managedhsm.azure.net.evil.example'), 'https://vault.azure.net/.default')
})

test('authoriseAws() signs, and authoriseVault() adds its token', async () => {
  const environment = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'hunter2', AWS_SESSION_TOKEN: 'session' }
  const signed = await authoriseAws(makeWorld(environment, {}), 'eu-west-2')(REQUEST())
  assert.match(signed.headers.get('authorization') ?? '', /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-west-2\/kms\//)
  assert.equal(signed.headers.get('x-amz-security-token'), 'session')
  assert.doesNotMatch(JSON.stringify([...signed.headers]), /hunter2/)
  const vault = authoriseVault(makeWorld({ VAULT_TOKEN: 'token', VAULT_NAMESPACE: 'customs' }, {}))
  assert.equal(await headerOf(vault(REQUEST()), 'x-vault-token'), 'token')
  assert.equal(await headerOf(vault(REQUEST()), 'x-vault-namespace'), 'customs')
})

test('what is missing or refused is named without secrets', async () => {
  const world = makeWorld({}, {})
  assert.throws(() => authoriseAws(world, 'x'), { code: 'signer-credentials', message: /AWS_ACCESS_KEY_ID/ })
  assert.throws(() => authoriseVault(world), { code: 'signer-credentials', message: /VAULT_TOKEN/ })
  assert.throws(() => authoriseAzure(world, HOST), { code: 'signer-credentials', message: /AZURE_TENANT_ID/ })
  const environment = { AZURE_TENANT_ID: 't', AZURE_CLIENT_ID: 'a', AZURE_CLIENT_SECRET: 'hunter2' }
  for (const refused of [
    makeWorld(environment, { error: 'hunter2' }, 401),
    makeWorld(environment, { access_token: 7 }),
    { ...world, environment, fetch: () => Promise.reject(new TypeError('hunter2')) },
  ])
    await assert.rejects(authoriseAzure(refused, HOST)(REQUEST()), (thrown) => {
      return isFault(thrown, 'signer-credentials') && !`${thrown.message}${String(thrown.cause)}`.includes('hunter2')
    })
})
