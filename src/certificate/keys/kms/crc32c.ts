/**
 * CRC-32C, by which Google Cloud KMS guards requests and answers against bits that flip on the way.
 *
 * Source: RFC 3720, appendix B.4 (Castagnoli polynomial, reflected 0x82f63b78).
 */

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1
  return value >>> 0
})

/** The checksum of the bytes, 0 to 2^32 − 1. @example crc32c(new TextEncoder().encode('123456789')) // 0xe3069283 */
export function crc32c(bytes: Uint8Array): number {
  let value = 0xffffffff
  for (const byte of bytes) value = (value >>> 8) ^ (TABLE[(value ^ byte) & 0xff] ?? 0)
  return (value ^ 0xffffffff) >>> 0
}
