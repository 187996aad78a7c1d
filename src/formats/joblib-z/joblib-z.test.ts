import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateSync } from 'node:zlib'
import { glimpse, readBytes } from '../../testing/read-bytes.ts'
import { READERS } from '../registry.ts'
import { joblibZReader } from './index.ts'

const PICKLE = Buffer.from('\x80\x02}q\x00X\x01\x00\x00\x00aK\x01s.', 'latin1')

function old(pickle: Uint8Array, space = ''): Uint8Array {
  const head = `ZF${`0x${pickle.length.toString(16)}`.padEnd(19)}${space}`
  return new Uint8Array(Buffer.concat([Buffer.from(head), deflateSync(pickle)]))
}

function read(bytes: Uint8Array): ReturnType<typeof readBytes> {
  return readBytes(joblibZReader, bytes, { path: 'm.pkl', readers: READERS })
}

test('joblibZReader.read() has the pickle read that its stream holds', () => {
  for (const bytes of [old(PICKLE), old(PICKLE, ' ')]) {
    const { facts, members, accounting } = read(bytes)
    assert.deepEqual([facts.reading, accounting.complete], ['full', true])
    assert.deepEqual(members.map(({ format, reading }) => [format, reading]), [['zlib', 'full'], ['pickle', 'full']]) // prettier-ignore
  }
})

test('joblibZReader.read() leaves what is wrong with the stream to the reader of streams', () => {
  const cut = read(old(PICKLE).subarray(0, 30))
  assert.ok(cut.members.some(({ reading }) => reading !== 'full'))
  assert.equal(read(old(PICKLE).subarray(0, 12)).facts.reading, 'listed')
})

test('joblibZReader.sniff() knows the mark', () => {
  assert.equal(joblibZReader.sniff(glimpse(old(PICKLE))), 'magic')
  assert.equal(joblibZReader.sniff(glimpse(Buffer.from('ZFS is a file system'))), null)
})
