/**
 * Unpackers: what takes a compressed stream apart, piece by piece, from its start.
 *
 * Reading is synchronous and memory is bounded, so a stream is never unpacked at once: whoever wants its bytes pulls
 * pieces, and whoever wants earlier ones again starts anew.
 */

/** Takes one stream apart. */
export interface Unpacker {
  /**
   * The next piece, at least one byte, valid until the next call; undefined at the end of the stream.
   *
   * @throws Fault when the stream is broken
   */
  next(): Uint8Array | undefined
}

/** Begins to unpack the same stream from its start. */
export type StartUnpacking = () => Unpacker
