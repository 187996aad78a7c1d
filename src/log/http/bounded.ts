/**
 * Answers of other people's servers, with an end: a time and a number of bytes after which we stop reading.
 */
import type { Fetch } from '../../artefact/index.ts'
import { Fault, isFault, toFault } from '../../base/index.ts'

/** How far to trust an answer. */
export interface AnswerLimits {
  readonly bytes: number
  readonly milliseconds: number
}

/** An answer that was read whole. */
export interface Answer {
  readonly status: number
  /** Lower case, without parameters. */
  readonly contentType: string
  readonly body: Uint8Array
}

/** What is asked for. */
export interface Question {
  readonly url: string
  /** Sent by POST; without it the question is a GET. */
  readonly body?: string
}

async function readBody({ body }: Response, limit: number, url: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  const stream: AsyncIterable<Uint8Array> | null = body
  for await (const part of stream ?? []) {
    length += part.length
    if (length > limit) throw new Fault('answer', `${url} answers with more than ${limit} bytes`)
    parts.push(part)
  }
  return new Uint8Array(Buffer.concat(parts))
}

/**
 * Asks and reads the answer; redirects are not followed.
 *
 * @throws Fault `answer` when there is none in time, or too much of it
 */
export async function ask(fetch: Fetch, { url, body }: Question, limits: AnswerLimits): Promise<Answer> {
  const signal = AbortSignal.timeout(limits.milliseconds)
  const send: RequestInit = body === undefined ? { method: 'GET' } : { method: 'POST', body }
  try {
    const response = await fetch(url, { ...send, redirect: 'manual', signal })
    const contentType = (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
    return { status: response.status, contentType, body: await readBody(response, limits.bytes, url) }
  } catch (cause) {
    if (isFault(cause)) throw cause
    throw new Fault('answer', `${url} does not answer: ${toFault(cause).message}`, { cause })
  }
}

/** Bytes as text. @throws Fault `answer` when they are not UTF-8 */
export function toText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new Fault('answer', `${bytes.length} bytes that are not UTF-8`)
  }
}
