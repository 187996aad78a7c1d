/**
 * Files that are made to take memory or time of whoever reads them, each well within what a person might download.
 *
 * All are sound as far as their format goes, or nearly: what is hostile about them is their number of things.
 */
import { deflateSync, zstdCompressSync } from 'node:zlib'
import { hardLink, Hdf5Writer } from '../../src/testing/hdf5.ts'
import { buildOnnx, graph, node } from '../../src/testing/onnx.ts'
import { safetensorsOf } from '../../src/testing/safetensors.ts'
import { tarMember } from '../../src/testing/tar.ts'
import { writeZip } from '../../src/testing/zip.ts'

const MIB = 1024 * 1024
const MILLION = 1_000_000

/** One such file. */
export interface Giant {
  readonly what: string
  readonly name: string
  readonly make: () => Uint8Array
}

/** So many pieces, one after the other. */
function repeat(count: number, piece: (index: number) => Uint8Array): Buffer {
  return Buffer.concat(Array.from({ length: count }, (_, index) => piece(index)))
}

function manyTensors(): Uint8Array {
  const entries = Array.from(
    { length: MILLION },
    (_, i) => `"layers.${i}.w":{"dtype":"U8","shape":[1],"data_offsets":[${i},${i + 1}]}`,
  )
  const text = `{${entries.join(',')}}`
  return safetensorsOf(text + ' '.repeat((8 - (text.length % 8)) % 8), new Uint8Array(MILLION))
}

/** Ten million opcodes: a third of them numbers, each put into a place of the memo of its own. */
function manyMemos(): Uint8Array {
  const count = 3_300_000
  const bytes = Buffer.alloc(count * 8)
  for (let i = 0; i < count; i++) {
    bytes.set([0x4b, i & 255, 0x72], i * 8)
    bytes.writeUInt32LE(i, i * 8 + 3)
    bytes[i * 8 + 7] = 0x30
  }
  return Buffer.concat([Buffer.from([0x80, 2]), bytes, Buffer.from('N.')])
}

/** List in list, all of them in the memo, each then put into the one around it. */
function deepPickle(): Uint8Array {
  const depth = 3_000_000
  const opened = Buffer.alloc(2 * depth, Buffer.from(']\x94', 'latin1'))
  return Buffer.concat([Buffer.from([0x80, 4]), opened, Buffer.alloc(depth - 1, 'a'), Buffer.from('.')])
}

function manyMarks(): Uint8Array {
  return Buffer.concat([Buffer.from([0x80, 2]), Buffer.alloc(10_000_000, '('), Buffer.from('.')])
}

function manyStrings(): Uint8Array {
  const strings = repeat(1_500_000, (i) => Buffer.from(`\x8c\x07${String(i).padStart(7, '0')}\x94`, 'latin1'))
  return Buffer.concat([Buffer.from([0x80, 4, 0x5d, 0x28]), strings, Buffer.from('e.')])
}

/** Two hundred groups, each with 2,500 links to one and the same. */
function manyGroups(): Uint8Array {
  const writer = new Hdf5Writer()
  const leaf = writer.object()
  const branches = Array.from({ length: 200 }, () =>
    writer.object(...Array.from({ length: 2500 }, (_, i) => hardLink(`g${i}`, leaf))),
  )
  return writer.finish(writer.object(...branches.map((at, i) => hardLink(`b${i}`, at))))
}

function deepGroups(): Uint8Array {
  const writer = new Hdf5Writer()
  let at = writer.object()
  for (let i = 0; i < 20_000; i++) at = writer.object(hardLink('g', at))
  return writer.finish(at)
}

/** Members that each unpack to 64 MiB, about a thousandfold smaller here. */
function deflateBomb(): Uint8Array {
  const size = 64 * MIB
  const data = Buffer.alloc(size)
  return writeZip(Array.from({ length: 40 }, (_, i) => ({ name: `archive/data/${i}`, data, method: 8 })))
}

function nestedBomb(): Uint8Array {
  const inner = Buffer.from(deflateBomb())
  return writeZip(Array.from({ length: 30 }, (_, i) => ({ name: `${i}.zip`, data: inner, method: 8 })))
}

function manyNodes(): Uint8Array {
  const add = node('Add', ['x', 'w'], ['y'])
  return buildOnnx({
    graph: graph(
      [],
      Array.from({ length: MILLION }, () => add),
    ),
  })
}

function manyMembers(): Uint8Array {
  return Buffer.concat([repeat(100_000, (i) => tarMember({ name: `m/${i}.txt`, data: 'x' })), Buffer.alloc(1024)])
}

function manyZipMembers(): Uint8Array {
  return writeZip(Array.from({ length: 60_000 }, (_, i) => ({ name: `m/${i}.txt`, data: Buffer.from('x'), method: 0 })))
}

function longJson(): Uint8Array {
  const entries = Array.from({ length: 1_500_000 }, (_, i) => `"k${i}":[${i},{"a":null}]`)
  return Buffer.from(`{"model_type":"llama",${entries.join(',')}}`)
}

function deepJson(): Uint8Array {
  return Buffer.from('['.repeat(20 * MIB) + ']'.repeat(20 * MIB))
}

function longYaml(): Uint8Array {
  return Buffer.from(Array.from({ length: MILLION }, (_, i) => `k${i}: [a, {b: c}]\n`).join(''))
}

function longPython(): Uint8Array {
  return Buffer.from('x = [1, 2, (3, 4)]\n'.repeat(MILLION))
}

/** A GGUF file whose metadata is one array of strings. */
function longGguf(): Uint8Array {
  const head = Buffer.alloc(24)
  head.write('GGUF')
  head.writeUInt32LE(3, 4)
  head.writeBigUInt64LE(1n, 16)
  const key = Buffer.from('tokenizer.ggml.tokens')
  const keyLength = Buffer.alloc(8)
  keyLength.writeBigUInt64LE(BigInt(key.length))
  const count = 3_000_000
  const array = Buffer.alloc(16)
  array.writeUInt32LE(9)
  array.writeUInt32LE(8, 4)
  array.writeBigUInt64LE(BigInt(count), 8)
  return Buffer.concat([head, keyLength, key, array, Buffer.alloc(9 * count, Buffer.from('0100000000000000ff', 'hex'))])
}

/** The files that can be made here. */
export const GIANTS: readonly Giant[] = [
  { what: 'safetensors, a million tensors', name: 'tensors.safetensors', make: manyTensors },
  { what: 'pickle, ten million opcodes, huge memo', name: 'memo.pkl', make: manyMemos },
  { what: 'pickle, three million lists deep', name: 'deep.pkl', make: deepPickle },
  { what: 'pickle, ten million marks', name: 'marks.pkl', make: manyMarks },
  { what: 'pickle, 1.5 million strings', name: 'strings.pkl', make: manyStrings },
  { what: 'HDF5, half a million links', name: 'links.h5', make: manyGroups },
  { what: 'HDF5, twenty thousand groups deep', name: 'deep.h5', make: deepGroups },
  { what: 'zip, 40 members of 64 MiB of zeros', name: 'bomb.zip', make: deflateBomb },
  { what: 'zip, 30 of these in one', name: 'nested.zip', make: nestedBomb },
  { what: 'zip, 60,000 members', name: 'members.zip', make: manyZipMembers },
  { what: 'zlib, 1.5 GiB of zeros', name: 'zeros.joblib', make: () => deflateSync(Buffer.alloc(1536 * MIB)) },
  { what: 'zstandard, 1.5 GiB of zeros', name: 'zeros.zst', make: () => zstdCompressSync(Buffer.alloc(1536 * MIB)) },
  { what: 'ONNX, a million nodes', name: 'nodes.onnx', make: manyNodes },
  { what: 'tar, 100,000 members', name: 'members.tar', make: manyMembers },
  { what: 'JSON, 1.5 million entries', name: 'config.json', make: longJson },
  { what: 'JSON, 20 million levels deep', name: 'deep.json', make: deepJson },
  { what: 'YAML, a million lines', name: 'long.yaml', make: longYaml },
  { what: 'Python, a million lines', name: 'modeling_long.py', make: longPython },
  { what: 'GGUF, an array of three million strings', name: 'strings.gguf', make: longGguf },
]
