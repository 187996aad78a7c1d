/**
 * zlib: deflate with two bytes before it and a check sum behind; what joblib compresses with unless told otherwise.
 *
 * Source: RFC 1950.
 */
import { Fault } from '../../base/index.ts'
import { makeStreamReader, unpacksAtHead, type NoteStream } from '../compressed/stream-reader.ts'
import type { Confidence, FormatReader, Glimpse } from '../reader.ts'
import { Inflater, type PackedInput, type Unpacker } from '../unpacking/index.ts'
import { adler32 } from './adler32.ts'

const DEFLATE = 8
const LARGEST_WINDOW = 7
const DICTIONARY = 0x20

class ZlibUnpacker implements Unpacker {
  readonly #input: PackedInput
  readonly #note: NoteStream
  #inflater: Inflater | undefined
  #sum = 1
  #done = false

  constructor(input: PackedInput, note: NoteStream) {
    this.#input = input
    this.#note = note
  }

  next(): Uint8Array | undefined {
    if (this.#done) return undefined
    this.#inflater ??= this.#begin()
    const piece = this.#inflater.next()
    if (piece === undefined) this.#finish()
    else this.#sum = adler32(piece, this.#sum)
    return piece
  }

  #begin(): Inflater {
    const [method = 0, flags = 0] = this.#input.exactly(2) ?? []
    if ((method * 256 + flags) % 31 !== 0 || (method & 15) !== DEFLATE || method >> 4 > LARGEST_WINDOW)
      throw new Fault('stream-broken', 'no zlib header')
    if ((flags & DICTIONARY) !== 0) throw new Fault('stream-unsupported', 'it needs a dictionary that is not in it')
    return new Inflater(this.#input)
  }

  #finish(): void {
    this.#done = true
    const stored = this.#input.exactly(4)?.readUInt32BE(0)
    if (stored === undefined) throw new Fault('stream-truncated', 'the check sum is cut off')
    if (stored !== this.#sum)
      this.#note('stream-check', `the check sum is ${this.#sum.toString(16)}; ${stored.toString(16)} is stored`)
  }
}

function open(input: PackedInput, note: NoteStream): Unpacker {
  return new ZlibUnpacker(input, note)
}

/** Two bytes are a short signature, and text may begin with them; so the head must unpack too. */
function sniff(glimpse: Glimpse): Confidence {
  const { head, path } = glimpse
  const isHeader = head.length >= 8 && head[0] === 0x78 && (0x7800 + (head[1] ?? 0)) % 31 === 0
  if (isHeader && unpacksAtHead(glimpse, open)) return 'structure'
  return /\.(z|zlib)$/i.test(path) ? 'name' : null
}

/** See the module. */
export const zlibReader: FormatReader = makeStreamReader({
  format: 'zlib',
  title: 'zlib stream',
  extensions: ['.z', '.zlib', '.joblib', '.gz'],
  sniff,
  open,
})
