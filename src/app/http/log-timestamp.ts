/**
 * The timestamp authority over HTTP: `POST /api/v1/timestamp`, a query in DER for a reply in DER.
 *
 * Who stamps comes in; here is only what HTTP adds: types, sizes, and a problem where no reply can be given.
 *
 * Source: RFC 3161 section 3.4.
 */
import type { FastifyInstance } from 'fastify'
import { isFault } from '../../base/index.ts'
import { sendProblem } from './problem.ts'
import type { RateLimiter } from './rate-limit.ts'

/** Answers a `TimeStampReq` with a `TimeStampResp`, both in DER. A fault is the client's. */
export type Stamp = (request: Uint8Array) => Promise<Uint8Array>

/** What the route needs. */
export interface TimestampParts {
  readonly stamp: Stamp
  readonly limiter: RateLimiter
}

const QUERY = 'application/timestamp-query'
const REPLY = 'application/timestamp-reply'
/** A query with nonce and policy has less than 200 bytes. */
const MOST_BYTES = 2_048

/** Adds the route. */
export function addTimestamp(server: FastifyInstance, { stamp, limiter }: TimestampParts): void {
  void server.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(QUERY, { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    scope.post('/api/v1/timestamp', { bodyLimit: MOST_BYTES }, async (request, reply) => {
      const wait = limiter.take(request.ip)
      if (wait > 0) {
        const detail = `too many queries from this address; again in ${wait} s`
        return sendProblem(reply.header('retry-after', String(wait)), 429, ['too-many-requests', detail])
      }
      if (!Buffer.isBuffer(request.body) || request.body.length === 0)
        return sendProblem(reply, 400, ['no-query', `the body is to be a query of the type ${QUERY}`])
      try {
        return await reply.type(REPLY).send(Buffer.from(await stamp(request.body)))
      } catch (thrown) {
        if (isFault(thrown)) return sendProblem(reply, 400, [thrown.code, thrown.message])
        throw thrown
      }
    })
  })
}
