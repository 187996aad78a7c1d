/**
 * One request to a key management service: authorised, bounded, and repeated when the service asks for patience.
 *
 * Throttling and passing failures are answered by waiting twice as long each time, with jitter, as all four vendors
 * ask; anything else is a fault at once. Network, waiting, chance and credentials come in as arguments.
 *
 * Guarantee: no fault carries a header, a body or the free text of an answer. Services quote the request in their
 * errors (AWS its canonical form with the session token), so only the error's code is named.
 * Source: AWS KMS API reference, "Common errors"; Google AIP-194; Azure Key Vault throttling guidance.
 */
import { Fault } from '../../../base/index.ts'
import { toUtf8 } from '../../encoding.ts'
import { KmsAnswer } from './answer.ts'

/** What talking to a service needs from outside. */
export interface KmsWire {
  /** Sends a request; rejects when nothing answers. */
  fetch(request: Request): Promise<Response>
  /** The same request with what proves who asks. */
  authorise(request: Request): Promise<Request>
  /** Resolves after so many ms. */
  sleep(ms: number): Promise<void>
  /** A number in [0, 1), so that many clients do not come back together. */
  chance(): number
}

/** One call. */
export interface KmsCall {
  /** Name for a person: `AWS KMS`. */
  readonly service: string
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  /** JSON. */
  readonly body?: unknown
}

const ATTEMPTS = 5
const FIRST_WAIT_MS = 200
const LONGEST_WAIT_MS = 20_000
const TIMEOUT_MS = 15_000
const MAX_BYTES = 64 * 1024
const PASSING_STATUS = new Set([408, 429, 500, 502, 503, 504])
const THROTTLED = /throttl|TooManyRequests|LimitExceeded|RESOURCE_EXHAUSTED/i
const PASSING_CODE = /^(?:KMSInternalException|DependencyTimeoutException|UNAVAILABLE)$/

async function readBounded(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let length = 0
  const body: AsyncIterable<Uint8Array> | Iterable<Uint8Array> = response.body ?? []
  for await (const part of body) {
    length += part.length
    if (length > MAX_BYTES) throw new Fault('kms-answer', `the answer has more than ${MAX_BYTES} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

interface Reply {
  readonly status: number
  readonly code: string
  readonly retryAfter: number | undefined
  readonly answer: KmsAnswer
}

function toRequest({ url, method, headers = {}, body }: KmsCall): Request {
  const sent = body === undefined ? {} : { body: toUtf8(JSON.stringify(body)) }
  return new Request(url, { method, headers, ...sent, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) })
}

async function attempt(call: KmsCall, wire: KmsWire): Promise<Reply> {
  const response = await wire.fetch(await wire.authorise(toRequest(call)))
  const answer = KmsAnswer.parse(call.service, await readBounded(response))
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return {
    status: response.status,
    code: response.ok ? '' : answer.errorCode(),
    retryAfter: Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined,
    answer,
  }
}

/** An attempt whose failure to reach the service is a value; our own faults are thrown. */
async function tryOnce(call: KmsCall, wire: KmsWire): Promise<Reply | undefined> {
  try {
    return await attempt(call, wire)
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown
    return undefined
  }
}

function mayPass(reply: Reply | undefined): boolean {
  if (reply === undefined) return true
  return PASSING_STATUS.has(reply.status) || THROTTLED.test(reply.code) || PASSING_CODE.test(reply.code)
}

const CODES: readonly (readonly [RegExp, string, string])[] = [
  [THROTTLED, 'kms-throttled', 'the service throttles us'],
  [/disabled|InvalidState|FAILED_PRECONDITION/i, 'kms-disabled', 'the key is disabled or is to be deleted'],
  [/Denied|UnrecognizedClient|InvalidSignature|ExpiredToken|InvalidClientTokenId/i, 'kms-denied', 'access is denied'],
  [/not_?found/i, 'kms-not-found', 'there is no such key'],
  [/InvalidKeyUsage|UnsupportedOperation|BadParameter|INVALID_ARGUMENT/i, 'kms-key-type', 'the key is of another type'],
]

const BY_STATUS: ReadonlyMap<number, readonly [string, string]> = new Map([
  [401, ['kms-denied', 'the credentials are refused']],
  [403, ['kms-denied', 'the credentials may not use this key']],
  [404, ['kms-not-found', 'there is no such key']],
  [429, ['kms-throttled', 'the service throttles us']],
])

function refuse({ service }: KmsCall, reply: Reply | undefined): never {
  if (reply === undefined) throw new Fault('kms-unreachable', `${service} does not answer after ${ATTEMPTS} attempts`)
  const { status, code } = reply
  const [, byCode, meaning] = CODES.find(([pattern]) => pattern.test(code)) ?? []
  const [fault, what] = byCode === undefined ? (BY_STATUS.get(status) ?? ['kms-refused', 'refused']) : [byCode, meaning]
  throw new Fault(fault, `${service}: ${what} (status ${status}${code === '' ? '' : `, ${code}`})`)
}

function waitFor(reply: Reply | undefined, tries: number, chance: number): number {
  const wait = FIRST_WAIT_MS * 2 ** (tries - 1) * (0.5 + chance / 2)
  return Math.min(LONGEST_WAIT_MS, Math.max(wait, reply?.retryAfter ?? 0))
}

/**
 * Makes a call and gives its answer.
 *
 * @throws Fault `kms-unreachable`, `kms-throttled`, `kms-denied`, `kms-not-found`, `kms-disabled`, `kms-key-type`,
 * `kms-refused`, `kms-answer`
 */
export async function callKms(call: KmsCall, wire: KmsWire): Promise<KmsAnswer> {
  for (let tries = 1; ; tries++) {
    const reply = await tryOnce(call, wire)
    if (reply !== undefined && reply.status >= 200 && reply.status < 300) return reply.answer
    if (tries >= ATTEMPTS || !mayPass(reply)) refuse(call, reply)
    await wire.sleep(waitFor(reply, tries, wire.chance()))
  }
}
