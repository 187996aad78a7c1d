/**
 * RFC 3161 requests: what a client wants stamped, read strictly.
 *
 * Source: RFC 3161 section 2.4.1.
 */
import { Fault, isFault } from '../../base/index.ts'
import type { HashName } from '../cryptography.ts'
import { readHash } from './algorithms.ts'
import { context, DerReader, TAG } from './der.ts'

/** See the module. */
export interface TimestampRequest {
  /** The imprint as it stands in the request, to be repeated. */
  readonly imprint: Uint8Array
  readonly hash: HashName
  /** Object identifier as hex of its content; any when absent. */
  readonly policy?: string
  /** The nonce as it stands in the request, to be repeated. */
  readonly nonce?: Uint8Array
  /** The certificates are to be put in. */
  readonly wantsCertificates: boolean
}

/** Bytes of a request that are read at most; usual are 56 to 80. */
export const MAX_REQUEST_BYTES = 1024
const SIZES: Readonly<Record<HashName, number>> = { 'SHA-256': 32, 'SHA-384': 48, 'SHA-512': 64 }

function readImprint(request: DerReader): Pick<TimestampRequest, 'imprint' | 'hash'> {
  const { whole: imprint, content } = request.take(TAG.sequence)
  const reader = new DerReader(content, 'imprint')
  const hash = readHash(reader)
  const digest = reader.take(TAG.octetString).content
  reader.end()
  if (digest.length !== SIZES[hash])
    throw new Fault('bad-data-format', `an imprint of ${digest.length} bytes is not one of ${hash}`)
  return { imprint, hash }
}

function readOptions(request: DerReader): Omit<TimestampRequest, 'imprint' | 'hash'> {
  const policy = request.next(TAG.oid) ? request.oid() : undefined
  let nonce: Uint8Array | undefined
  if (request.next(TAG.integer)) {
    const [first = 0, ...rest] = request.integer(64)
    nonce = Uint8Array.of(TAG.integer, rest.length + 1, first, ...rest)
  }
  const wantsCertificates = request.flag()
  if (request.next(context(0, true))) throw new Fault('unaccepted-extension', 'a request with extensions is not taken')
  return { wantsCertificates, ...(policy === undefined ? {} : { policy }), ...(nonce === undefined ? {} : { nonce }) }
}

function readBody(bytes: Uint8Array): TimestampRequest {
  const outer = new DerReader(bytes, 'timestamp request')
  const request = outer.enter(TAG.sequence)
  outer.end()
  if (request.count() !== 1) throw new Fault('bad-request', 'the request is not of version 1')
  const imprint = readImprint(request)
  const options = readOptions(request)
  request.end()
  return { ...imprint, ...options }
}

/**
 * Reads a `TimeStampReq`.
 *
 * @throws Fault `bad-request` (not a request), `bad-alg` (hash that is not SHA-2), `bad-data-format` (length of the
 * digest), `unaccepted-extension`
 */
export function readTimestampRequest(bytes: Uint8Array): TimestampRequest {
  if (bytes.length > MAX_REQUEST_BYTES)
    throw new Fault('bad-request', `a request of ${bytes.length} bytes; at most ${MAX_REQUEST_BYTES} are read`)
  try {
    return readBody(bytes)
  } catch (thrown) {
    if (isFault(thrown, 'algorithm')) throw new Fault('bad-alg', thrown.message, { cause: thrown })
    if (isFault(thrown, 'der')) throw new Fault('bad-request', thrown.message, { cause: thrown })
    throw thrown
  }
}
