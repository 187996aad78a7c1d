/**
 * Writes little-endian numbers one after the other: the counterpart of `ByteReader`.
 */

/** See the module. Values outside their type's range wrap as in the hardware; callers check ranges. */
export class ByteWriter {
  readonly #parts: Uint8Array[] = []

  #number(size: number, write: (view: DataView) => void): void {
    const part = new Uint8Array(size)
    write(new DataView(part.buffer))
    this.#parts.push(part)
  }

  /** Bytes as they are. */
  bytes(bytes: Uint8Array): void {
    this.#parts.push(bytes)
  }
  /** Bytes given as hex. */
  hex(digits: string): void {
    this.#parts.push(Buffer.from(digits, 'hex'))
  }
  u8(value: number): void {
    this.#number(1, (view) => view.setUint8(0, value))
  }
  u16(value: number): void {
    this.#number(2, (view) => view.setUint16(0, value, true))
  }
  i16(value: number): void {
    this.#number(2, (view) => view.setInt16(0, value, true))
  }
  u32(value: number): void {
    this.#number(4, (view) => view.setUint32(0, value, true))
  }
  f32(value: number): void {
    this.#number(4, (view) => view.setFloat32(0, value, true))
  }

  /** All that was written. */
  finish(): Uint8Array {
    return Buffer.concat(this.#parts)
  }
}
