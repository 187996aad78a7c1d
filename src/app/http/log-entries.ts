/**
 * The write API of Rekor v2, as cosign calls it: `POST /api/v2/log/entries`.
 *
 * A signature that holds is logged, and answered when a published checkpoint covers it, with everything that goes into a
 * bundle. The same signature sent again gets the entry that it has. What else comes is a problem that says what is wrong.
 *
 * Source: sigstore/rekor-tiles 2.3; measured with cosign 3.1.3.
 */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Fault, isFault } from '../../base/index.ts'
import { MAX_LOG_REQUEST, readLogRequest, writeLogEntry } from '../../certificate/index.ts'
import type { TransparencyLog } from '../../log/index.ts'
import { sendProblem } from './problem.ts'
import type { RateLimiter } from './rate-limit.ts'

/** What the route needs. */
export interface LogEntriesParts {
  readonly log: Pick<TransparencyLog, 'append' | 'prove'>
  /** 32 bytes: SHA-256 over origin and key of the log. */
  readonly logId: Uint8Array
  readonly limiter: RateLimiter
}

/** How long a client waits for a checkpoint; what it sent is logged all the same. */
const PATIENCE_MS = 20_000

async function logLeaf({ log, logId }: LogEntriesParts, body: Uint8Array): Promise<object> {
  const outcome = await log.append([{ leaf: body, once: true }])
  const [entry] = outcome.ok ? outcome.value : []
  if (entry === undefined) throw new Fault('chain-conflict', 'the leaf is in no chain')
  const proof = await log.prove(entry.index, AbortSignal.timeout(PATIENCE_MS))
  return writeLogEntry({ logId, body, proof })
}

function readLeaf(body: unknown): Uint8Array | Fault {
  try {
    return readLogRequest(Buffer.isBuffer(body) ? body : new Uint8Array())
  } catch (thrown) {
    if (isFault(thrown)) return thrown
    throw thrown
  }
}

function isTimeout(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.name === 'TimeoutError' || thrown.name === 'AbortError')
}

async function answer(parts: LogEntriesParts, body: unknown, reply: FastifyReply): Promise<FastifyReply> {
  const leaf = readLeaf(body)
  if (leaf instanceof Fault) return sendProblem(reply, 400, [leaf.code, leaf.message])
  try {
    return await reply.code(201).send(await logLeaf(parts, leaf))
  } catch (thrown) {
    if (!isTimeout(thrown)) throw thrown
    const detail = 'the entry is logged, but no checkpoint covers it yet; send the same again'
    return sendProblem(reply.header('retry-after', '5'), 503, ['not-published', detail])
  }
}

/** Adds the route. */
export function addLogEntries(server: FastifyInstance, parts: LogEntriesParts): void {
  void server.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    scope.post('/api/v2/log/entries', { bodyLimit: MAX_LOG_REQUEST }, async (request, reply) => {
      const wait = parts.limiter.take(request.ip)
      if (wait === 0) return answer(parts, request.body, reply)
      const detail = `too many entries from this address; again in ${wait} s`
      return sendProblem(reply.header('retry-after', String(wait)), 429, ['too-many-requests', detail])
    })
  })
}
