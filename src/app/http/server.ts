/**
 * The server: public pages and the API over one register.
 *
 * It listens on loopback unless told otherwise, sends no script, and answers unknown addresses with a page or a
 * problem, never with a stack trace.
 */
import fastify, { type FastifyInstance } from 'fastify'
import type { Log } from '../../base/index.ts'
import { renderNothing } from '../web/pages.ts'
import { addApi, type ServerParts } from './api.ts'
import { addPages } from './pages.ts'
import { makeProblem } from './problem.ts'

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
}

/** Builds the server; the caller listens and closes. */
export function createServer(parts: ServerParts & { readonly log: Log }): FastifyInstance {
  const server = fastify({ bodyLimit: 256 * 1024, requestTimeout: 30_000, routerOptions: { maxParamLength: 200 } })
  server.addHook('onSend', async (_request, reply) => void reply.headers(HEADERS))
  server.addHook('onResponse', async (request, reply) => {
    parts.log.info(
      {
        method: request.method,
        path: request.url.slice(0, 200),
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'http.answered',
    )
  })
  server.get('/healthz', async () => ({ status: 'ok', ...(await parts.register.count()) }))
  addApi(server, parts)
  addPages(server, parts)
  server.setNotFoundHandler((request, reply) => {
    if (!request.url.startsWith('/v1/'))
      return reply.code(404).type('text/html; charset=utf-8').send(renderNothing('There is no page at this address.'))
    return reply
      .code(404)
      .type('application/problem+json')
      .send(makeProblem(404, 'no-such-route', `there is nothing at ${request.url.slice(0, 200)}`))
  })
  server.setErrorHandler((error: Error & { statusCode?: number; validation?: unknown }, request, reply) => {
    const status = error.statusCode !== undefined && error.statusCode < 500 ? error.statusCode : 500
    if (status === 500) parts.log.error({ path: request.url.slice(0, 200), message: error.message }, 'http.failed')
    const detail = status === 500 ? 'the request could not be answered' : error.message
    return reply
      .code(status)
      .type('application/problem+json')
      .send(makeProblem(status, status === 500 ? 'internal' : 'bad-request', detail))
  })
  return server
}
