import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { decode, encode, ExtData, ExtensionCodec } from '@msgpack/msgpack'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { glimpse, readBytes, type BytesRead } from '../../testing/read-bytes.ts'
import { pickleReader } from '../pickle/index.ts'
import { ANOMALIES, type FlaxAnomaly } from './anomalies.ts'
import { flaxReader } from './index.ts'

type Listed = readonly [name: string, dtype: string, shape: readonly number[], hex: string]
interface Vector {
  readonly name: string
  readonly base64: string
  readonly tensors: readonly Listed[]
}
const VECTORS = JSON.parse(readFileSync(new URL('vectors.json', import.meta.url), 'utf8')) as readonly Vector[]

function read(bytes: Uint8Array): BytesRead {
  return readBytes(flaxReader, bytes, { readers: [pickleReader] })
}

function hex(...parts: readonly string[]): Uint8Array {
  return Buffer.from(parts.join('').replaceAll(' ', ''), 'hex')
}

for (const { name, base64, tensors } of VECTORS) {
  test(`flaxReader.read() reads what Flax writes: ${name}`, () => {
    const bytes = Buffer.from(base64, 'base64')
    const { facts, codes, accounting } = read(bytes)
    assert.deepEqual([facts.reading, codes, accounting], ['full', [], { complete: true, anomalies: [] }])
    const wanted = tensors.map(([path, , shape, content]) => [path, shape, content.length / 2])
    const found = facts.tensors.map((tensor) => [tensor.name, tensor.shape, tensor.length])
    assert.deepEqual(found.toSorted(), wanted.toSorted())
    for (const { name: path, offset, length, packed } of facts.tensors) {
      const content = tensors.find(([listed]) => listed === path)?.[3]
      if (packed === undefined) assert.equal(bytes.subarray(offset, offset + length).toString('hex'), content, path)
      else assert.equal(packed, 'chunked')
    }
  })
}

/** A map of one entry, whose value is an array with this payload. */
function withArray(payload: string): Uint8Array {
  const bytes = hex(payload)
  return Buffer.concat([hex('81 a161 c7'), Uint8Array.of(bytes.length, 1), bytes])
}

const ONES = 'c4 08 0000803f 0000803f'
const FLOAT32 = 'a7 666c6f61743332'
const PICKLE = '80049517000000000000008c026f73948c0673797374656d9493948c026c739485942e'

const CASES: readonly (readonly [code: FlaxAnomaly, what: string, bytes: Uint8Array])[] = [
  ['msg-length', 'a text of 2^32 bytes', hex('81 a161 db ffffffff')],
  ['msg-length', 'a map of 2^32 entries', hex('df ffffffff')],
  ['msg-length', 'a list of more items than bytes', hex('81 a161 dc 0010 01')],
  ['msg-length', 'an array whose bytes go beyond its extension', withArray('93 90 a4 696e7438 c4 ff 01')],
  ['msg-length', 'nothing at all after a key', hex('81 a161')],
  ['msg-length', 'a number that is cut', hex('81 a161 cf 0102')],
  ['msg-reserved', 'the byte that is never used', hex('81 a161 c1')],
  ['msg-array', 'an array of two parts', withArray('92 91 01 a0')],
  ['msg-array', 'an array whose shape is a text', withArray('93 a1 61 c0')],
  ['msg-array', 'an array with something behind its bytes', withArray(`93 91 02 ${FLOAT32} ${ONES} 00`)],
  ['msg-array-size', 'a shape of three for bytes of two', withArray(`93 91 03 ${FLOAT32} ${ONES}`)],
  ['msg-array-size', 'a shape beyond all numbers', withArray(`93 92 cf7fffffffffffffff 02 ${FLOAT32} ${ONES}`)],
  ['msg-dtype', 'an array of objects', withArray(`93 91 01 a6 6f626a656374 ${ONES}`)],
  ['msg-extension', 'an extension of another library', hex('81 a161 d4 2a 00')],
  ['msg-duplicate-key', 'a key twice', hex('82 a161 01 a161 02')],
  ['msg-key', 'a key that is a list', hex('81 90 01')],
  ['msg-key', 'a key that is a truth', hex('81 c3 01')],
  ['msg-text', 'a text that is not UTF-8', hex('81 a161 a1 ff')],
]

for (const [code, what, bytes] of CASES) {
  test(`flaxReader.read() notes ${code} for ${what}`, () => {
    const { codes, facts } = read(bytes)
    assert.deepEqual(codes, [code], facts.reason)
    if (ANOMALIES.some((one) => one.code === code && 'breaks' in one)) assert.equal(facts.reading, 'unread')
  })
}

test('ANOMALIES of flax are each noted by a case of these tests', () => {
  const tested = new Set<string>(CASES.map(([code]) => code))
  assert.deepEqual(
    ANOMALIES.map(({ code }) => code).filter((code) => !tested.has(code)),
    [],
  )
})

test('flaxReader.read() reads a pickle among the bytes as what it is', () => {
  const plain = read(encode({ note: Buffer.from('not much of a pickle') }))
  assert.deepEqual([plain.facts.reading, plain.members.length], ['full', 0])
  for (const payload of [Buffer.from(PICKLE, 'hex'), new ExtData(42, Buffer.from(PICKLE, 'hex'))]) {
    const { members } = read(encode({ note: payload }))
    assert.deepEqual([members.length, members[0]?.format], [1, 'pickle'])
    assert.ok(members[0]?.references.some(({ target }) => target.includes('system')))
  }
})

test('flaxReader.read() keeps the first scalars of a long list and all arrays', () => {
  const { facts } = read(encode({ long: Array.from({ length: 1000 }, (_, i) => i) }))
  assert.deepEqual([facts.metadata.length, facts.metadata.at(-1)?.key], [64, 'long.63'])
})

test('flaxReader.read() leaves what follows the stream to the accounting', () => {
  const longer = Buffer.concat([encode({ a: 1 }), Buffer.from('payload')])
  assert.equal(read(longer).accounting.complete, false)
})

test('flaxReader.read() takes what another library writes, and declares broken what that library refuses', () => {
  const key = fc.string({ maxLength: 8, unit: 'grapheme-ascii' }).filter((text) => text !== '__proto__')
  const leaf = fc.oneof(
    fc.integer(),
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.constant(null),
    fc.string(),
    fc.uint8Array(),
  )
  const tree = fc.dictionary(key, fc.oneof(leaf, fc.array(leaf, { maxLength: 5 }), fc.dictionary(key, leaf)))
  const extensionCodec = new ExtensionCodec()
  const property = fc.property(tree, fc.nat(), fc.nat(255), (value, place, byte) => {
    const bytes = encode(value)
    assert.equal(read(bytes).accounting.complete, true)
    bytes[place % bytes.length] = byte
    const isBroken = doesThrow(() => decode(bytes, { extensionCodec }))
    const { facts, accounting } = read(bytes)
    if (isBroken) assert.ok(facts.reading !== 'full' || !accounting.complete || facts.anomalies.length > 0)
  })
  fc.assert(property, { numRuns: 1000 })
})

function doesThrow(run: () => void): boolean {
  try {
    run()
    return false
  } catch {
    return true
  }
}

test('flaxReader.read() of a file cut anywhere is never full without an anomaly', () => {
  for (const { base64 } of VECTORS) {
    const whole = Buffer.from(base64, 'base64')
    for (let length = 0; length < whole.length; length++)
      assert.notEqual(read(whole.subarray(0, length)).codes.length, 0)
  }
})

test('flaxReader.read() of mutated and random files throws nothing but Fault and reads nothing outside', () => {
  const whole = Buffer.from(VECTORS[6]?.base64 ?? '', 'base64')
  const mutation = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255) })
  const property = fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
    const bytes = Uint8Array.from(whole)
    for (const { at, byte } of mutations) bytes[at] = byte
    readOrFault(bytes)
  })
  fc.assert(property, { numRuns: 1500 })
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), readOrFault), { numRuns: 1000 })
})

function readOrFault(bytes: Uint8Array): void {
  try {
    read(bytes)
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
  }
}

test('flaxReader.read() goes no deeper than the budget allows and spends it on items', () => {
  assert.throws(() => read(Buffer.concat([Buffer.alloc(1000, 0x91), hex('01')])), { code: 'budget-depth' })
  const flat = Buffer.concat([hex('dd 00001000'), Buffer.alloc(4096)])
  assert.throws(() => readBytes(flaxReader, flat, { limits: { items: 100 } }), { code: 'budget-items' })
})

test('flaxReader.sniff() wants the name, and then a map', () => {
  const map = encode({ params: {} })
  assert.equal(flaxReader.sniff(glimpse(map, 'flax_model.msgpack')), 'structure')
  assert.equal(flaxReader.sniff(glimpse(Buffer.from('oak'), 'a.msgpack')), 'name')
  assert.equal(flaxReader.sniff(glimpse(map, 'model.bin')), null)
})
