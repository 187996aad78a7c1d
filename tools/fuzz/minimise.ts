/**
 * Makes a counterexample small: as long as it breaks the same property, bytes are taken away, then made plain.
 */
import type { Stream } from './generate.ts'

/** Whether a stream still breaks what it must break. */
type StillBreaks = (streams: readonly Stream[]) => Promise<readonly boolean[]>

const MOST_ROUNDS = 60

function shorter(bytes: Uint8Array, size: number): Uint8Array[] {
  const out: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += Math.max(1, size >> 1))
    out.push(new Uint8Array(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)])))
  return out
}

/** A stream as small as taking bytes away makes it. */
export async function minimise(stream: Stream, stillBreaks: StillBreaks): Promise<Stream> {
  let best = stream
  let size = Math.max(1, stream.bytes.length >> 1)
  for (let round = 0; round < MOST_ROUNDS && size >= 1; round++) {
    const candidates = shorter(best.bytes, size)
      .filter(({ length }) => length > 0)
      .map((bytes) => ({ ...stream, bytes }))
    const verdicts = await stillBreaks(candidates)
    const found = candidates.find((_, i) => verdicts[i])
    if (found !== undefined) best = found
    else size >>= 1
  }
  return best
}
