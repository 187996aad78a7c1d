import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  compact,
  contiguous,
  dataspace,
  FLOAT32,
  hardLink,
  Hdf5Writer,
  le,
  type MessageBytes,
  textAttribute,
  textType,
} from '../../testing/hdf5.ts'
import { readBytes } from '../../testing/read-bytes.ts'
import { pickleReader } from '../pickle/index.ts'
import { hdf5Reader } from './index.ts'

const PICKLE = 'cposix\nsystem\n(S"id"\ntR.'
const DICTIONARY = '(dp0\nI1\nI2\ns.'

/** Bytes without a meaning, with an empty tag. */
function opaqueType(length: number): MessageBytes {
  return { type: 3, body: Buffer.concat([Buffer.from('15000000', 'hex'), le(length, 4)]) }
}

function membersOf(bytes: Uint8Array): readonly string[] {
  const { members } = readBytes(hdf5Reader, bytes, { path: 'x.h5', readers: [hdf5Reader, pickleReader] })
  return members.map(({ path, format }) => `${path} ${format}`)
}

function withAttribute(value: string): Uint8Array {
  const writer = new Hdf5Writer()
  return writer.finish(writer.object(textAttribute('a', value)))
}

function withDataset(type: MessageBytes, value: Uint8Array): Uint8Array {
  const writer = new Hdf5Writer()
  const data = writer.append(value)
  const dataset = writer.object(dataspace(), type, contiguous(data, value.length))
  return writer.finish(writer.object(hardLink('d', dataset)))
}

test('hdf5Reader.read() reads a pickle in an attribute as one', () => {
  assert.deepEqual(membersOf(withAttribute(PICKLE)), ['x.h5!//@a pickle'])
  assert.deepEqual(membersOf(withAttribute(`${DICTIONARY}\0\0`)), ['x.h5!//@a pickle'])
})

test('hdf5Reader.read() reads a pickle in a dataset of opaque bytes or text as one', () => {
  const value = Buffer.from(PICKLE)
  assert.deepEqual(membersOf(withDataset(opaqueType(value.length), value)), ['x.h5!/d pickle'])
  assert.deepEqual(membersOf(withDataset(textType(value.length), value)), ['x.h5!/d pickle'])
  const writer = new Hdf5Writer()
  const dataset = writer.object(dataspace(), opaqueType(value.length), compact(value))
  assert.deepEqual(membersOf(writer.finish(writer.object(hardLink('d', dataset)))), ['x.h5!/d pickle'])
})

test('hdf5Reader.read() reads no sentence as a pickle, and no numbers at all', () => {
  for (const text of ['This is a sentence.', 'from the paper of somebody.', '(see below).', 'import it with care.'])
    assert.deepEqual(membersOf(withAttribute(text)), [], text)
  assert.deepEqual(membersOf(withDataset(FLOAT32, Buffer.from('\x80\x02]K', 'latin1'))), [])
})
