/**
 * One range of a remote file, exactly.
 *
 * The answer must be 206 with the range that was asked for and the length of the whole, the same at every request; it
 * must be bound to one content, by a strong entity tag that is sent back with each further request or by an address
 * that can stand for one content only. A server that sends the whole file instead is cut off after its headers.
 *
 * Source: RFC 9110, 13.1.5, 14.2 to 14.4, 15.3.7.
 */
import { Fault } from '../../base/index.ts'
import { exchange, type Exchange, readAll } from '../remote/exchange.ts'
import { refusalOf } from '../remote/refusal.ts'
import { retrying } from '../remote/retrying.ts'
import type { RemoteFile } from './remote-file.ts'

/** A range [from, to) and what earlier answers said of the file. */
export interface RangeRequest {
  readonly from: number
  readonly to: number
  /** Address that answered before, past its redirects. */
  readonly address?: string
  readonly etag?: string
  readonly total?: number
}

/** What came. */
export interface RangeAnswer {
  readonly bytes: Uint8Array
  /** Bytes of the whole file. */
  readonly total: number
  readonly etag: string | undefined
  readonly address: string
}

function readContentRange(answer: Exchange): { readonly from: number; readonly to: number; readonly total: number } {
  const header = answer.headers.get('content-range') ?? ''
  const [, first, last, total] = /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16})$/.exec(header) ?? []
  const range = { from: Number(first), to: Number(last) + 1, total: Number(total) }
  if (!Object.values(range).every(Number.isSafeInteger))
    throw new Fault('remote-protocol', `${answer.host} answers 206 without saying which bytes of how many`)
  return range
}

function strongTag(answer: Exchange): string | undefined {
  const tag = answer.headers.get('etag') ?? undefined
  return tag?.startsWith('"') === true ? tag : undefined
}

async function checkStatus(answer: Exchange, file: RemoteFile): Promise<void> {
  if (answer.status === 206) return
  if (answer.status === 200) {
    await answer.discard()
    throw new Fault('remote-no-ranges', `${answer.host} sends whole files only; bring the file instead`)
  }
  if (answer.status === 416) {
    await answer.discard()
    throw new Fault('remote-changed', `${file.path} at ${answer.host} is shorter than it was said to be`)
  }
  throw await refusalOf(answer, file.asked, file.wire.clock.now())
}

function checkSame(
  answer: Exchange,
  total: number,
  { file, before }: { file: RemoteFile; before: RangeRequest },
): void {
  const tag = strongTag(answer)
  if (tag === undefined && !file.pinned)
    throw new Fault('remote-unbound', `${answer.host} gives no strong entity tag, so parts could be of different files`)
  const known = before.total ?? file.size
  if ((known !== undefined && known !== total) || (before.etag !== undefined && tag !== before.etag))
    throw new Fault('remote-changed', `${file.path} at ${answer.host} changed while it was looked at`)
}

/** Looks at the headers; the length of the whole file. */
function checkHeaders(answer: Exchange, file: RemoteFile, range: RangeRequest): number {
  const said = readContentRange(answer)
  if (said.from !== range.from || said.to !== Math.min(range.to, said.total)) {
    const what = `bytes ${said.from} to ${said.to} for ${range.from} to ${range.to}`
    throw new Fault('remote-protocol', `${answer.host} sends ${what}`)
  }
  checkSame(answer, said.total, { file, before: range })
  return said.total
}

async function fetchOnce(file: RemoteFile, range: RangeRequest): Promise<RangeAnswer> {
  const { from, to, address = file.url, etag } = range
  const headers = { range: `bytes=${from}-${to - 1}`, ...(etag !== undefined && { 'if-range': etag }) }
  const answer = await exchange(file.wire, address, headers)
  await checkStatus(answer, file)
  try {
    const total = checkHeaders(answer, file, range)
    const bytes = await readAll(answer, to - from)
    if (bytes.length !== Math.min(to, total) - from)
      throw new Fault('remote-cut', `${answer.host} ended the answer early`)
    return { bytes, total, etag: strongTag(answer), address: answer.address }
  } catch (thrown) {
    await answer.discard()
    throw thrown
  }
}

/**
 * Fetches a range, again where waiting helps.
 *
 * @throws Fault `remote-no-ranges`, `remote-unbound`, `remote-changed`, `remote-forbidden`, and those of a download
 */
export function fetchRange(file: RemoteFile, range: RangeRequest): Promise<RangeAnswer> {
  return retrying(file.wire, () => fetchOnce(file, range))
}
