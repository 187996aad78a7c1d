/** Errors of the API as problem details, so that a program and a person both know what to do. Source: RFC 9457. */
import type { FastifyReply } from 'fastify'

/** Body of an error answer. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: string
  readonly detail: string
}

const TITLES: ReadonlyMap<number, string> = new Map([
  [404, 'Not found'],
  [429, 'Too many requests'],
  [503, 'Unavailable'],
])

/** Builds a problem; `code` is stable, `detail` is for a person. */
function makeProblem(status: number, code: string, detail: string): Problem {
  const title = TITLES.get(status) ?? (status < 500 ? 'Bad request' : 'Internal error')
  return { type: `https://tidewaiter.example/problems/${code}`, title, status, code, detail }
}

/** Answers with a problem. */
export function sendProblem(
  reply: FastifyReply,
  status: number,
  [code, detail]: readonly [string, string],
): FastifyReply {
  return reply
    .code(status)
    .type('application/problem+json')
    .send(makeProblem(status, code, detail))
}
