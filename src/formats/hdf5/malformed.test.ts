/** One broken file for each anomaly. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  checked,
  compact,
  contiguous,
  datasetFile,
  dataspace,
  filters,
  FLOAT32,
  hardLink,
  Hdf5Writer,
  le,
  type MessageBytes,
  namedLink,
  singleChunk,
  textAttribute,
} from '../../testing/hdf5.ts'
import { readBytes } from '../../testing/read-bytes.ts'
import { hdf5Reader } from './index.ts'

/** A file whose root group leads to one object of these messages. */
function fileOf(...messages: readonly MessageBytes[]): Uint8Array {
  const writer = new Hdf5Writer()
  return writer.finish(writer.object(hardLink('w', writer.object(...messages))))
}

function rootOf(...messages: readonly MessageBytes[]): Uint8Array {
  const writer = new Hdf5Writer()
  return writer.finish(writer.object(...messages))
}

function withUserBlock(content: string): Uint8Array {
  const block = Buffer.alloc(512)
  block.write(content, 'latin1')
  const writer = new Hdf5Writer()
  const root = writer.object(textAttribute('a', 'b'))
  return Buffer.concat([block, writer.finish(root, { base: 512, end: 512 + writer.end })])
}

function withGap(content: string): Uint8Array {
  const writer = new Hdf5Writer()
  writer.append(Buffer.from(content, 'latin1'))
  return writer.finish(writer.object(textAttribute('a', 'b')))
}

function changed(at: number, byte: number): Uint8Array {
  const bytes = datasetFile()
  bytes[at] = byte
  return bytes
}

/** A file of superblock version 3 that its writer never closed. */
function notClosed(): Uint8Array {
  const bytes = Buffer.from(datasetFile())
  bytes[8] = 3
  bytes[11] = 1
  checked(bytes.subarray(0, 44)).copy(bytes)
  return bytes
}

function overlapping(): Uint8Array {
  const writer = new Hdf5Writer()
  const data = writer.append(Buffer.alloc(24))
  const a = writer.object(dataspace(4), FLOAT32, contiguous(data, 16))
  const b = writer.object(dataspace(4), FLOAT32, contiguous(data + 8, 16))
  return writer.finish(writer.object(hardLink('a', a), hardLink('b', b)))
}

/** A group that links to itself by an address that is known before it is written. */
function selfLinked(): Uint8Array {
  const writer = new Hdf5Writer()
  return writer.finish(writer.object(hardLink('self', writer.end)))
}

function sharedHeap(): Uint8Array {
  const writer = new Hdf5Writer()
  const leaf = writer.append(checked(Buffer.from('BTLF'), Buffer.from([0, 5]), Buffer.alloc(200)))
  return writer.finish(writer.object({ type: 2, body: Buffer.concat([Buffer.from([0, 0]), le(leaf, 8), le(leaf, 8)]) }))
}

const ELF = `\x7fELF${'\x01'.repeat(100)}`
const CHUNK = singleChunk(48, 4, 4)

const CASES: readonly (readonly [code: string, about: string, bytes: Uint8Array, reading: string])[] = [
  ['h5-address', 'a dataset beyond the end', fileOf(dataspace(4), FLOAT32, contiguous(4096, 16)), 'unread'],
  ['h5-address', 'an address of 2^63', fileOf(dataspace(4), FLOAT32, contiguous(2n ** 63n, 16)), 'unread'],
  ['h5-address', 'a root group nowhere', new Hdf5Writer().finish(2 ** 40), 'unread'],
  ['h5-address', 'an end beyond the file', new Hdf5Writer().finish(48, { end: 1000 }), 'unread'],
  ['h5-address', 'a base that is not where it stands', new Hdf5Writer().finish(48, { base: 512 }), 'unread'],
  ['h5-structure', 'no object where a link leads', rootOf(hardLink('a', 0)), 'unread'],
  ['h5-structure', 'a dataset without a shape', fileOf(FLOAT32, compact(Buffer.alloc(4))), 'unread'],
  ['h5-structure', 'a heap that is none', sharedHeap(), 'unread'],
  ['h5-checksum', 'a changed byte in the superblock', changed(11, 1), 'unread'],
  ['h5-checksum', 'a changed byte in a header', changed(80, 255), 'unread'],
  ['h5-cycle', 'a group within itself', selfLinked(), 'unread'],
  ['h5-overlap', 'two datasets over each other', overlapping(), 'unread'],
  ['h5-size', 'less data than the shape wants', fileOf(dataspace(1000), FLOAT32, contiguous(48, 16)), 'unread'],
  [
    'h5-size',
    'less compact data than the shape wants',
    fileOf(dataspace(9), FLOAT32, compact(Buffer.alloc(4))),
    'unread',
  ],
  ['h5-size', 'chunks of another rank', fileOf(dataspace(4, 4), FLOAT32, CHUNK), 'unread'],
  ['h5-duplicate-name', 'two attributes', rootOf(textAttribute('a', 'b'), textAttribute('a', 'c')), 'unread'],
  ['h5-duplicate-name', 'two links', rootOf(namedLink('a', 1, '/b'), namedLink('a', 1, '/c')), 'unread'],
  ['h5-external-link', 'a link to another file', rootOf(namedLink('a', 64, '\0/etc/x.h5\0/w\0')), 'full'],
  ['h5-soft-link', 'a soft link that climbs', rootOf(namedLink('a', 1, '../../x')), 'full'],
  ['h5-soft-link', 'a soft link that is an address', rootOf(namedLink('a', 1, 'file:///etc')), 'full'],
  ['h5-link-class', 'a link of class 99', rootOf(namedLink('a', 99, 'x')), 'unread'],
  [
    'h5-shape-bomb',
    'a shape that nothing stands behind',
    fileOf(dataspace(2 ** 40), FLOAT32, contiguous(undefined, 0)),
    'full',
  ],
  ['h5-shape-bomb', 'a shape beyond 2^64', fileOf(dataspace(1e6, 1e6, 1e6), FLOAT32, contiguous(undefined, 0)), 'full'],
  [
    'h5-filter',
    'a filter of number 60000',
    fileOf(dataspace(4), FLOAT32, filters(60000), contiguous(undefined, 0)),
    'full',
  ],
  ['h5-hidden-file', 'a program in a gap', withGap(ELF), 'full'],
  ['h5-hidden-file', 'a pickle in a gap', withGap('cos\nsystem\n(S"id"\ntR.'), 'full'],
  ['h5-hidden-file', 'a script before it', withUserBlock('#!/bin/sh\nid\n'), 'full'],
  [
    'h5-unused-bytes',
    'text in a gap',
    withGap('all that is in a gap and is no zero is of nobody, and is noted here'),
    'full',
  ],
  ['h5-user-block', 'text before it', withUserBlock('hello'), 'full'],
  ['h5-not-closed', 'a file that is still written', notClosed(), 'unread'],
  ['h5-unsupported', 'a superblock of version 9', changed(8, 9), 'unread'],
  ['h5-unsupported', 'a message that nobody knows', rootOf({ type: 0x60, body: Buffer.alloc(4) }), 'unread'],
]

for (const [code, about, bytes, reading] of CASES) {
  test(`hdf5Reader.read() notes ${code}: ${about}`, () => {
    const { facts, codes } = readBytes(hdf5Reader, bytes)
    assert.ok(codes.includes(code), `${codes.join(', ')}: ${facts.reason}`)
    assert.equal(facts.reading, reading)
    if (reading === 'full') assert.deepEqual(codes, [code])
  })
}

test('hdf5Reader.read() notes h5-limit where groups are nested deeper than it follows', () => {
  const writer = new Hdf5Writer()
  let group = writer.object()
  for (let i = 0; i < 80; i++) group = writer.object(hardLink('g', group))
  const { codes, facts } = readBytes(hdf5Reader, writer.finish(group))
  assert.deepEqual([codes, facts.reading], [['h5-limit'], 'unread'])
})

test('hdf5Reader.read() leaves bytes behind the end to the accounting', () => {
  const { accounting } = readBytes(hdf5Reader, Buffer.concat([datasetFile(), Buffer.from('payload')]))
  assert.deepEqual(
    accounting.anomalies.map(({ code }) => code),
    ['bytes-unclaimed'],
  )
})

test('hdf5Reader.read() takes what MATLAB writes before the HDF5 part for what it is', () => {
  const line = `MATLAB 7.3 MAT-file, Platform: GLNXA64, Created on: Mon Jan  1 00:00:00 2024 HDF5 schema 1.00 .${' '.repeat(20)}`
  assert.deepEqual(readBytes(hdf5Reader, withUserBlock(line)).codes, [])
})
