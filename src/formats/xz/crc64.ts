/**
 * CRC-64 of ECMA-182, the usual check sum of xz, in two halves of 32 bits.
 *
 * Source: the .xz file format 1.2.1, 6.
 */
const HIGH = 0xc96c5795
const LOW = 0xd7870f42

const TABLE_HIGH = new Uint32Array(256)
const TABLE_LOW = new Uint32Array(256)
for (let byte = 0; byte < 256; byte++) {
  let high = 0
  let low = byte
  for (let bit = 0; bit < 8; bit++) {
    const odd = low & 1
    low = (low >>> 1) | ((high & 1) << 31)
    high >>>= 1
    if (odd === 1) {
      low ^= LOW
      high ^= HIGH
    }
  }
  TABLE_HIGH[byte] = high
  TABLE_LOW[byte] = low
}

/** Sums up bytes that come in pieces. */
export class Crc64 {
  #high = 0xffffffff
  #low = 0xffffffff

  /** Adds a piece. */
  update(bytes: Uint8Array): this {
    let high = this.#high
    let low = this.#low
    for (const byte of bytes) {
      const index = (low ^ byte) & 0xff
      low = ((low >>> 8) | (high << 24)) ^ (TABLE_LOW[index] as number)
      high = (high >>> 8) ^ (TABLE_HIGH[index] as number)
    }
    this.#high = high
    this.#low = low
    return this
  }

  /** The sum as it stands in files. @example new Crc64().update(Buffer.from('123456789')).digest().toString('hex') // 'fa3919dfbbc95d99' */
  digest(): Buffer {
    const bytes = Buffer.alloc(8)
    bytes.writeInt32LE(~this.#low, 0)
    bytes.writeInt32LE(~this.#high, 4)
    return bytes
  }
}
