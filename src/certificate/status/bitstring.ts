/**
 * The bits of a status list: two for each certificate, compressed, as text.
 *
 * Entry i stands at bit 2·i, counted from the left-most bit of the first byte; the bits are compressed with GZIP and
 * written as base64url without padding behind the `u` of multibase. Most certificates are valid, so that a list of
 * 131,072 takes a few hundred bytes.
 *
 * Guarantee: reading inflates no more than the list says that it holds, whatever the compressed bytes would become;
 * runs in browsers. Source: W3C Bitstring Status List 1.1, sections 2.2, 3.3 and 3.4; RFC 1952; RFC 4648 section 5.
 */
import { Fault } from '../../base/index.ts'
import { concatBytes, decodeBase64, encodeBase64 } from '../encoding.ts'

/** What the two bits mean, 0 … 3. */
export const STATUSES = ['valid', 'suspended', 'revoked', 'superseded'] as const
/** See {@link STATUSES}. */
export type Status = (typeof STATUSES)[number]

/** Entries of a list, at least: fewer would tell too much about each. */
export const MIN_ENTRIES = 131_072
/** Entries of a list, at most: 2 MiB of bits. */
export const MAX_ENTRIES = 8_388_608
const STATUS_SIZE = 2
const PER_BYTE = 8 / STATUS_SIZE

/** The statuses of one list. */
export class StatusBits {
  readonly entries: number
  /** A quarter of `entries` long. */
  readonly bytes: Uint8Array

  /** @throws Fault `status-entries` for a number of entries that is no multiple of 4 or outside the limits; `status-length` */
  constructor(entries: number, bytes?: Uint8Array) {
    if (!Number.isInteger(entries / PER_BYTE) || entries < MIN_ENTRIES || entries > MAX_ENTRIES)
      throw new Fault(
        'status-entries',
        `${entries} entries; a list has a multiple of 4 within ${MIN_ENTRIES} … ${MAX_ENTRIES}`,
      )
    this.entries = entries
    this.bytes = bytes ?? new Uint8Array(entries / PER_BYTE)
    if (this.bytes.length !== entries / PER_BYTE)
      throw new Fault('status-length', `${this.bytes.length} bytes for ${entries} entries`)
  }

  #locate(index: number): { readonly at: number; readonly shift: number } {
    if (!Number.isInteger(index) || index < 0 || index >= this.entries)
      throw new Fault('status-index', `the index ${index} is outside a list of ${this.entries} entries`)
    return { at: Math.floor(index / PER_BYTE), shift: 8 - STATUS_SIZE - STATUS_SIZE * (index % PER_BYTE) }
  }

  /** The status at an index. @throws Fault `status-index` */
  get(index: number): Status {
    const { at, shift } = this.#locate(index)
    return STATUSES[((this.bytes[at] ?? 0) >> shift) & 3] ?? 'revoked'
  }

  /** Sets the status at an index. @throws Fault `status-index` */
  set(index: number, status: Status): void {
    const { at, shift } = this.#locate(index)
    this.bytes[at] = ((this.bytes[at] ?? 0) & ~(3 << shift)) | (STATUSES.indexOf(status) << shift)
  }
}

async function collect(stream: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array> {
  const reader = stream.getReader()
  const parts: Uint8Array[] = []
  let length = 0
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length
    if (length > limit) {
      await reader.cancel().catch(() => undefined)
      throw new Fault('status-length', `the list inflates to more than the ${limit} bytes that it says it has`)
    }
    parts.push(next.value)
  }
  return concatBytes(...parts)
}

/** Sends bytes through a stream. What goes wrong on the way is told by the side that is read. */
function pass(bytes: Uint8Array, through: CompressionStream | DecompressionStream): ReadableStream<Uint8Array> {
  const writer = through.writable.getWriter()
  writer.write(Uint8Array.from(bytes)).catch(() => undefined)
  writer.close().catch(() => undefined)
  return through.readable
}

function toBase64Url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

function fromBase64Url(text: string): Uint8Array {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new Fault('base64', 'encodedList is not base64url without padding')
  const padding = '='.repeat((4 - (text.length % 4)) % 4)
  return decodeBase64(text.replaceAll('-', '+').replaceAll('_', '/') + padding, 'encodedList')
}

/** Compresses bits and writes them as `encodedList`. */
export async function encodeBits(bits: Uint8Array): Promise<string> {
  return `u${toBase64Url(await collect(pass(bits, new CompressionStream('gzip')), Infinity))}`
}

/**
 * The bits of an `encodedList`.
 *
 * @param length bytes that the bits have to be
 * @throws Fault `status-multibase`, `base64`, `status-gzip`, `status-length` (more or fewer bytes)
 */
export async function decodeBits(encodedList: string, length: number): Promise<Uint8Array> {
  if (!encodedList.startsWith('u'))
    throw new Fault('status-multibase', 'encodedList does not begin with "u" (base64url)')
  const stream = pass(fromBase64Url(encodedList.slice(1)), new DecompressionStream('gzip'))
  const bits = await collect(stream, length).catch((thrown: unknown) => {
    if (thrown instanceof Fault) throw thrown
    throw new Fault('status-gzip', 'encodedList is not one whole GZIP member', { cause: thrown })
  })
  if (bits.length !== length)
    throw new Fault('status-length', `the list inflates to ${bits.length} bytes and says that it has ${length}`)
  return bits
}
