/**
 * How requests to key services are authorised: from the variables that the vendors' own clients read.
 *
 * Tokens are kept in memory until a minute before they end. No secret is put into a message.
 * Source: AWS SDK environment variables; Google "Authenticating to Compute Engine" (metadata server) and
 * `GOOGLE_OAUTH_ACCESS_TOKEN`; Microsoft identity platform, client credentials; Vault environment variables.
 */
import { AwsClient } from 'aws4fetch'
import { Fault } from '../../base/index.ts'

/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>
/** Gives a request with what proves who asks. */
export type Authorise = (request: Request) => Promise<Request>

/** What asking for a token needs. */
export interface CredentialWorld {
  readonly environment: Environment
  readonly fetch: (request: Request) => Promise<Response>
  /** ms since 1970. */
  readonly now: () => number
}

interface Token {
  readonly value: string
  readonly until: number
}

const MARGIN_MS = 60_000
const TIMEOUT_MS = 15_000

/** The first of these variables that is set. */
function firstOf(environment: Environment, ...names: readonly string[]): string | undefined {
  return names.map((name) => environment[name]).find((value) => value !== undefined && value !== '')
}

function need(environment: Environment, ...names: readonly string[]): string {
  const value = firstOf(environment, ...names)
  if (value === undefined) throw new Fault('signer-credentials', `the variable ${names.join(' or ')} is not set`)
  return value
}

/** AWS Signature Version 4. */
export function authoriseAws({ environment }: CredentialWorld, region: string): Authorise {
  const sessionToken = firstOf(environment, 'AWS_SESSION_TOKEN')
  const client = new AwsClient({
    accessKeyId: need(environment, 'AWS_ACCESS_KEY_ID'),
    secretAccessKey: need(environment, 'AWS_SECRET_ACCESS_KEY'),
    region,
    service: 'kms',
    ...(sessionToken === undefined ? {} : { sessionToken }),
  })
  return (request) => client.sign(request)
}

async function fetchToken(request: Request, { fetch, now }: CredentialWorld, vendor: string): Promise<Token> {
  let answer: unknown
  try {
    // What asks for a token carries a secret, so it follows nobody elsewhere.
    const response = await fetch(new Request(request, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) }))
    answer = response.ok ? await response.json() : undefined
  } catch {
    answer = undefined
  }
  const token = (answer ?? {}) as { readonly access_token?: unknown; readonly expires_in?: unknown }
  const seconds = Number(token.expires_in)
  if (typeof token.access_token !== 'string' || !Number.isFinite(seconds))
    throw new Fault('signer-credentials', `${vendor} gives no access token`)
  return { value: token.access_token, until: now() + seconds * 1000 - MARGIN_MS }
}

function bearer(ask: () => Promise<Token>, now: () => number): Authorise {
  let token: Token | undefined
  return async (request) => {
    if (token === undefined || token.until <= now()) token = await ask()
    const authorised = new Request(request)
    authorised.headers.set('authorization', `Bearer ${token.value}`)
    return authorised
  }
}

/** Google: a token that was given, else one of the machine's metadata server. */
export function authoriseGoogle(world: CredentialWorld): Authorise {
  const given = firstOf(world.environment, 'GOOGLE_OAUTH_ACCESS_TOKEN')
  if (given !== undefined) return bearer(() => Promise.resolve({ value: given, until: Infinity }), world.now)
  const host = firstOf(world.environment, 'GCE_METADATA_HOST') ?? 'metadata.google.internal'
  const url = `http://${host}/computeMetadata/v1/instance/service-accounts/default/token`
  const ask = (): Promise<Token> =>
    fetchToken(new Request(url, { headers: { 'metadata-flavor': 'Google' } }), world, 'the metadata server')
  return bearer(ask, world.now)
}

/** Azure: client credentials of an application, for a vault or a Managed HSM by its host. */
export function authoriseAzure(world: CredentialWorld, host: string): Authorise {
  const { environment } = world
  const authority = (firstOf(environment, 'AZURE_AUTHORITY_HOST') ?? 'https://login.microsoftonline.com').replace(
    /\/+$/,
    '',
  )
  const url = `${authority}/${encodeURIComponent(need(environment, 'AZURE_TENANT_ID'))}/oauth2/v2.0/token`
  const [id, secret] = [need(environment, 'AZURE_CLIENT_ID'), need(environment, 'AZURE_CLIENT_SECRET')]
  const ask = (): Promise<Token> => {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: id,
      client_secret: secret,
      scope: `https://${/\.managedhsm\.azure\.net(?::|$)/.test(host) ? 'managedhsm' : 'vault'}.azure.net/.default`,
    })
    return fetchToken(new Request(url, { method: 'POST', body }), world, 'the authority of the tenant')
  }
  return bearer(ask, world.now)
}

/** Vault: its token, and the namespace if there is one. */
export function authoriseVault({ environment }: CredentialWorld): Authorise {
  const token = need(environment, 'VAULT_TOKEN')
  const namespace = firstOf(environment, 'VAULT_NAMESPACE')
  return (request) => {
    const authorised = new Request(request)
    authorised.headers.set('x-vault-token', token)
    authorised.headers.set('x-vault-request', 'true')
    if (namespace !== undefined) authorised.headers.set('x-vault-namespace', namespace)
    return Promise.resolve(authorised)
  }
}

/** Where each service is, by its variables. */
export const ENDPOINTS = {
  region: (environment: Environment): string => firstOf(environment, 'AWS_REGION', 'AWS_DEFAULT_REGION') ?? 'us-east-1',
  aws: (environment: Environment, region: string): string =>
    (firstOf(environment, 'AWS_ENDPOINT_URL_KMS', 'AWS_ENDPOINT_URL') ?? `https://kms.${region}.amazonaws.com`).replace(
      /\/+$/,
      '',
    ),
  google: (environment: Environment): string =>
    firstOf(environment, 'CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDKMS')?.replace(/\/+$/, '') ??
    'https://cloudkms.googleapis.com',
  vault: (environment: Environment): string => need(environment, 'VAULT_ADDR').replace(/\/+$/, ''),
  vaultMount: (environment: Environment): string => firstOf(environment, 'TRANSIT_SECRET_ENGINE_PATH') ?? 'transit',
}
