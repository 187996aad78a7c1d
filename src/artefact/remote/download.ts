/**
 * Downloading one file, all or nothing, resumed where it stopped.
 *
 * The first bytes come with what the server says of the file (length, strong entity tag, at a hub the commit and the
 * size); a resumed request asks for the rest by `Range`, under `If-Range` when there is a tag, and begins again when
 * the answer is not exactly the rest. Length and digest decide, never a header.
 *
 * Guarantee: a file is stored under its digest only after all its bytes were counted and digested; wrong length and
 * wrong bytes are faults and leave nothing behind; anything else leaves a part that the next run goes on with.
 *
 * Source: RFC 9110 sections 13.1.5 (If-Range), 14 (ranges); gate.md 0a.3 (what hubs answer).
 */
import { Fault } from '../../base/index.ts'
import type { Declared } from '../listed-file.ts'
import { printableName } from '../names.ts'
import { exchange, type Exchange } from './exchange.ts'
import { ensureDeclared, Part } from './part.ts'
import { type Asked, refusalOf } from './refusal.ts'
import { retrying } from './retrying.ts'
import type { Store } from './store.ts'
import type { Wire } from './wire.ts'

/** A file that is wanted. */
export interface Wanted {
  /** May hold secrets: never shown. */
  readonly url: string
  /** For messages: printable. */
  readonly name: string
  /** Names the part on the disk: the same for the same file, in every process. */
  readonly key: string
  readonly size?: number | undefined
  readonly declared?: Declared | undefined
  /** The commit that a hub must answer from. */
  readonly commit?: string | undefined
  readonly asked: Asked
}

/** Where and how to download. */
export interface Depot {
  readonly wire: Wire
  readonly store: Store
  /** Told how many bytes of the file are there, which may also become fewer. */
  readonly onLength?: ((length: number) => void) | undefined
}

/** A whole file in the store. */
export interface Stored {
  readonly path: string
  readonly sha256: string
  readonly size: number
}

function wrongLength(wanted: Wanted, declared: number, found: number): Fault {
  return new Fault(
    'wrong-length',
    `${wanted.name}: ${declared} bytes were declared, ${found} came; nothing of it was kept`,
  )
}

function strongTag(headers: Headers): string | undefined {
  const etag = headers.get('etag')
  return etag?.startsWith('"') === true ? etag : undefined
}

function sizeHeader(headers: Headers, name: string): number | undefined {
  const text = headers.get(name)
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** Checks what a hub says in headers against what its tree said. */
function checkHeaders(answer: Exchange, wanted: Wanted): void {
  const linked = sizeHeader(answer.firstHeaders, 'x-linked-size')
  if (wanted.size !== undefined && linked !== undefined && linked !== wanted.size) {
    throw wrongLength(wanted, wanted.size, linked)
  }
  const commit = answer.firstHeaders.get('x-repo-commit')
  if (wanted.commit !== undefined && commit !== null && commit !== wanted.commit) {
    throw new Fault(
      'remote-protocol',
      `${answer.host} answers from commit ${printableName(commit)}, not ${wanted.commit}`,
    )
  }
  const encoding = answer.headers.get('content-encoding') ?? 'identity'
  if (encoding !== 'identity') throw new Fault('remote-protocol', `${answer.host} sends ${wanted.name} encoded`)
}

/** Where the bytes of an answer begin and how many the whole file has, or undefined when it is not the rest. */
function placeOf(
  answer: Exchange,
  length: number,
): { readonly from: number; readonly total: number | undefined } | undefined {
  if (answer.status === 200) return { from: 0, total: sizeHeader(answer.headers, 'content-length') }
  const range = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15}|\*)$/.exec(answer.headers.get('content-range') ?? '')
  if (answer.status !== 206 || range === null || Number(range[1]) !== length) return undefined
  return { from: length, total: range[2] === '*' ? undefined : Number(range[2]) }
}

function headersFor(part: Part): Record<string, string> {
  if (part.length === 0) return {}
  const { etag } = part.note
  return { range: `bytes=${part.length}-`, ...(etag !== undefined && { 'if-range': etag }) }
}

async function beginAnswer(answer: Exchange, part: Part, wanted: Wanted): Promise<number | undefined> {
  checkHeaders(answer, wanted)
  const place = placeOf(answer, part.length)
  if (place === undefined) {
    await part.restart()
    throw new Fault('remote-range', `${answer.host} does not send the rest of ${wanted.name} that was asked for`)
  }
  if (place.from === 0 && part.length > 0) await part.restart()
  const expected = wanted.size ?? part.note.total
  if (expected !== undefined && place.total !== undefined && place.total !== expected) {
    throw wrongLength(wanted, expected, place.total)
  }
  const total = expected ?? place.total
  const etag = strongTag(answer.headers)
  if (place.from === 0) part.remember({ ...(etag !== undefined && { etag }), ...(total !== undefined && { total }) })
  return total
}

async function receive(
  answer: Exchange,
  part: Part,
  { wanted, depot }: { wanted: Wanted; depot: Depot },
): Promise<void> {
  const total = await beginAnswer(answer, part, wanted)
  depot.onLength?.(part.length)
  for await (const chunk of answer.chunks()) {
    if (total !== undefined && part.length + chunk.length > total) {
      throw wrongLength(wanted, total, part.length + chunk.length)
    }
    await part.append(chunk)
    depot.onLength?.(part.length)
  }
  if (total !== undefined && part.length < total) {
    throw new Fault('remote-cut', `${answer.host} ended ${wanted.name} at ${part.length} of ${total} bytes`)
  }
}

/** Without a digest only the tag says that the part and the rest are of one file. */
async function ensureResumable(part: Part, wanted: Wanted): Promise<void> {
  if (part.length > 0 && wanted.declared === undefined && part.note.etag === undefined) await part.restart()
}

async function fetchRest(part: Part, wanted: Wanted, depot: Depot): Promise<void> {
  if (wanted.declared !== undefined && part.length === wanted.size && part.length > 0) return
  await ensureResumable(part, wanted)
  const answer = await exchange(depot.wire, wanted.url, headersFor(part))
  try {
    if (answer.status >= 400 && answer.status !== 416) {
      throw await refusalOf(answer, wanted.asked, depot.wire.clock.now())
    }
    await receive(answer, part, { wanted, depot })
  } finally {
    await answer.discard()
  }
}

async function store(part: Part, wanted: Wanted, depot: Depot): Promise<Stored> {
  const digests = part.digests()
  ensureDeclared(wanted.name, digests, wanted.declared)
  const path = depot.store.blob(wanted.declared ?? { sha256: digests.sha256 })
  await part.commit(path)
  return { path, sha256: digests.sha256, size: part.length }
}

/**
 * Downloads a file into the store.
 *
 * @throws Fault `wrong-length`, `wrong-bytes`, `disk-full`, `unwritable`, `aborted`, `remote-…`
 */
export async function download(wanted: Wanted, depot: Depot): Promise<Stored> {
  const part = await Part.open(depot.store.part(wanted.key), wanted.size)
  try {
    depot.onLength?.(part.length)
    await retrying(
      depot.wire,
      () => fetchRest(part, wanted, depot),
      () => part.length,
    )
    return await store(part, wanted, depot)
  } catch (thrown) {
    if (thrown instanceof Fault && (thrown.code === 'wrong-length' || thrown.code === 'wrong-bytes')) part.discard()
    throw thrown
  } finally {
    await part.close()
  }
}
