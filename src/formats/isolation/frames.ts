/**
 * Frames: how the parent and the process that reads untrusted files talk over two pipes.
 *
 * A frame is its length in bytes (u32, little-endian) and that many bytes of JSON. Neither side believes the other's
 * length before the bytes are there, and none is longer than {@link LONGEST_FRAME}.
 */
import { Fault } from '../../base/index.ts'

/** Bytes of the longest frame: the longest text of one fact, every character of it escaped, and some room. */
export const LONGEST_FRAME = 8 * 1024 * 1024

/** A value as a frame. @throws Fault `budget-facts` when it would be too long */
export function encodeFrame(value: unknown): Buffer {
  const text = JSON.stringify(value)
  const length = Buffer.byteLength(text)
  if (length > LONGEST_FRAME)
    throw new Fault('budget-facts', `one fact takes ${length} bytes; at most ${LONGEST_FRAME} are passed on`)
  const frame = Buffer.allocUnsafe(4 + length)
  frame.writeUInt32LE(length, 0)
  frame.write(text, 4)
  return frame
}

/** Puts frames together from the chunks of a stream. */
export class FrameJoiner {
  #chunks: Buffer[] = []
  #held = 0

  /**
   * Takes a chunk and gives the values of the frames that it completes.
   *
   * @throws Fault `bad-frame` for a length above the limit or bytes that are not JSON
   */
  take(chunk: Buffer): readonly unknown[] {
    this.#chunks.push(chunk)
    this.#held += chunk.length
    const values: unknown[] = []
    for (let value = this.#next(); value !== undefined; value = this.#next()) values.push(value.json)
    return values
  }

  #peekLength(): number | undefined {
    if (this.#held < 4) return undefined
    if ((this.#chunks[0] as Buffer).length < 4) this.#chunks = [Buffer.concat(this.#chunks)]
    const length = (this.#chunks[0] as Buffer).readUInt32LE(0)
    if (length > LONGEST_FRAME)
      throw new Fault('bad-frame', `a frame of ${length} bytes; at most ${LONGEST_FRAME} are allowed`)
    return length
  }

  #next(): { readonly json: unknown } | undefined {
    const length = this.#peekLength()
    if (length === undefined || this.#held < 4 + length) return undefined
    const joined = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks)
    const rest = joined.subarray(4 + length)
    this.#chunks = rest.length === 0 ? [] : [rest]
    this.#held = rest.length
    try {
      return { json: JSON.parse(joined.toString('utf8', 4, 4 + length)) as unknown }
    } catch (cause) {
      throw new Fault('bad-frame', `a frame of ${length} bytes is not JSON`, { cause })
    }
  }
}
