/**
 * Writes the index of a TensorFlow checkpoint for tests: one block of entries, uncompressed.
 */
import { maskedCrc32c } from '../formats/tf-checkpoint/crc32c.ts'
import { TENSORFLOW_SCHEMA } from '../formats/tf-graph/schema.ts'
import { encode, varint, type Message } from './protobuf.ts'

/** An entry of a table: key and value. */
export type Entry = readonly [key: string, value: Uint8Array]

/** A block with its trailer; keys are written whole. */
function block(entries: readonly Entry[]): Buffer {
  const parts = entries.map(([key, value]) =>
    Buffer.concat([varint(0), varint(key.length), varint(value.length), Buffer.from(key), value]),
  )
  const restarts = Buffer.from('0000000001000000', 'hex')
  const content = Buffer.concat([...parts, restarts, Buffer.from([0])])
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32LE(maskedCrc32c(content))
  return Buffer.concat([content, checksum])
}

/** A table of these entries in the order in which they are given. */
export function buildTable(entries: readonly Entry[]): Buffer {
  const data = block(entries)
  const about = block([])
  const handle = (from: number, bytes: Buffer): Buffer => Buffer.concat([varint(from), varint(bytes.length - 5)])
  const index = block([[entries.at(-1)?.[0] ?? '', handle(0, data)]])
  const handles = Buffer.concat([handle(data.length, about), handle(data.length + about.length, index)])
  const footer = Buffer.concat([handles, Buffer.alloc(40 - handles.length), Buffer.from('57fb808b247547db', 'hex')])
  return Buffer.concat([data, about, index, footer])
}

/** The header of an index. */
export function header(shards = 1): Entry {
  return ['', encode(TENSORFLOW_SCHEMA, 'BundleHeaderProto', [['num_shards', shards]])]
}

/** A tensor of type float[2] at an offset of the first shard, with changes. */
export function tensorEntry(name: string, offset: number, changes: Message = []): Entry {
  const shape: Message = [['dim', [['size', 2]]]]
  const changed = new Set(changes.map(([key]) => key))
  const fields: Message = [
    ['dtype', 1],
    ['shape', shape],
    ['offset', offset],
    ['size', 8],
  ]
  const all = [...fields.filter(([key]) => !changed.has(key)), ...changes]
  return [name, encode(TENSORFLOW_SCHEMA, 'BundleEntryProto', all)]
}

/** An index with a header and these tensors. */
export function buildIndex(tensors: readonly Entry[], shards = 1): Buffer {
  return buildTable([header(shards), ...tensors])
}
