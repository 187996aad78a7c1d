/** Files that h5py wrote, against what h5py says of them; made by `vectors/make-h5py.py`. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { readBytes } from '../../testing/read-bytes.ts'
import { hdf5Reader } from './index.ts'

type Dataset = readonly [name: string, type: string, shape: readonly number[], offset: number | null, stored: number]

interface Vector {
  readonly name: string
  readonly size: number
  readonly gzip: string
  readonly tensors: readonly Dataset[]
  readonly attributes: readonly (readonly [key: string, text: string | null])[]
}

const VECTORS = JSON.parse(readFileSync(new URL('vectors/h5py.json', import.meta.url), 'utf8')) as readonly Vector[]

function bytesOf({ gzip }: Vector): Uint8Array {
  return new Uint8Array(gunzipSync(Buffer.from(gzip, 'base64')))
}

/** What h5py's type names are in a tensor table; those that are missing are no tensors. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ...[1, 2, 4, 8].flatMap((size) => [
    [`i${size}`, `I${size * 8}`] as const,
    [`u${size}`, `U${size * 8}`] as const,
    [`f${size}`, `F${size * 8}`] as const,
  ]),
  ['b1', 'BOOL'],
  ['c8', 'C64'],
  ['c16', 'C128'],
])

/** Vectors that are to be noted, by the beginning of their name. */
const NOTED: readonly (readonly [name: string, code: string])[] = [
  ['external_link', 'h5-external-link'],
  ['external_storage', 'h5-external-storage'],
  ['virtual', 'h5-virtual'],
  ['bomb', 'h5-shape-bomb'],
  ['cycle', 'h5-cycle'],
  ['deleted', 'h5-unused-bytes'],
  ['paged', 'h5-unused-bytes'],
  ['free space', 'h5-unused-bytes'],
]

for (const vector of VECTORS) {
  const { name } = vector
  const expected = NOTED.filter(([begin]) => name.startsWith(begin)).map(([, code]) => code)

  test(`hdf5Reader.read() accounts for every byte of what h5py wrote: ${name}`, () => {
    const { facts, accounting, codes } = readBytes(hdf5Reader, bytesOf(vector))
    assert.deepEqual(codes, expected)
    assert.equal(facts.reading, expected.includes('h5-cycle') ? 'unread' : 'full')
    assert.ok(accounting.complete)
  })

  test(`hdf5Reader.read() finds the datasets and attributes that h5py finds: ${name}`, () => {
    const { facts } = readBytes(hdf5Reader, bytesOf(vector))
    const tensors = new Map(facts.tensors.map((tensor) => [tensor.name, tensor]))
    const wanted = vector.tensors.filter(([, type, , , stored]) => TYPES.has(type.slice(1)) && stored > 0)
    for (const [path, type, shape, offset, stored] of wanted) {
      // Of two hard links to one dataset h5py visits the first in its own order.
      const tensor = tensors.get(path) ?? tensors.get('hard')
      assert.deepEqual([tensor?.type, tensor?.shape, tensor?.length], [TYPES.get(type.slice(1)), shape, stored], path)
      assert.equal(tensor?.bigEndian === true, type.startsWith('>'), path)
      if (offset !== null) assert.equal(tensor?.offset, offset, path)
    }
    const metadata = new Map(facts.metadata.map(({ key, value }) => [key, value]))
    for (const [key, text] of vector.attributes) {
      assert.ok(metadata.has(key), key)
      if (text !== null) assert.equal(String(metadata.get(key)).slice(0, 80), text, key)
    }
  })
}

test('hdf5Reader.read() calls bfloat16, which h5py stores as opaque bytes, by its name', () => {
  const vector = VECTORS.find(({ name }) => name === 'half latest') as Vector
  const { facts } = readBytes(hdf5Reader, bytesOf(vector))
  assert.deepEqual(
    facts.tensors.map(({ name, type, shape }) => [name, type, shape]),
    [
      ['bf16', 'BF16', [6]],
      ['f16', 'F16', [6]],
    ],
  )
})

test('hdf5Reader.read() of any of these files cut short is never full without an anomaly', () => {
  for (const vector of VECTORS) {
    const bytes = bytesOf(vector)
    for (const share of [0.05, 0.3, 0.6, 0.9, 0.999]) {
      const { facts, codes } = readBytes(hdf5Reader, bytes.subarray(0, Math.floor(bytes.length * share)))
      assert.ok(facts.reading !== 'full' && codes.length > 0, `${vector.name} cut to ${share}`)
    }
  }
})
