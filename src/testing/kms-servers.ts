/**
 * Key services for tests: a real HTTP server that holds a real P-256 key and checks requests as the services do.
 *
 * Sources of the exchanges: AWS KMS API reference, `GetPublicKey` and `Sign`; Cloud KMS REST v1,
 * `cryptoKeyVersions.getPublicKey` and `.asymmetricSign`, with "Verifying end-to-end data integrity"; Azure Key Vault
 * REST 7.4, `Get Key` and `Sign`; Vault API, "Transit secrets engine".
 */
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { crc32c } from '../certificate/keys/kms/crc32c.ts'
import { ecdsaOfDigest } from './ecdsa-of-digest.ts'
import type { Cleanable } from './folders.ts'

/** What a service answers. */
export interface KmsReply {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** One request as it came. */
export interface KmsRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: Readonly<Record<string, unknown>>
}

/** See the module. */
export interface KmsServer {
  readonly url: string
  readonly publicKeyPem: string
  readonly seen: KmsRequest[]
  /** Answers the next requests so, instead of as the service does, and what was planted before no more. */
  plant(...replies: readonly KmsReply[]): void
  /** Changes what the service answers from now on. */
  alter(change: (reply: KmsReply, request: KmsRequest) => KmsReply): void
}

interface Held {
  readonly key: KeyObject
  readonly spki: Buffer
  readonly pem: string
  url: string
}

type Service = (request: KmsRequest, held: Held) => KmsReply

const REFUSED: KmsReply = {
  status: 400,
  body: { error: { code: 'BadRequest', message: 'the request is not as it must be' } },
}

function signDigest({ key }: Held, digest: Buffer, encoding: 'der' | 'ieee-p1363'): Buffer {
  return ecdsaOfDigest(key, digest, encoding)
}

function isDigest(bytes: Buffer): boolean {
  return bytes.length === 32
}

/** The name of the one Google key. */
export const GOOGLE_NAME = 'projects/p/locations/europe-west2/keyRings/r/cryptoKeys/mot/cryptoKeyVersions/1'
/** The ARN of the one AWS key. */
export const AWS_ARN = 'arn:aws:kms:eu-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'

const aws: Service = ({ method, path, headers, body }, held) => {
  const isSigned = /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-west-2\/kms\/aws4_request, /.test(
    headers.authorization ?? '',
  )
  if (method !== 'POST' || path !== '/' || headers['content-type'] !== 'application/x-amz-json-1.1' || !isSigned)
    return { status: 400, body: { __type: 'IncompleteSignatureException' } }
  if (!['alias/mot', AWS_ARN].includes(String(body['KeyId'])))
    return { status: 400, body: { __type: 'NotFoundException' } }
  const key = { KeyId: AWS_ARN, KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }
  if (headers['x-amz-target'] === 'TrentService.GetPublicKey')
    return {
      status: 200,
      body: { ...key, PublicKey: held.spki.toString('base64'), SigningAlgorithms: ['ECDSA_SHA_256'] },
    }
  const digest = Buffer.from(String(body['Message']), 'base64')
  const { MessageType, SigningAlgorithm } = body
  if (headers['x-amz-target'] !== 'TrentService.Sign' || MessageType !== 'DIGEST' || !isDigest(digest))
    return { status: 400, body: { __type: 'ValidationException' } }
  if (SigningAlgorithm !== 'ECDSA_SHA_256') return { status: 400, body: { __type: 'InvalidKeyUsageException' } }
  const Signature = signDigest(held, digest, 'der').toString('base64')
  return { status: 200, body: { KeyId: AWS_ARN, Signature, SigningAlgorithm } }
}

const google: Service = ({ method, path, headers, body }, held) => {
  if (headers.authorization !== 'Bearer token') return { status: 401, body: { error: { status: 'UNAUTHENTICATED' } } }
  const name = { name: GOOGLE_NAME, protectionLevel: 'HSM' }
  if (method === 'GET' && path === `/v1/${GOOGLE_NAME}/publicKey`) {
    const pemCrc32c = String(crc32c(Buffer.from(held.pem)))
    return { status: 200, body: { ...name, pem: held.pem, algorithm: 'EC_SIGN_P256_SHA256', pemCrc32c } }
  }
  if (method !== 'POST' || path !== `/v1/${GOOGLE_NAME}:asymmetricSign`)
    return { status: 404, body: { error: { status: 'NOT_FOUND' } } }
  const digest = Buffer.from(String((body['digest'] as Record<string, unknown> | undefined)?.['sha256']), 'base64')
  if (!isDigest(digest) || Object.keys(body).toSorted().join() !== 'digest,digestCrc32c') return { ...REFUSED }
  if (body['digestCrc32c'] !== String(crc32c(digest)))
    return { status: 400, body: { error: { status: 'INVALID_ARGUMENT' } } }
  const signature = signDigest(held, digest, 'der')
  const signatureCrc32c = String(crc32c(signature))
  return {
    status: 200,
    body: { ...name, signature: signature.toString('base64'), signatureCrc32c, verifiedDigestCrc32c: true },
  }
}

const AZURE_VERSION = '78deebed173b48e48f55abf87ed4cf71'

const azure: Service = ({ method, path, headers, body }, held) => {
  const { pathname, searchParams } = new URL(path, held.url)
  if (searchParams.get('api-version') !== '7.4') return REFUSED
  if (headers.authorization !== 'Bearer token') return { status: 401, body: { error: { code: 'Unauthorized' } } }
  const kid = `${held.url}/keys/mot/${AZURE_VERSION}`
  if (method === 'GET' && ['/keys/mot', `/keys/mot/${AZURE_VERSION}`].includes(pathname)) {
    const { x, y } = held.key.export({ format: 'jwk' })
    const key = { kid, kty: 'EC-HSM', key_ops: ['sign', 'verify'], crv: 'P-256', x, y }
    return { status: 200, body: { key, attributes: { enabled: true, created: 1764000000, updated: 1764000000 } } }
  }
  if (method !== 'POST' || pathname !== `/keys/mot/${AZURE_VERSION}/sign`)
    return { status: 404, body: { error: { code: 'KeyNotFound' } } }
  const digest = Buffer.from(String(body['value']), 'base64url')
  if (body['alg'] !== 'ES256' || !isDigest(digest) || /[+/=]/.test(String(body['value']))) return REFUSED
  return { status: 200, body: { kid, value: signDigest(held, digest, 'ieee-p1363').toString('base64url') } }
}

const vault: Service = ({ method, path, headers, body }, held) => {
  if (headers['x-vault-token'] !== 'token') return { status: 403, body: { errors: ['permission denied'] } }
  if (method === 'GET' && path === '/v1/transit/keys/mot') {
    const keys = { 1: { public_key: 'of an older version' }, 2: { public_key: held.pem } }
    return { status: 200, body: { data: { type: 'ecdsa-p256', latest_version: 2, keys } } }
  }
  if (method !== 'POST' || path !== '/v1/transit/sign/mot/sha2-256') return { status: 404, body: { errors: [] } }
  const digest = Buffer.from(String(body['input']), 'base64')
  const isRight = body['prehashed'] === true && body['marshaling_algorithm'] === 'asn1' && body['key_version'] === 2
  if (!isRight || !isDigest(digest)) return { status: 400, body: { errors: ['unable to decode input'] } }
  const signature = `vault:v2:${signDigest(held, digest, 'der').toString('base64')}`
  return { status: 200, body: { data: { signature, key_version: 2 } } }
}

const SERVICES = { aws, google, azure, vault }

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const text = Buffer.concat(parts).toString('utf8')
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
}

function send(response: ServerResponse, { status, body, headers = {} }: KmsReply): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
}

/** Starts a service that ends with the test. */
export async function startKms(context: Cleanable, kind: keyof typeof SERVICES): Promise<KmsServer> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const held: Held = { key: privateKey, spki, pem, url: '' }
  const seen: KmsRequest[] = []
  const planted: KmsReply[] = []
  let change: (reply: KmsReply, request: KmsRequest) => KmsReply = (reply) => reply
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '', headers } = request
    const asked = { method, path: url, headers, body: await readBody(request) }
    seen.push(asked)
    send(response, planted.shift() ?? change(SERVICES[kind](asked, held), asked))
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  context.after(() => {
    server.closeAllConnections()
    server.close()
  })
  held.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const alter: KmsServer['alter'] = (next) => {
    change = next
  }
  return {
    url: held.url,
    publicKeyPem: pem,
    seen,
    plant: (...replies) => void planted.splice(0, planted.length, ...replies),
    alter,
  }
}
