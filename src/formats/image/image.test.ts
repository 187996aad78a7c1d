import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { glimpse, readBytes, type BytesRead } from '../../testing/read-bytes.ts'
import { ANOMALIES } from './anomalies.ts'
import { imageReaders } from './index.ts'

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex')
const base64 = (text: string): Buffer => Buffer.from(text, 'base64')
const riff = (kind: string, ...chunks: readonly Buffer[]): Buffer => {
  const body = Buffer.concat([Buffer.from(kind), ...chunks])
  const head = Buffer.alloc(8)
  head.write('RIFF')
  head.writeUInt32LE(body.length, 4)
  return Buffer.concat([head, body])
}

/** Two pixels by two of each, as Pillow writes them, and a sound of two samples. */
const SAMPLES: ReadonlyMap<string, Buffer> = new Map([
  ['png', base64(`iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADklEQVR4nGPkZGBiYAAAAD8ADdx46sQAAAAASUVORK5CYII=`)],
  [
    'jpeg',
    base64(`/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAP////////////////////////////////////////////////////////////////////////////
    //////////wAALCAACAAIBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z`),
  ],
  ['gif', base64(`R0lGODdhAgACAIEAAAkJCQAAAAAAAAAAACwAAAAAAgACAAAIBgABCAQQEAA7`)],
  ['webp', base64(`UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoCAAIADMDOJaQAA3AA/uuEAAA=`)],
  ['wav', riff('WAVE', hex('666d7420 10000000 01000100401f0000401f000001000800'), hex('64617461 02000000 8080'))],
])

function read(format: string, bytes: Uint8Array): BytesRead {
  return readBytes(imageReaders.find((reader) => reader.format === format) ?? assert.fail(format), bytes)
}

for (const [format, bytes] of SAMPLES) {
  test(`imageReaders read a ${format} in full, and know it by its head`, () => {
    const { facts, codes, accounting } = read(format, bytes)
    assert.deepEqual([facts.reading, codes, accounting.complete], ['full', [], true])
    const known = imageReaders.filter((reader) => reader.sniff(glimpse(bytes)) === 'magic')
    assert.deepEqual(
      known.map((reader) => reader.format),
      [format],
    )
  })

  test(`imageReaders do not take a ${format} with something behind it for understood`, () => {
    const { facts, accounting } = read(format, Buffer.concat([bytes, Buffer.from('payload')]))
    assert.ok(!accounting.complete || facts.reading === 'listed')
  })

  test(`imageReaders never read a ${format} that is cut in full`, () => {
    for (let length = 3; length < bytes.length; length++)
      assert.deepEqual(read(format, bytes.subarray(0, length)).codes, ['img-broken'], `cut to ${length}`)
  })

  test(`imageReaders throw nothing but Fault for a ${format} that is changed`, () => {
    const mutation = fc.record({ at: fc.nat(bytes.length - 1), byte: fc.nat(255) })
    const property = fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
      const copy = Uint8Array.from(bytes)
      for (const { at, byte } of mutations) copy[at] = byte
      try {
        read(format, copy)
      } catch (thrown) {
        if (!isFault(thrown)) throw thrown
      }
    })
    fc.assert(property, { numRuns: 300 })
  })
}

test('imageReaders note a chunk whose check sum is wrong', () => {
  const bytes = Buffer.from(SAMPLES.get('png') ?? [])
  const at = bytes.indexOf('IDAT') + 4
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
  assert.deepEqual(read('png', bytes).codes, ['img-check-sum'])
  assert.deepEqual(
    ANOMALIES.map(({ code }) => code),
    ['img-broken', 'img-check-sum'],
  )
})
