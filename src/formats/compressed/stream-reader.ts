/**
 * The reader of a file that is one compressed stream: unpacks it and has the content read as a file of its own.
 *
 * The content is called as the file without the ending that its compression gave it, so that a name still says what it
 * is: `model.tar.gz` holds `model.tar`, and `model.joblib`, which joblib compresses under its own name, holds
 * `model.joblib`. Of a broken stream what stands before the break is read too, because a loader may load it.
 */
import { isFault, type Fault } from '../../base/index.ts'
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { quoteName } from '../names.ts'
import type { Confidence, FormatReader, Glimpse, ReadRequest } from '../reader.ts'
import { PackedInput, unpack, type Unpacked, type Unpacker } from '../unpacking/index.ts'
import { ANOMALIES, type StreamAnomaly } from './anomalies.ts'

const CHUNK = 64 * 1024
/** Pieces of a head that are unpacked to see whether it is a stream. */
const MOST_PIECES = 64
const CODES: ReadonlySet<string> = new Set(ANOMALIES.map(({ code }) => code))

/** How a kind of stream notes what is odd about it. */
export type NoteStream = (code: StreamAnomaly, message: string) => void

/** One kind of compressed stream. */
export interface StreamFormat {
  readonly format: string
  readonly title: string
  readonly extensions: readonly string[]
  sniff(glimpse: Glimpse): Confidence
  /** Unpacks all streams of the file; leaves the input where they end. */
  open(input: PackedInput, note: NoteStream): Unpacker
}

/** Endings that compression adds, and what stands for each in the name of the content. */
const ENDINGS: ReadonlyMap<string, string> = new Map([
  ...['.tgz', '.tbz2', '.tbz', '.txz', '.tzst'].map((ending) => [ending, '.tar'] as const),
  ...['.gz', '.zlib', '.z', '.bz2', '.xz', '.lzma', '.zstd', '.zst', '.lz4'].map((ending) => [ending, ''] as const),
])

/** The name of the content, whichever compression the name says. @example contentName('a/b.tar.gz') // 'b.tar' */
export function contentName(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  for (const [ending, plain] of ENDINGS) {
    if (name.toLowerCase().endsWith(ending) && name.length > ending.length)
      return name.slice(0, name.length - ending.length) + plain
  }
  return name
}

function codeOf({ code }: Fault): StreamAnomaly {
  if (CODES.has(code)) return code as StreamAnomaly
  return code.endsWith('-truncated') ? 'stream-truncated' : 'stream-broken'
}

interface Opened {
  readonly content: Unpacked
  /** Where the streams end. */
  readonly end: number
}

function openStream(format: StreamFormat, request: ReadRequest, note: NoteStream): Opened {
  const { source, budget } = request
  const { size } = source
  let input = new PackedInput(source, 0, size)
  let once: NoteStream = note
  const start = (): Unpacker => {
    input = new PackedInput(source, 0, size)
    const unpacker = format.open(input, once)
    once = () => {}
    return unpacker
  }
  const content = unpack({ start, packedSize: size, budget })
  return { content, end: content.broken === undefined ? Math.min(input.offset, size) : size }
}

function isZero({ source }: ReadRequest, from: number): boolean {
  for (let at = from; at < source.size; at += CHUNK)
    if (source.read(at, Math.min(CHUNK, source.size - at)).some((byte) => byte !== 0)) return false
  return true
}

/** Zeros fill the last block of a tape and are passed over by all readers. */
function claimTail(request: ReadRequest, facts: FactCollector<StreamAnomaly>, end: number): void {
  const { size } = request.source
  if (end === size) return
  if (isZero(request, end)) return facts.claim('padding', end, size)
  const place = { locus: 'file', offset: end, length: size - end }
  facts.anomalies.add('stream-trailing', `${size - end} bytes follow the end of the stream`, place)
}

function readStream(format: StreamFormat, request: ReadRequest): FileFacts {
  const facts = new FactCollector(request, format.format, ANOMALIES)
  const note: NoteStream = (code, message) => facts.anomalies.add(code, message, { locus: 'stream' })
  if (request.peek) return facts.finish({ reading: 'recognised', reason: 'not unpacked for a look at the structure' })
  const { content, end } = openStream(format, request, note)
  const { broken, source, size } = content
  if (broken !== undefined) note(codeOf(broken), `${broken.message}, after ${size} bytes of content`)
  facts.claim('opaque', 0, end)
  claimTail(request, facts, end)
  if (size > 0 || broken === undefined) takeContent(request, { name: contentName(request.path), source })
  return facts.finish({ broken: 'listed' })
}

function takeContent(
  request: ReadRequest,
  member: { readonly name: string; readonly source: Unpacked['source'] },
): void {
  request.readMember(member)
}

/** A reader of this kind of stream. */
export function makeStreamReader(format: StreamFormat): FormatReader {
  const { format: id, title, extensions, sniff } = format
  return { format: id, title, version: 1, extensions, sniff, read: (request) => readStream(format, request) }
}

/** Whether the head unpacks without a break: for streams whose signature is short. */
export function unpacksAtHead({ head, size }: Glimpse, open: StreamFormat['open']): boolean {
  const source = { size: head.length, read: (at: number, length: number) => head.subarray(at, at + length) }
  try {
    const unpacker = open(new PackedInput(source, 0, head.length), () => {})
    for (let pieces = 0; pieces < MOST_PIECES && unpacker.next() !== undefined; pieces++);
    return true
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    return thrown.code.endsWith('-truncated') && size > head.length
  }
}

/** A name in a header, as metadata that says where it stands. */
export function describeName(name: string): string {
  return `the header gives the name ${quoteName(name)}`
}
