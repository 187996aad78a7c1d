/**
 * What a refusal of a server means to the person who waits.
 *
 * Hubs say why in `X-Error-Code` and `X-Error-Message`, or as `error` in a JSON body, and use 401 for what does not
 * exist as well as for what is hidden; the status alone would mislead. The message says what to do next.
 *
 * Source: huggingface_hub 2.4.0 `utils/_http.py`; gate.md 1.1.
 */
import { Fault } from '../../base/index.ts'
import { printableName } from '../names.ts'
import { type Exchange, readAll } from './exchange.ts'

/** What was asked for, in words for a message. */
export interface Asked {
  /** `org/name`, or an address without secrets. */
  readonly what: string
  readonly isHub: boolean
  readonly hasToken: boolean
  readonly revision?: string
  readonly path?: string
}

interface Reason {
  readonly code: string
  readonly message: string
}

const MAX_ERROR_BODY = 64 * 1024
const MAX_SAID = 300

function tokenHint({ isHub, hasToken }: Asked): string {
  if (!isHub) return hasToken ? 'the credentials were not accepted' : 'it wants credentials'
  return hasToken ? 'the token does not give access' : 'if it exists it wants a token: set HF_TOKEN'
}

function byHubCode(hubCode: string | null, asked: Asked, host: string): Reason | undefined {
  const { what, revision, path, hasToken } = asked
  switch (hubCode) {
    case 'GatedRepo': {
      const how = hasToken ? 'with the account of the token' : 'and set HF_TOKEN'
      return { code: 'remote-gated', message: `${what} is gated: ask for access at ${host} ${how}` }
    }
    case 'RepoNotFound':
      return { code: 'remote-no-repository', message: `${host} has no repository ${what}, or ${tokenHint(asked)}` }
    case 'RevisionNotFound':
      return { code: 'remote-no-revision', message: `${what} at ${host} has no revision ${revision ?? ''}` }
    case 'EntryNotFound':
      return { code: 'remote-no-file', message: `${what} at ${host} has no file ${printableName(path ?? '')}` }
    default:
      return undefined
  }
}

function byStatus(status: number, asked: Asked, host: string): Reason {
  const { what } = asked
  if (status === 401)
    return { code: 'remote-unauthorised', message: `${host} does not show ${what}; ${tokenHint(asked)}` }
  if (status === 403) return { code: 'remote-forbidden', message: `${host} refuses ${what}` }
  if (status === 404 || status === 410) return { code: 'remote-not-found', message: `${host} does not have ${what}` }
  if (status === 429) return { code: 'remote-busy', message: `${host} asks to slow down` }
  if (status === 451) return { code: 'remote-forbidden', message: `${host} withholds ${what}` }
  if (status >= 500) return { code: 'remote-failed', message: `${host} failed` }
  return { code: 'remote-protocol', message: `${host} answers with an unexpected status for ${what}` }
}

async function readError(answer: Exchange): Promise<string> {
  try {
    const body: unknown = JSON.parse((await readAll(answer, MAX_ERROR_BODY)).toString('utf8'))
    const error = (body as { error?: unknown } | null)?.error
    return typeof error === 'string' ? error : ''
  } catch {
    return ''
  }
}

/** Milliseconds that a server asks to wait, from `Retry-After` or the draft `RateLimit` header. */
export function retryAfter(headers: Headers, now: number): number | undefined {
  const given = headers.get('retry-after')
  if (given !== null) {
    const ms = /^\d+$/.test(given.trim()) ? Number(given) * 1000 : Date.parse(given) - now
    return Number.isFinite(ms) ? Math.max(0, ms) : undefined
  }
  const reset = /\bt=(\d{1,9})\b/.exec(headers.get('ratelimit') ?? '')?.[1]
  return reset === undefined ? undefined : Number(reset) * 1000
}

/** An answer that is no success, as a fault in words. Reads or discards the body. */
export async function refusalOf(answer: Exchange, asked: Asked, now: number): Promise<Fault> {
  const header = (name: string) => answer.headers.get(name) ?? answer.firstHeaders.get(name)
  const said = header('x-error-message') ?? ((await readError(answer)) || answer.statusText)
  await answer.discard()
  const { status, host } = answer
  const { code, message } = byHubCode(header('x-error-code'), asked, host) ?? byStatus(status, asked, host)
  const quote = said === '' ? '' : `: ${printableName(said.slice(0, MAX_SAID))}`
  const wait = retryAfter(answer.headers, now)
  return new Fault(code, `${message} (HTTP ${status}${quote})`, {
    details: { status, ...(wait !== undefined && { retryAfter: wait }) },
  })
}
