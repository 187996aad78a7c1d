/**
 * Writes safetensors files for tests: good ones from a list of tensors, bad ones from a header of one's own.
 *
 * Source: the format description of the safetensors library: u64 little-endian header length, JSON header padded
 * with spaces to a multiple of eight bytes, then the data without gaps.
 */

/** One tensor to write. */
export interface TensorToWrite {
  readonly name: string
  /** A safetensors element type: `F32`, `BF16`, … */
  readonly type: string
  readonly shape: readonly number[]
  /** Its bytes, little-endian, as many as shape and type need. */
  readonly bytes: Uint8Array
}

/** A file from the text of a header (or its bytes) and the data after it; nothing is checked or padded. */
export function safetensorsOf(header: string | Uint8Array, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header
  const file = new Uint8Array(8 + text.length + data.length)
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true)
  file.set(text, 8)
  file.set(data, 8 + text.length)
  return file
}

/** A valid file with the tensors in the given order. */
export function writeSafetensors(
  tensors: readonly TensorToWrite[],
  metadata?: Readonly<Record<string, string>>,
): Uint8Array {
  const entries: [string, unknown][] = metadata === undefined ? [] : [['__metadata__', metadata]]
  let at = 0
  for (const { name, type, shape, bytes } of tensors) {
    entries.push([name, { dtype: type, shape, data_offsets: [at, (at += bytes.length)] }])
  }
  const text = `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`
  const length = new TextEncoder().encode(text).length
  const data = Buffer.concat(tensors.map((tensor) => tensor.bytes))
  return safetensorsOf(text + ' '.repeat((8 - (length % 8)) % 8), data)
}

/** A tensor of F32 values. */
export function f32Tensor(name: string, shape: readonly number[], values: ArrayLike<number>): TensorToWrite {
  return { name, type: 'F32', shape, bytes: new Uint8Array(Float32Array.from(values).buffer) }
}
