/**
 * The signatures that begin the records of a zip, as little-endian numbers.
 *
 * Source: APPNOTE.TXT 4.3.
 */

/** Local header of a member. */
export const LOCAL = 0x04034b50
/** Entry of the central directory. */
export const CENTRAL = 0x02014b50
/** Data descriptor behind a member. */
export const DESCRIPTOR = 0x08074b50
/** End record. */
export const END = 0x06054b50
/** 64-bit end record. */
export const END_64 = 0x06064b50
/** Locator of the 64-bit end record. */
export const LOCATOR_64 = 0x07064b50

/** A signature as it stands in the file. @example signatureBytes(END).toString('latin1') // 'PK\u0005\u0006' */
export function signatureBytes(signature: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(signature)
  return bytes
}
