/** Routes of the public pages but those of certificates. Everything is rendered here; the pages need no script. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { renderModel, renderNothing, renderSearch } from '../web/pages.ts'
import { loadStyleSheet } from '../web/style.ts'
import type { ServerParts } from './api.ts'
import type { DocketSources } from './dockets.ts'

function sendPage(reply: FastifyReply, page: string, status = 200): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').send(page)
}

/** Adds the pages. */
export function addPages(
  server: FastifyInstance,
  { register, dockets }: ServerParts & { readonly dockets?: DocketSources },
): void {
  const style = loadStyleSheet()
  server.get('/assets/style.css', (_request, reply) =>
    reply.header('cache-control', 'public, max-age=3600').type('text/css; charset=utf-8').send(style),
  )
  const search = async (
    request: { query: { q?: string; after?: string } },
    reply: FastifyReply,
  ): Promise<FastifyReply> => {
    const query = (request.query.q ?? '').slice(0, 300)
    const { after } = request.query
    const page = await register.search({ query, limit: 20, ...(after === undefined ? {} : { after }) })
    return sendPage(reply, renderSearch(page, query))
  }
  server.get<{ Querystring: { q?: string; after?: string } }>('/', search)
  server.get<{ Querystring: { q?: string; after?: string } }>('/search', search)
  server.get<{ Params: { id: string } }>('/models/:id', async (request, reply) => {
    const model = await register.findModel(request.params.id)
    if (model === undefined) return sendPage(reply, renderNothing('No model of this identity is in the register.'), 404)
    return sendPage(reply, renderModel(model, await register.docket(model.id), await dockets?.view(model.id)))
  })
  server.get<{ Params: { digest: string } }>('/dossiers/:digest', async (request, reply) => {
    const dossier = await register.findDossier(request.params.digest)
    if (dossier === undefined) return sendPage(reply, renderNothing('No dossier of this digest is kept here.'), 404)
    return reply.type('application/json; charset=utf-8').send(dossier)
  })
}
