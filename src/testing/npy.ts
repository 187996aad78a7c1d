/**
 * Writes NumPy arrays for tests: good ones from shape and data, bad ones from a header of one's own.
 *
 * Source: NumPy enhancement proposal 1.
 */

import type { TensorToWrite } from './safetensors.ts'
import { writeZip } from './zip.ts'

/** One array to write, little-endian. */
export interface NpyToWrite {
  /** `<f4` and the like. */
  readonly descr: string
  readonly shape: readonly number[]
  readonly data: Uint8Array
}

/** An array of version 1.0 from the text of its header and what follows it; nothing is checked or padded. */
export function npyOf(text: string, data: Uint8Array): Uint8Array {
  const head = Buffer.from(`\x93NUMPY\x01\0\0\0${text}`, 'latin1')
  head.writeUInt16LE(text.length, 8)
  return new Uint8Array(Buffer.concat([head, data]))
}

/** An array as NumPy writes it: the data begins at a multiple of 64. */
export function writeNpy({ descr, shape, data }: NpyToWrite): Uint8Array {
  const sizes = `(${shape.map((size) => `${size},`).join(' ')})`
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${sizes}, }`
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10
  return npyOf(`${text.padEnd(length - 1)}\n`, data)
}

const DESCRIPTIONS: ReadonlyMap<string, string> = new Map([
  ['F64', '<f8'],
  ['F32', '<f4'],
  ['F16', '<f2'],
  ['I64', '<i8'],
])

/** An archive of arrays as numpy.savez writes it, or as savez_compressed. */
export function writeNpz(tensors: readonly TensorToWrite[], compressed = false): Uint8Array {
  const members = tensors.map(({ name, type, shape, bytes }) => ({
    name: `${name}.npy`,
    data: writeNpy({ descr: DESCRIPTIONS.get(type) ?? '|u1', shape, data: bytes }),
    method: compressed ? 8 : 0,
  }))
  return new Uint8Array(writeZip(members))
}
