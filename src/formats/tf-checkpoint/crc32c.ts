/**
 * CRC-32C as TensorFlow stores it.
 *
 * Source: RFC 3720, appendix B.4 (polynomial 0x1EDC6F41); the mask is that of LevelDB's `crc32c.h`.
 */

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1
  return value
})

/** The checksum of bytes. @example crc32c(Buffer.from('123456789')) // 3808858755 */
export function crc32c(bytes: Uint8Array): number {
  let value = 0xffffffff
  for (const byte of bytes) value = (TABLE[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8)
  return (value ^ 0xffffffff) >>> 0
}

/** A checksum as it is stored, so that one over bytes that hold checksums stays sound. @example maskedCrc32c(Buffer.from('')) // 2726488792 */
export function maskedCrc32c(bytes: Uint8Array): number {
  const value = crc32c(bytes)
  return (((value >>> 15) | (value << 17)) + 0xa282ead8) >>> 0
}
