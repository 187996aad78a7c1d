import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { glimpse, readBytes } from '../../testing/read-bytes.ts'
import { npyOf, writeNpy } from '../../testing/npy.ts'
import { npyReader } from './index.ts'
import { arrayName } from './read.ts'

interface Vector {
  readonly name: string
  readonly base64: string
  readonly type: string | null
  readonly shape?: readonly number[]
  readonly packed?: string | null
  readonly big?: boolean
  readonly bytes?: number
}

const FILE = new URL('vectors.json', import.meta.url)
const VECTORS = JSON.parse(readFileSync(FILE, 'utf8')) as readonly Vector[]

for (const vector of VECTORS.filter(({ shape }) => shape !== undefined)) {
  test(`npyReader.read() reads what NumPy writes: ${vector.name}`, () => {
    const bytes = Buffer.from(vector.base64, 'base64')
    const { facts, accounting, codes } = readBytes(npyReader, bytes, { path: 'w.npy' })
    assert.deepEqual([facts.reading, codes, accounting.complete], ['full', [], true])
    const [tensor] = facts.tensors
    assert.deepEqual(tensor?.shape, vector.shape)
    assert.equal(tensor?.packed ?? null, vector.packed)
    assert.equal(tensor?.bigEndian ?? false, vector.big)
    if (vector.type !== null) assert.equal(tensor?.type, vector.type)
    assert.deepEqual([tensor?.length, tensor?.offset], [vector.bytes, bytes.length - (vector.bytes ?? 0)])
  })
}

const valid = writeNpy({ descr: '<f4', shape: [2, 3], data: new Uint8Array(24) })

test('npyReader.read() reads arrays that were saved one after another', () => {
  const { facts, codes } = readBytes(npyReader, Buffer.concat([valid, valid]), { path: 'a/w.npy' })
  assert.deepEqual([facts.reading, codes], ['full', []])
  assert.deepEqual(
    facts.tensors.map(({ name, offset }) => [name, offset]),
    [
      ['w', 128],
      ['w#1', 280],
    ],
  )
})

test('npyReader.read() takes the headers of Python 2 and of other writers', () => {
  const texts = [
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L), }\n",
    `{"shape":(2,3),"fortran_order":False,"descr":"<f4"}`,
    "{'descr': '<f4', 'fortran_order': False, 'shape': (6,)}   \n",
  ]
  for (const text of texts) {
    const { facts, codes } = readBytes(npyReader, npyOf(text, new Uint8Array(24)))
    assert.deepEqual([text, facts.reading, codes], [text, 'full', []])
  }
})

const HEADERS: readonly (readonly [about: string, text: string])[] = [
  ['a call', "{'descr': __import__('os').system('id'), 'fortran_order': False, 'shape': (6,)}"],
  ['an operator', "{'descr': '<f4', 'fortran_order': False, 'shape': (2*3,)}"],
  ['joined texts', "{'descr': '<' 'f4', 'fortran_order': False, 'shape': (6,)}"],
  ['a comment', "{'descr': '<f4', 'fortran_order': False, 'shape': (6,)} # oak"],
  ['a second value', "{'descr': '<f4', 'fortran_order': False, 'shape': (6,)} {}"],
  ['a key twice', "{'descr': '<f4', 'descr': '|O', 'fortran_order': False, 'shape': (6,)}"],
  ['a further key', "{'descr': '<f4', 'fortran_order': False, 'shape': (6,), 'x': 1}"],
  ['a key too few', "{'descr': '<f4', 'shape': (6,)}"],
  ['an order that is a number', "{'descr': '<f4', 'fortran_order': 0, 'shape': (6,)}"],
  ['a shape that is a list', "{'descr': '<f4', 'fortran_order': False, 'shape': [6]}"],
  ['a shape that is a number', "{'descr': '<f4', 'fortran_order': False, 'shape': (6)}"],
  ['a negative size', "{'descr': '<f4', 'fortran_order': False, 'shape': (-6,)}"],
  ['a size of 2^70', `{'descr': '<f4', 'fortran_order': False, 'shape': (${2n ** 70n},)}`],
  ['an unknown type', "{'descr': '<q4', 'fortran_order': False, 'shape': (6,)}"],
  ['a type without size', "{'descr': '<f', 'fortran_order': False, 'shape': (6,)}"],
  ['a float of 5 bytes', "{'descr': '<f5', 'fortran_order': False, 'shape': (6,)}"],
  ['a unit on a float', "{'descr': '<f4[ns]', 'fortran_order': False, 'shape': (6,)}"],
  ['a field without a name', "{'descr': [(1, '<f4')], 'fortran_order': False, 'shape': (6,)}"],
  ['a field of one part', "{'descr': [('a',)], 'fortran_order': False, 'shape': (6,)}"],
  ['a text that is open', "{'descr': '<f4"],
  ['a deep nest', `{'descr': ${'['.repeat(500)}`],
  ['no dict', '(1, 2)'],
  ['65 dimensions', `{'descr': '<f4', 'fortran_order': False, 'shape': (${'1, '.repeat(65)})}`],
]

for (const [about, text] of HEADERS) {
  test(`npyReader.read() notes npy-header for ${about}`, () => {
    const { facts, codes } = readBytes(npyReader, npyOf(text, new Uint8Array(24)))
    assert.deepEqual([codes, facts.reading, facts.tensors], [['npy-header'], 'unread', []])
  })
}

test('npyReader.read() notes versions that do not exist and headers longer than the file', () => {
  for (const [at, byte] of [
    [6, 4],
    [7, 1],
    [9, 9],
  ] as const) {
    const bytes = valid.slice()
    bytes[at] = byte
    assert.deepEqual(readBytes(npyReader, bytes).codes, ['npy-header'])
  }
})

test('npyReader.read() notes npy-size when the data does not suffice, at no cost', () => {
  const shapes = ['(7,)', '(1000000000, 1000000000)', `(${2 ** 53 - 1}, ${2 ** 53 - 1})`]
  for (const shape of shapes) {
    const text = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`
    const { facts, codes, budget } = readBytes(npyReader, npyOf(text, new Uint8Array(24)))
    assert.deepEqual([codes, facts.reading, facts.tensors], [['npy-size'], 'unread', []])
    assert.ok(budget.cost.bytesRead < 1000)
  }
})

test('npyReader.read() notes bytes that follow the data', () => {
  const { codes, facts } = readBytes(npyReader, Buffer.concat([valid, Buffer.from('PK')]))
  assert.deepEqual([codes, facts.reading], [['npy-trailing-bytes'], 'unread'])
})

test('npyReader.read() never calls an array of objects an array of numbers', () => {
  for (const { base64 } of VECTORS.filter(({ shape }) => shape === undefined)) {
    const { facts } = readBytes(npyReader, Buffer.from(base64, 'base64'))
    assert.equal(facts.tensors.length, 0)
  }
})

test('npyReader.read() of a file cut anywhere is never full', () => {
  for (let length = 1; length < valid.length; length++) {
    const { facts, codes } = readBytes(npyReader, valid.subarray(0, length))
    assert.ok(facts.reading !== 'full' && codes.length > 0, `cut to ${length}`)
  }
})

test('npyReader.read() of mutated files throws nothing but Fault and reads nothing outside', () => {
  const interesting = fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from("'(){}[],:OVU9")))
  const mutation = fc.record({ at: fc.nat(valid.length - 1), byte: interesting })
  const property = fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
    const bytes = valid.slice()
    for (const { at, byte } of mutations) bytes[at] = byte
    try {
      readBytes(npyReader, bytes)
    } catch (thrown) {
      if (!isFault(thrown)) throw thrown
    }
  })
  fc.assert(property, { numRuns: 1500 })
})

test('npyReader.sniff() knows an array by its magic, not by its name', () => {
  assert.equal(npyReader.sniff(glimpse(valid, 'weights')), 'magic')
  assert.equal(npyReader.sniff(glimpse(Buffer.from('oak'), 'a.npy')), 'name')
  assert.equal(npyReader.sniff(glimpse(Buffer.from('oak'), 'a.txt')), null)
})

test('arrayName() is the name of the member or of the file', () => {
  assert.deepEqual(['a/w.npy', 'm.npz!/a/w.npy', 'x.tar!/m.npz!/w'].map(arrayName), ['w', 'a/w', 'w'])
})
