/**
 * A witness over HTTP: `POST /add-checkpoint`, and what it knows of a log under the hash of its origin.
 *
 * Source: C2SP tlog-witness 1.0.0.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { MAX_REQUEST, type Witness } from '../../log/index.ts'

/** Adds the routes below where `server` stands. */
export function addWitness(server: FastifyInstance, witness: Witness): void {
  void server.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    const ask = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const path = new URL(request.url, 'http://witness').pathname
      const body = Buffer.isBuffer(request.body) ? request.body : new Uint8Array()
      const answer = await witness({ method: request.method, path: path.slice(scope.prefix.length), body })
      return reply.code(answer.status).type(answer.contentType).send(answer.body)
    }
    scope.post('/add-checkpoint', { bodyLimit: MAX_REQUEST }, ask)
    scope.get('/:origin/checkpoint', ask)
  })
}
