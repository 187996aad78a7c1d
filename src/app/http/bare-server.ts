/**
 * What every server of ours has: headers that allow nothing from elsewhere, a line in the log for each answer, and
 * problems instead of stack traces.
 */
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Log } from '../../base/index.ts'
import { sendProblem } from './problem.ts'

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
}

/** Answers an address at which there is nothing, as programs want it. */
export function sendUnknown(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(reply, 404, ['no-such-route', `there is nothing at ${request.url.slice(0, 200)}`])
}

/**
 * Builds a server without routes; headers that a route sets itself stand, and unknown addresses are problems unless they
 * are answered otherwise.
 */
export function createBareServer(log: Log, answerUnknown = sendUnknown): FastifyInstance {
  const server = fastify({ bodyLimit: 256 * 1024, requestTimeout: 30_000, routerOptions: { maxParamLength: 200 } })
  server.addHook('onSend', async (_request, reply) => void reply.headers({ ...HEADERS, ...reply.getHeaders() }))
  server.addHook('onResponse', async (request, reply) => {
    log.info(
      {
        method: request.method,
        path: request.url.slice(0, 200),
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'http.answered',
    )
  })
  server.setErrorHandler((error: Error & { statusCode?: number; validation?: unknown }, request, reply) => {
    const status = error.statusCode !== undefined && error.statusCode < 500 ? error.statusCode : 500
    if (status === 500) log.error({ path: request.url.slice(0, 200), message: error.message }, 'http.failed')
    const detail = status === 500 ? 'the request could not be answered' : error.message
    return sendProblem(reply, status, [status === 500 ? 'internal' : 'bad-request', detail])
  })
  server.setNotFoundHandler(answerUnknown)
  return server
}
