/**
 * One request and its answer: redirects followed, secrets kept, silence ended.
 *
 * Guarantees: a credential goes to its own origin and to no other, whatever a redirect says; a redirect never leads
 * from https to http nor to any other scheme; there are at most five; an answer that stays silent for the wire's
 * `stallAfter` ends as `remote-stalled`. Content is asked for unencoded, because a digest is over those bytes.
 */
import { Fault, isFault } from '../../base/index.ts'
import { printableName } from '../names.ts'
import type { Wire } from './wire.ts'

const MAX_REDIRECTS = 5
const REDIRECTS = new Set([301, 302, 303, 307, 308])

/** An answer whose body is still to be read or discarded. */
export interface Exchange {
  readonly status: number
  readonly statusText: string
  readonly headers: Headers
  /** Headers of the first answer, before any redirect: a hub says there what the file is. */
  readonly firstHeaders: Headers
  /** The host that answered last. */
  readonly host: string
  /** The address that answered last; may hold a signature: never to be shown. */
  readonly address: string
  /** The body. @throws Fault `remote-cut`, `remote-stalled`, `aborted` */
  chunks(): AsyncGenerator<Uint8Array>
  /** Gives the body up. */
  discard(): Promise<void>
}

/** Ends a request when nothing comes for too long, or when the whole work is called off. */
class Watch {
  readonly #wire: Wire
  readonly #controller = new AbortController()
  readonly #timer: NodeJS.Timeout
  readonly #onAbort = () => this.#controller.abort(new Fault('aborted', 'stopped before it was done'))

  constructor(wire: Wire, host: string) {
    this.#wire = wire
    const stalled = new Fault('remote-stalled', `${host} sent nothing for ${wire.stallAfter / 1000} s`)
    this.#timer = setTimeout(() => this.#controller.abort(stalled), wire.stallAfter)
    if (wire.signal?.aborted === true) this.#onAbort()
    else wire.signal?.addEventListener('abort', this.#onAbort, { once: true })
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  touch(): void {
    this.#timer.refresh()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#wire.signal?.removeEventListener('abort', this.#onAbort)
  }

  /** What ended the request: our own reason, or a fault `code` made from what the network threw. */
  explain(thrown: unknown, code: string, message: string): Fault {
    const reason: unknown = this.signal.reason
    if (this.signal.aborted && isFault(reason)) return reason
    if (isFault(thrown)) return thrown
    return new Fault(code, `${message} (${networkReason(thrown)})`, { cause: thrown })
  }
}

function networkReason(thrown: unknown): string {
  const { cause } = thrown as { cause?: unknown }
  const { code, message } = (cause ?? thrown) as { code?: unknown; message?: unknown }
  return printableName(String(code ?? message ?? thrown))
}

function whyUnreachable(thrown: unknown, host: string): { readonly code: string; readonly message: string } {
  const reason = networkReason(thrown)
  if (reason === 'ENOTFOUND') return { code: 'remote-unknown-host', message: `there is no host ${host}` }
  const untrusted = /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|ERR_TLS/.test(reason)
  if (untrusted) return { code: 'remote-untrusted', message: `the certificate of ${host} is not trusted` }
  return { code: 'remote-unreachable', message: `${host} cannot be reached` }
}

function nextHop(at: URL, location: string): URL {
  const next = URL.canParse(location, at.href) ? new URL(location, at.href) : undefined
  if (next === undefined || (next.protocol !== 'https:' && next.protocol !== 'http:')) {
    throw new Fault('remote-protocol', `${at.host} redirects to something that is no web address`)
  }
  if (at.protocol === 'https:' && next.protocol === 'http:') {
    throw new Fault('remote-downgrade', `${at.host} redirects from https to http at ${next.host}; not followed`)
  }
  next.username = ''
  next.password = ''
  return next
}

async function send(wire: Wire, at: URL, { headers, watch }: { headers: Record<string, string>; watch: Watch }) {
  const secret = wire.credential?.origin === at.origin ? { authorization: wire.credential.header } : {}
  const common = { 'accept-encoding': 'identity', 'user-agent': 'tidewaiter' }
  try {
    const init = { redirect: 'manual', headers: { ...common, ...headers, ...secret }, signal: watch.signal } as const
    return await wire.fetch(at.href, init)
  } catch (thrown) {
    const { code, message } = whyUnreachable(thrown, at.host)
    throw watch.explain(thrown, code, message)
  }
}

async function follow(wire: Wire, url: string, { headers, watch }: { headers: Record<string, string>; watch: Watch }) {
  let at = new URL(url)
  let firstHeaders: Headers | undefined
  for (let hops = 0; ; hops++) {
    await wire.guard?.(at)
    const response = await send(wire, at, { headers, watch })
    firstHeaders ??= response.headers
    const location = response.headers.get('location')
    if (!REDIRECTS.has(response.status) || location === null) return { response, firstHeaders, at }
    await response.body?.cancel()
    if (hops === MAX_REDIRECTS) throw new Fault('remote-protocol', `${at.host}: more than ${MAX_REDIRECTS} redirects`)
    at = nextHop(at, location)
    watch.touch()
  }
}

async function* readBody(response: Response, watch: Watch, host: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of response.body ?? []) {
      watch.touch()
      yield chunk
    }
  } catch (thrown) {
    throw watch.explain(thrown, 'remote-cut', `${host} ended the answer early`)
  } finally {
    watch.stop()
  }
}

/** A gate or hub that lets something pass with a remark sends it in this header. */
function logWarning(wire: Wire, headers: Headers, host: string): void {
  const warning = headers.get('x-hf-warning')
  if (warning !== null) wire.log.warn({ host, warning: printableName(warning) }, 'remote.warning')
}

/**
 * Sends a GET and follows redirects to the answer, of whatever status.
 *
 * @throws Fault `remote-unreachable`, `remote-unknown-host`, `remote-untrusted`, `remote-downgrade`, `remote-protocol`, `remote-stalled`,
 *   `aborted`
 */
export async function exchange(wire: Wire, url: string, headers: Record<string, string> = {}): Promise<Exchange> {
  const watch = new Watch(wire, new URL(url).host)
  try {
    const { response, firstHeaders, at } = await follow(wire, url, { headers, watch })
    logWarning(wire, firstHeaders, at.host)
    return {
      status: response.status,
      statusText: response.statusText,
      headers: response.headers,
      firstHeaders,
      host: at.host,
      address: at.href,
      chunks: () => readBody(response, watch, at.host),
      discard: async () => {
        watch.stop()
        await response.body?.cancel().catch(() => {})
      },
    }
  } catch (thrown) {
    watch.stop()
    throw thrown
  }
}

/** Reads a whole body of at most `limit` bytes. @throws Fault `remote-protocol` when it is longer */
export async function readAll(answer: Exchange, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of answer.chunks()) {
    length += chunk.length
    if (length > limit) throw new Fault('remote-protocol', `${answer.host} answers with more than ${limit} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
