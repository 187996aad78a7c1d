/**
 * Remains of local heaps: the names of a group, as they stood where the heap was before it grew.
 *
 * The library moves a heap that becomes too small and leaves the old bytes where they were, in perfectly ordinary
 * files. Such bytes are names that the file still has, each ended by a zero and filled up to a multiple of eight, and at
 * the end the record of what was free.
 *
 * Source: HDF5 File Format Specification 3.0, III.D.
 */
const ALIGNMENT = 8
const FREE_RECORD = 16
const LARGEST = 1024 * 1024

/** True when the bytes are nothing but names of this file, zeros and records of free space. */
export function areOldNames(bytes: Uint8Array, names: ReadonlySet<string>): boolean {
  if (bytes.length > LARGEST) return false
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  while (at < buffer.length) {
    const end = nameEnd(buffer, at, names) ?? freeEnd(buffer, at)
    if (end === undefined) return false
    at = Math.ceil(end / ALIGNMENT) * ALIGNMENT
  }
  return true
}

/** Behind the name at `at` and its zero; a name that the file does not have is none. */
function nameEnd(buffer: Buffer, at: number, names: ReadonlySet<string>): number | undefined {
  const zero = buffer.indexOf(0, at)
  const end = zero < 0 ? buffer.length : zero
  if (end === at) return buffer.subarray(at, at + ALIGNMENT).every((byte) => byte === 0) ? at + ALIGNMENT : undefined
  return names.has(buffer.toString('utf8', at, end)) ? end + 1 : undefined
}

/** Behind a record of free space: where the next one stands, and how long this one is. */
function freeEnd(buffer: Buffer, at: number): number | undefined {
  if (at + FREE_RECORD > buffer.length) return undefined
  const [next, length] = [buffer.readBigUInt64LE(at), buffer.readBigUInt64LE(at + ALIGNMENT)]
  return next <= LARGEST && length <= LARGEST ? at + FREE_RECORD : undefined
}
