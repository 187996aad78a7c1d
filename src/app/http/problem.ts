/** Errors of the API as problem details, so that a program and a person both know what to do. Source: RFC 9457. */

/** Body of an error answer. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: string
  readonly detail: string
}

/** Builds a problem; `code` is stable, `detail` is for a person. */
export function makeProblem(status: number, code: string, detail: string): Problem {
  const title = status === 404 ? 'Not found' : status < 500 ? 'Bad request' : 'Internal error'
  return { type: `https://tidewaiter.example/problems/${code}`, title, status, code, detail }
}
