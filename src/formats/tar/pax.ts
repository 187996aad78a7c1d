/**
 * Extended headers of pax: records of a length, a key and a value.
 *
 * Source: POSIX.1-2017 pax, "pax Extended Header".
 */
import { decodeText } from './header.ts'

/** The records, the last of each key; undefined when they do not parse. */
export function parsePax(bytes: Buffer): ReadonlyMap<string, string> | undefined {
  const records = new Map<string, string>()
  let at = 0
  while (at < bytes.length) {
    const space = bytes.indexOf(0x20, at)
    const digits = bytes.subarray(at, Math.max(at, space)).toString('latin1')
    if (!/^[1-9]\d{0,9}$/.test(digits)) return bytes.subarray(at).every((byte) => byte === 0) ? records : undefined
    const end = at + Number(digits)
    const equals = bytes.indexOf(0x3d, space)
    if (end > bytes.length || bytes[end - 1] !== 0x0a || equals < 0 || equals >= end) return undefined
    records.set(decodeText(bytes.subarray(space + 1, equals)), decodeText(bytes.subarray(equals + 1, end - 1)))
    at = end
  }
  return records
}
