import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { dataspace, datasetFile, FLOAT32, hardLink, Hdf5Writer, le, singleChunk } from '../../testing/hdf5.ts'
import { readBytes } from '../../testing/read-bytes.ts'
import { hdf5Reader } from './index.ts'

const VECTORS = JSON.parse(readFileSync(new URL('vectors/h5py.json', import.meta.url), 'utf8')) as readonly {
  readonly name: string
  readonly gzip: string
}[]
const FILES = VECTORS.filter(({ name }) => /^(simple|types|dense|chunked|deleted|scales) /.test(name)).map(
  ({ gzip }) => new Uint8Array(gunzipSync(Buffer.from(gzip, 'base64'))),
)

/** Reads and passes over faults; any other error fails the test. */
function readOrFault(bytes: Uint8Array): ReturnType<typeof readBytes> | undefined {
  try {
    return readBytes(hdf5Reader, bytes, { limits: { items: 50_000, bytes: 4_000_000 } })
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    return undefined
  }
}

test('hdf5Reader.read() of a file cut anywhere is never full without an anomaly', () => {
  const bytes = datasetFile()
  for (let length = 1; length < bytes.length; length++) {
    const read = readOrFault(bytes.subarray(0, length))
    assert.ok(read === undefined || read.codes.length > 0, `cut to ${length} bytes of ${bytes.length}`)
  }
})

test('hdf5Reader.read() of mutated files throws nothing but Fault and reads nothing outside', () => {
  const mutation = fc.record({ at: fc.nat(), byte: fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x7f, 0xff)) })
  const mutations = fc.array(mutation, { minLength: 1, maxLength: 6 })
  const property = fc.property(fc.constantFrom(...FILES), mutations, (file, changes) => {
    const bytes = file.slice()
    for (const { at, byte } of changes) bytes[at % Math.min(bytes.length, 8192)] = byte
    readOrFault(bytes)
  })
  fc.assert(property, { numRuns: 600 })
})

test('hdf5Reader.read() of a sound superblock before random bytes throws nothing but Fault', () => {
  const property = fc.property(
    fc.uint8Array({ maxLength: 400 }),
    fc.constantFrom('OHDR\x02', '\x01\0', ''),
    (tail, begin) => {
      const writer = new Hdf5Writer()
      const root = writer.append(Buffer.from(begin, 'latin1'), tail)
      readOrFault(writer.finish(root))
    },
  )
  fc.assert(property, { numRuns: 600 })
})

test('hdf5Reader.read() reads nothing for what is only declared', () => {
  const writer = new Hdf5Writer()
  const dataset = writer.object(dataspace(2 ** 50), FLOAT32, singleChunk(48, 2 ** 31, 4))
  const { codes, budget } = readBytes(hdf5Reader, writer.finish(writer.object(hardLink('w', dataset))))
  assert.deepEqual(codes, ['h5-address'])
  assert.ok(budget.cost.bytesRead < 2000)
})

test('hdf5Reader.read() believes no length of a header', () => {
  const writer = new Hdf5Writer()
  const root = writer.append(Buffer.from('OHDR\x02\x03', 'latin1'), le(2 ** 40, 8))
  const { codes, budget } = readBytes(hdf5Reader, writer.finish(root))
  assert.deepEqual(codes, ['h5-address'])
  assert.ok(budget.cost.bytesRead < 2000)
})

test('hdf5Reader.read() spends a budget on attributes, so that a file of many cannot hold it up', () => {
  const dense = FILES.at(4) as Uint8Array
  assert.throws(() => readBytes(hdf5Reader, dense, { limits: { items: 40 } }), { code: 'budget-items' })
})
