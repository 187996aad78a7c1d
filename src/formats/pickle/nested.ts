/**
 * Pickles that lie dormant inside the bytes and texts of a pickle.
 *
 * They do nothing when the outer pickle is loaded; something else must load them. So they are noted, with the
 * globals that they name, and not mixed with the listing. Looked at: payloads that are a whole pickle as they stand,
 * and texts that are one after base64 or hexadecimal, three layers deep.
 *
 * Guarantee: bounded. A payload is walked for at most 100,000 opcodes, and of one file at most 16 MiB are decoded.
 */
import { isFault } from '../../base/index.ts'
import { Budget } from '../budget.ts'
import type { ByteSource } from '../byte-source.ts'
import { memorySource } from '../memory-source.ts'
import { PageReader } from '../page-reader.ts'
import { GlobalNames, type GlobalName } from './global-names.ts'
import { OPCODE_BY_BYTE } from './opcodes.ts'
import { OpcodeStream } from './opcode-stream.ts'
import { mayBePacked, mayBePickle } from './packed-text.ts'

/** Bytes of one file that may be decoded on this search. */
const MOST_DECODED = 16 * 1024 * 1024
/** What one attempt costs, in bytes. */
const ATTEMPT = 128
const MOST_OPCODES = 100_000
const MOST_LAYERS = 3
const MOST_GLOBALS = 32
const SHORTEST = 4
const STOP = 0x2e
const PROTO = 0x80

/** A dormant pickle. */
export interface NestedPickle {
  /** How it is wrapped: `raw`, `base64`, `hex`, `base64 of hex` … */
  readonly wrapping: string
  readonly globals: readonly GlobalName[]
}

/** The part [from, to) of a source as a source of its own. */
function slice(source: ByteSource, from: number, to: number): ByteSource {
  return { size: to - from, read: (offset, length) => source.read(from + offset, length) }
}

/** The pickle that fills the range of a source exactly, or undefined. */
export function findRawPickle(source: ByteSource, from: number, to: number): NestedPickle | undefined {
  if (to - from < SHORTEST || source.read(to - 1, 1)[0] !== STOP) return undefined
  const first = source.read(from, 1)[0] ?? 0
  if (OPCODE_BY_BYTE[first] === undefined) return undefined
  const walked = walkWhole(slice(source, from, to))
  const telling = walked !== undefined && (first === PROTO || walked.length > 0)
  return telling ? { wrapping: 'raw', globals: walked } : undefined
}

function walkWhole(source: ByteSource): GlobalName[] | undefined {
  const names = new GlobalNames()
  const globals: GlobalName[] = []
  const end = walkToStop(new OpcodeStream(new PageReader(source)), (stream) => {
    const global = names.follow(stream)
    if (global !== undefined && global !== null && globals.length < MOST_GLOBALS) globals.push(global)
  })
  return end === source.size ? globals : undefined
}

/** Walks a stream; gives where its STOP ends, or undefined when it breaks or goes on for too long. */
function walkToStop(stream: OpcodeStream, visit: (stream: OpcodeStream) => void): number | undefined {
  try {
    for (let i = 0; i < MOST_OPCODES; i++) {
      const opcode = stream.next()
      visit(stream)
      if (opcode.name === 'STOP') return stream.end
    }
    return undefined
  } catch (thrown) {
    if (isFault(thrown) && thrown.code.startsWith('pkl-')) return undefined
    throw thrown
  }
}

/** Where the stream that begins at `from` ends with STOP, or undefined. */
export function findStop(source: ByteSource, from: number): number | undefined {
  return walkToStop(new OpcodeStream(new PageReader(source, { at: from })), () => {})
}

/** Searches the payloads of one file, as far as its share of work goes. */
export class NestedSearch {
  #left = MOST_DECODED

  /** True when payloads were passed over because too many looked like packed pickles. */
  get exhausted(): boolean {
    return this.#left < 0
  }

  /** The pickle that a text or its bytes hold in some wrapping, or undefined. */
  find(bytes: Uint8Array, layers = MOST_LAYERS): NestedPickle | undefined {
    const raw = mayBePickle(bytes, 0, bytes.length) && this.#spend(bytes) ? findWhole(bytes) : undefined
    if (raw !== undefined || layers === 0) return raw
    const decoded = this.exhausted || !mayBePacked(bytes, 0, bytes.length) ? undefined : decode(bytes)
    if (decoded === undefined) return undefined
    const inner = this.find(decoded.bytes, layers - 1)
    if (inner === undefined) return undefined
    const wrapping = inner.wrapping === 'raw' ? decoded.wrapping : `${decoded.wrapping} of ${inner.wrapping}`
    return { ...inner, wrapping }
  }

  #spend({ length }: Uint8Array): boolean {
    if (!this.exhausted) this.#left -= length + ATTEMPT
    return !this.exhausted
  }
}

function findWhole(bytes: Uint8Array): NestedPickle | undefined {
  return findRawPickle(memorySource(bytes, new Budget()), 0, bytes.length)
}

function decode(bytes: Uint8Array): { readonly wrapping: string; readonly bytes: Uint8Array } | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1').trim()
  if (/^[0-9a-fA-F]+$/.test(text) && text.length % 2 === 0) return { wrapping: 'hex', bytes: Buffer.from(text, 'hex') }
  if (!/^[A-Za-z0-9+/_\s-]+=*$/.test(text)) return undefined
  return { wrapping: 'base64', bytes: Buffer.from(text, 'base64') }
}
