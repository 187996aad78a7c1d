/**
 * The public API: models, certificates, and the question of the gate.
 *
 * `POST /v1/gate/check` takes digests of files or identities of models and tells for each whether it may pass. What is
 * not in the register is `hold`: unknown is never let through, and never called bad.
 */
import type { FastifyInstance } from 'fastify'
import { formatTime, isSha256, type Clock } from '../../base/index.ts'
import type { Register, Standing } from '../../register/index.ts'
import type { CertificateStatus } from '../web/certificate.ts'
import { sendProblem } from './problem.ts'

/** What the routes need. */
export interface ServerParts {
  readonly register: Register
  readonly clock: Clock
  readonly sources?: { readonly findStatus?: (number: string) => Promise<CertificateStatus | undefined> }
}

const MOST_DIGESTS = 1_000
const LIST_QUERY = {
  type: 'object',
  properties: {
    q: { type: 'string', maxLength: 300 },
    limit: { type: 'integer', minimum: 1, maximum: 200 },
    after: { type: 'string', maxLength: 40 },
  },
} as const
const CHECK_BODY = {
  type: 'object',
  required: ['digests'],
  additionalProperties: false,
  properties: {
    digests: {
      type: 'array',
      minItems: 1,
      maxItems: MOST_DIGESTS,
      items: { type: 'string', pattern: '^(tw1:)?[0-9a-f]{64}$' },
    },
  },
} as const

/** Answer for one digest. */
export interface GateAnswer {
  readonly digest: string
  readonly answer: 'pass' | 'hold' | 'refuse'
  readonly reason: string
  readonly certificate: string | null
  readonly model: string | null
}

/** A standing, with what became of its certificate where a docket says that it was withdrawn. */
export interface KnownStanding extends Standing {
  readonly withdrawn?: 'suspended' | 'revoked' | 'superseded'
}

function answerStanding(digest: string, standing: KnownStanding | undefined, now: string): GateAnswer {
  if (standing === undefined) {
    return { digest, answer: 'hold', reason: 'not in the register', certificate: null, model: null }
  }
  const { number: certificate, modelId: model, decision, expiresOn } = standing
  if (decision === 'refused') return { digest, answer: 'refuse', reason: 'refused', certificate, model }
  if (standing.withdrawn === 'revoked')
    return { digest, answer: 'refuse', reason: 'the certificate was revoked', certificate, model }
  if (standing.withdrawn !== undefined)
    return { digest, answer: 'hold', reason: `the certificate is ${standing.withdrawn}`, certificate, model }
  if (decision === 'held') return { digest, answer: 'hold', reason: 'held', certificate, model }
  if (expiresOn <= now)
    return { digest, answer: 'hold', reason: `the clearance ended ${expiresOn}`, certificate, model }
  return { digest, answer: 'pass', reason: decision, certificate, model }
}

const ORDER: Readonly<Record<GateAnswer['answer'], number>> = { refuse: 0, hold: 1, pass: 2 }

/** The answer for each digest: the strictest over all models that hold it. */
export function answerGate(
  digests: readonly string[],
  standings: readonly KnownStanding[],
  now: string,
): readonly GateAnswer[] {
  return digests.map((digest) => {
    const known = standings.filter(({ asked }) => asked === digest)
    const answers = (known.length === 0 ? [undefined] : known).map((standing) => answerStanding(digest, standing, now))
    return answers.toSorted((a, b) => ORDER[a.answer] - ORDER[b.answer])[0] as GateAnswer
  })
}

type FindStatus = NonNullable<ServerParts['sources']>['findStatus']

/** Asks of each certificate once what became of it. */
async function askStatuses(standings: readonly Standing[], find: FindStatus): Promise<readonly KnownStanding[]> {
  if (find === undefined) return standings
  const statuses = new Map<string, Awaited<ReturnType<typeof find>>>()
  for (const { number } of standings) if (!statuses.has(number)) statuses.set(number, await find(number))
  return standings.map((standing) => {
    const status = statuses.get(standing.number)
    return status === undefined || status === 'valid' ? standing : { ...standing, withdrawn: status }
  })
}

/** Adds the routes below `/v1`. */
export function addApi(server: FastifyInstance, { register, clock, sources }: ServerParts): void {
  server.get<{ Querystring: { q?: string; limit?: number; after?: string } }>(
    '/v1/models',
    { schema: { querystring: LIST_QUERY } },
    async (request) => {
      const { q: query = '', limit = 50, after } = request.query
      const page = await register.search({ query, limit, ...(after === undefined ? {} : { after }) })
      return { schema: 'tidewaiter/models/v1', models: page.hits, next: page.next }
    },
  )
  server.get<{ Params: { id: string } }>('/v1/models/:id', async (request, reply) => {
    const model = await register.findModel(request.params.id)
    if (model === undefined)
      return sendProblem(reply, 404, ['no-such-model', 'no model of this identity is in the register'])
    return { schema: 'tidewaiter/model/v1', ...model, docket: await register.docket(model.id) }
  })
  server.get<{ Params: { number: string } }>('/v1/certificates/:number', async (request, reply) => {
    const certificate = await register.findCertificate(request.params.number)
    if (certificate === undefined)
      return sendProblem(reply, 404, ['no-such-certificate', 'no certificate of this number was issued here'])
    return { schema: 'tidewaiter/certificate/v1', ...certificate, bundle: JSON.parse(certificate.bundle) as unknown }
  })
  server.post<{ Body: { digests: string[] } }>('/v1/gate/check', { schema: { body: CHECK_BODY } }, async (request) => {
    const { digests } = request.body
    const standings = await register.standings(digests.filter((digest) => isSha256(digest.replace(/^tw1:/, ''))))
    const known = await askStatuses(standings, sources?.findStatus)
    return { schema: 'tidewaiter/gate-check/v1', answers: answerGate(digests, known, formatTime(clock.now())) }
  })
}
