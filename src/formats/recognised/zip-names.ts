/**
 * The member names of a zip file that its head and tail show.
 *
 * The first local header names the first member; the central directory at the end names the last ones, as many as
 * fit into the tail. That is enough to tell the formats apart that are zip files, and no reading of the archive.
 * Source: APPNOTE.TXT 4.3.7, 4.3.12, 4.3.16.
 */
import type { Glimpse } from '../reader.ts'
import type { Predicate } from './recognised-format.ts'

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const END_BYTES = 22
const CENTRAL_BYTES = 46
const LOCAL_BYTES = 30

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function text(bytes: Uint8Array, from: number, length: number): string {
  return Buffer.from(bytes.subarray(from, from + length)).toString('utf8')
}

/** True when the head is a local header or the end record of an empty zip. */
export function beginsAsZip({ head }: Glimpse): boolean {
  if (head.length < END_BYTES) return false
  const signature = view(head).getUint32(0, true)
  return signature === LOCAL || signature === END
}

/** True when an end record in the tail is followed by exactly the comment that it declares. */
export function endsAsZip({ tail }: Glimpse): boolean {
  const bytes = view(tail)
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (bytes.getUint32(at, true) === END && at + END_BYTES + bytes.getUint16(at + 20, true) === tail.length)
      return true
  }
  return false
}

/** Names that head and tail show; empty for what is no zip. */
function zipNames(glimpse: Glimpse): readonly string[] {
  const { head, tail } = glimpse
  const names: string[] = []
  if (beginsAsZip(glimpse) && head.length > LOCAL_BYTES)
    names.push(text(head, LOCAL_BYTES, view(head).getUint16(26, true)))
  const bytes = view(tail)
  for (let at = 0; at + CENTRAL_BYTES <= tail.length; at++) {
    if (tail[at] === 0x50 && bytes.getUint32(at, true) === CENTRAL)
      names.push(text(tail, at + CENTRAL_BYTES, bytes.getUint16(at + 28, true)))
  }
  return names
}

/** A zip one of whose visible member names matches each of the expressions. */
export function zipHolding(...expressions: readonly RegExp[]): Predicate {
  return (glimpse) => {
    if (!beginsAsZip(glimpse)) return false
    const names = zipNames(glimpse)
    return expressions.every((expression) => names.some((name) => expression.test(name)))
  }
}
