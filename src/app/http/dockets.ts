/**
 * Routes of dockets for programs: `/v1/dockets/tw1:…` is all that was said of a model, `/v1/statements/<leaf hash>` one
 * statement as it was signed, to be verified by whoever asks.
 */
import type { FastifyInstance } from 'fastify'
import { isSha256 } from '../../base/index.ts'
import type { DocketView } from '../log/docket-view.ts'
import { sendProblem } from './problem.ts'

/** Where dockets come from; there are none where no log is kept. */
export interface DocketSources {
  view(modelId: string): Promise<DocketView | undefined>
  statement(leafHash: string): Promise<string | undefined>
}

/** Adds the routes. */
export function addDockets(server: FastifyInstance, dockets: DocketSources): void {
  server.get<{ Params: { id: string } }>('/v1/dockets/:id', async (request, reply) => {
    const view = await dockets.view(request.params.id.slice(0, 100))
    if (view === undefined) return sendProblem(reply, 404, ['no-such-model', 'nothing was said of this model here'])
    return { schema: 'tidewaiter/docket/v1', ref: null, ...view }
  })
  server.get<{ Params: { hash: string } }>('/v1/statements/:hash', async (request, reply) => {
    const { hash } = request.params
    const bundle = isSha256(hash) ? await dockets.statement(hash) : undefined
    if (bundle === undefined)
      return sendProblem(reply, 404, ['no-such-statement', 'no statement of this identity is kept here'])
    return reply
      .type('application/vnd.dev.sigstore.bundle.v0.3+json')
      .header('content-disposition', `attachment; filename="${hash.slice(0, 16)}.sigstore.json"`)
      .send(Buffer.from(bundle))
  })
}
