/**
 * The server: public pages and the API over one register, and the transparency log where there is one.
 *
 * It listens on loopback unless told otherwise, sends no script but that of the page that checks certificates, and
 * answers unknown addresses with a page or a problem, never with a stack trace.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from '../../base/index.ts'
import { renderNothing } from '../web/pages.ts'
import { addApi } from './api.ts'
import { createBareServer, sendUnknown } from './bare-server.ts'
import { addCertificates, type CertificateParts } from './certificates.ts'
import { addDockets, type DocketSources } from './dockets.ts'
import { addLogRoutes, type LogRoutes } from './log-routes.ts'
import { addPages } from './pages.ts'
import { addStatusList, type StatusRoutes } from './status-list.ts'
import { addVerifier } from './verifier.ts'

/** Addresses for programs; below them what is not there is a problem and no page. */
const PROGRAMS = ['/v1/', '/api/', '/tile/', '/status/']

function answerUnknown(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (PROGRAMS.some((start) => request.url.startsWith(start))) return sendUnknown(request, reply)
  return reply.code(404).type('text/html; charset=utf-8').send(renderNothing('There is no page at this address.'))
}

/** Builds the server; the caller listens and closes. */
export function createServer(
  parts: CertificateParts & {
    readonly log: Log
    readonly transparency?: LogRoutes
    readonly statusList?: StatusRoutes
    readonly dockets?: DocketSources
  },
): FastifyInstance {
  const server = createBareServer(parts.log, answerUnknown)
  server.get('/healthz', async () => ({ status: 'ok', ...(await parts.register.count()) }))
  addApi(server, parts)
  addPages(server, parts)
  addCertificates(server, parts)
  addVerifier(server, parts)
  if (parts.dockets !== undefined) addDockets(server, parts.dockets)
  if (parts.statusList !== undefined) addStatusList(server, parts.statusList)
  if (parts.transparency !== undefined) addLogRoutes(server, parts.transparency)
  return server
}
