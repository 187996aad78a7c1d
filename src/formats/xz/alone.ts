/**
 * LZMA alone: properties, the size of the window, the size of the content, and the stream. In a zip two numbers stand
 * before it, and the size of the content is that of the member.
 *
 * Source: the LZMA specification of the LZMA SDK, "LZMA file format"; APPNOTE.TXT 5.8.8.
 */
import { Fault } from '../../base/index.ts'
import type { PackedInput, Unpacker } from '../unpacking/index.ts'
import { LzmaDecoder, parseProperties } from './lzma.ts'
import { Window } from './window.ts'

const UNKNOWN = 0xffffffffffffffffn

/** Content larger than this is not believed of a file without a signature. */
const LARGEST_LIKELY = 2n ** 40n

/** Whether the head has the values that writers use: there is no signature. */
export function isLikelyHeader(head: Uint8Array): boolean {
  if (head.length < 18 || (head[0] as number) >= 225 || head[13] !== 0) return false
  const header = Buffer.from(head.subarray(0, 13))
  const window = header.readUInt32LE(1)
  const size = header.readBigUInt64LE(5)
  const isRound = window >= 4096 && (Number.isInteger(Math.log2(window)) || Number.isInteger(Math.log2(window / 3)))
  return isRound && size > 0n && (size === UNKNOWN || size < LARGEST_LIKELY)
}

/** See the module. */
export class AloneUnpacker implements Unpacker {
  readonly #input: PackedInput
  #window: Window | undefined
  #decoder: LzmaDecoder | undefined
  #left = Infinity

  readonly #inZip: number | undefined

  /** @param inZip size of the content, when the stream is a member of a zip */
  constructor(input: PackedInput, inZip?: number) {
    this.#input = input
    this.#inZip = inZip
  }

  next(): Uint8Array | undefined {
    const decoder = this.#decoder ?? this.#begin()
    const window = this.#window as Window
    if (decoder.ended || this.#left === 0) return this.#end(decoder)
    window.makeRoom()
    const made = decoder.decode(Math.min(window.room, this.#left))
    this.#left -= made
    return made === 0 ? this.#end(decoder) : window.take()
  }

  #begin(): LzmaDecoder {
    const bytes = this.#input.exactly(this.#inZip === undefined ? 13 : 9)
    if (bytes === undefined) throw new Fault('stream-truncated', 'the file ends inside the header')
    if (this.#inZip !== undefined && bytes.readUInt16LE(2) !== 5) throw new Fault('stream-broken', 'no LZMA header')
    const header = bytes.subarray(this.#inZip === undefined ? 0 : 4)
    const size = this.#inZip === undefined ? header.readBigUInt64LE(5) : BigInt(this.#inZip)
    if (size !== UNKNOWN) this.#left = Number(size)
    this.#window = new Window(header.readUInt32LE(1))
    const decoder = new LzmaDecoder(this.#input, this.#window)
    decoder.reset(parseProperties(header[0] as number))
    decoder.coder.begin()
    this.#decoder = decoder
    return decoder
  }

  /** A stream of known size may still be marked as ended. */
  #end(decoder: LzmaDecoder): undefined {
    if (this.#left !== Infinity && this.#left > 0) throw new Fault('stream-broken', 'the stream ends before its size')
    if (!decoder.ended && !decoder.coder.finish()) decoder.decode(1)
    if (!decoder.coder.finish()) throw new Fault('stream-broken', 'the stream goes on after its size')
  }
}
