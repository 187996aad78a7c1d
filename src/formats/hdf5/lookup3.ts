/**
 * The checksum of HDF5 metadata: Bob Jenkins' lookup3 with the initial value zero.
 *
 * Source: HDF5 File Format Specification 3.0, appendix on checksums; lookup3 (public domain), `hashlittle`.
 */

const BLOCK = 12

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by))
}

/** The bytes after the last whole block that is not the end, filled up with zeros to a block. */
function tailOf(bytes: Uint8Array, from: number): DataView {
  const tail = new Uint8Array(BLOCK)
  tail.set(bytes.subarray(from))
  return new DataView(tail.buffer)
}

function finish(first: number, second: number, third: number): number {
  let [a, b, c] = [first, second, third]
  c = ((c ^ b) - rotate(b, 14)) | 0
  a = ((a ^ c) - rotate(c, 11)) | 0
  b = ((b ^ a) - rotate(a, 25)) | 0
  c = ((c ^ b) - rotate(b, 16)) | 0
  a = ((a ^ c) - rotate(c, 4)) | 0
  b = ((b ^ a) - rotate(a, 14)) | 0
  return ((c ^ b) - rotate(b, 24)) >>> 0
}

/** The checksum of all bytes. @example checksum(new Uint8Array(0)) // 3735928559 */
export function checksum(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let a = (0xdeadbeef + bytes.length) | 0
  let [b, c] = [a, a]
  if (bytes.length === 0) return c >>> 0
  let at = 0
  for (; bytes.length - at > BLOCK; at += BLOCK) {
    a = (a + view.getUint32(at, true)) | 0
    b = (b + view.getUint32(at + 4, true)) | 0
    c = (c + view.getUint32(at + 8, true)) | 0
    a = (a - c) ^ rotate(c, 4)
    c = (c + b) | 0
    b = (b - a) ^ rotate(a, 6)
    a = (a + c) | 0
    c = (c - b) ^ rotate(b, 8)
    b = (b + a) | 0
    a = (a - c) ^ rotate(c, 16)
    c = (c + b) | 0
    b = (b - a) ^ rotate(a, 19)
    a = (a + c) | 0
    c = (c - b) ^ rotate(b, 4)
    b = (b + a) | 0
  }
  const tail = tailOf(bytes, at)
  return finish((a + tail.getUint32(0, true)) | 0, (b + tail.getUint32(4, true)) | 0, (c + tail.getUint32(8, true)) | 0)
}
