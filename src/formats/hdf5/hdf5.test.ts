import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  attributesFile,
  compact,
  contiguous,
  datasetFile,
  dataspace,
  filters,
  FLOAT32,
  hardLink,
  Hdf5Writer,
  le,
  namedLink,
  singleChunk,
} from '../../testing/hdf5.ts'
import { glimpse, readBytes } from '../../testing/read-bytes.ts'
import { hdf5Reader } from './index.ts'
import { checksum } from './lookup3.ts'

test('hdf5Reader.read() of a sound file is full, with a tensor, an attribute and every byte claimed', () => {
  const { facts, accounting, codes } = readBytes(hdf5Reader, datasetFile('kernel'), { path: 'w.h5' })
  assert.deepEqual([facts.reading, codes, accounting.complete], ['full', [], true])
  assert.deepEqual(facts.tensors, [{ name: 'kernel', type: 'F32', shape: [4], file: 'w.h5', offset: 48, length: 16 }])
  assert.deepEqual(
    facts.metadata.map(({ key, value }) => [key, value]),
    [
      ['superblock', 2],
      ['/@made_by', 'a test'],
    ],
  )
})

test('hdf5Reader.read() gives the place of compact data within the header', () => {
  const writer = new Hdf5Writer()
  const values = Buffer.from(Float32Array.of(1, 2).buffer)
  const dataset = writer.object(dataspace(2), FLOAT32, compact(values))
  const bytes = writer.finish(writer.object(hardLink('c', dataset)))
  const { facts } = readBytes(hdf5Reader, bytes)
  const [tensor] = facts.tensors
  assert.deepEqual(Buffer.from(bytes.subarray(tensor?.offset, (tensor?.offset ?? 0) + 8)), values)
  assert.equal(tensor?.packed, undefined)
})

test('hdf5Reader.read() lists chunked data as packed', () => {
  const writer = new Hdf5Writer()
  const chunk = writer.append(Buffer.alloc(16))
  const dataset = writer.object(dataspace(4), FLOAT32, singleChunk(chunk, 4, 4))
  const { facts, codes } = readBytes(hdf5Reader, writer.finish(writer.object(hardLink('c', dataset))))
  assert.deepEqual(codes, [])
  assert.deepEqual(
    facts.tensors.map(({ packed, offset, length }) => [packed, offset, length]),
    [['chunked', chunk, 16]],
  )
})

test('hdf5Reader.read() names one dataset once, however many links lead to it', () => {
  const writer = new Hdf5Writer()
  const data = writer.append(le(0, 4))
  const dataset = writer.object(dataspace(1), FLOAT32, contiguous(data, 4))
  const links = [hardLink('a', dataset), hardLink('b', dataset), namedLink('c', 1, '/a')]
  const { facts, codes } = readBytes(hdf5Reader, writer.finish(writer.object(...links)))
  assert.deepEqual([facts.tensors.map(({ name }) => name), codes], [['a'], []])
})

test('hdf5Reader.read() lets the filters pass that libraries ship', () => {
  const writer = new Hdf5Writer()
  const chunk = writer.append(Buffer.alloc(16))
  const dataset = writer.object(dataspace(4), FLOAT32, filters(1, 2, 3, 32001), singleChunk(chunk, 4, 4))
  assert.deepEqual(readBytes(hdf5Reader, writer.finish(writer.object(hardLink('c', dataset)))).codes, [])
})

test('hdf5Reader.read() cuts long text and says how long it was', () => {
  const { facts } = readBytes(hdf5Reader, attributesFile({ long: 'x'.repeat(5000) }))
  const fact = facts.metadata.find(({ key }) => key === '/@long')
  assert.deepEqual([String(fact?.value).length, fact?.count, fact?.digest?.length], [4096, 5000, 64])
})

test('hdf5Reader.sniff() wants the signature where a superblock may stand', () => {
  assert.equal(hdf5Reader.sniff(glimpse(datasetFile())), 'magic')
  assert.equal(hdf5Reader.sniff(glimpse(Buffer.concat([Buffer.alloc(512), datasetFile()]))), 'magic')
  assert.equal(hdf5Reader.sniff(glimpse(Buffer.concat([Buffer.alloc(100), datasetFile()]))), null)
})

test('checksum() is that of lookup3', () => {
  assert.equal(checksum(Buffer.from('Four score and seven years ago')), 0x17770551)
})
