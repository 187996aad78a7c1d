import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { glimpse, readBytes, type BytesRead } from '../../testing/read-bytes.ts'
import { ANOMALIES, type Torch7Anomaly } from './anomalies.ts'
import { torch7Reader } from './index.ts'

const int = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes
}
const long = (value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64LE(BigInt(value))
  return bytes
}
const raw = (text: string): Buffer => Buffer.concat([int(text.length), Buffer.from(text, 'latin1')])
const text = (value: string): Buffer => Buffer.concat([int(2), raw(value)])
const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return Buffer.concat([int(1), bytes])
}
const table = (index: number, ...entries: readonly (readonly [Buffer, Buffer])[]): Buffer =>
  Buffer.concat([int(3), int(index), int(entries.length), ...entries.flat()])
const classed = (index: number, name: string, ...content: readonly Buffer[]): Buffer =>
  Buffer.concat([int(4), int(index), raw('V 1'), raw(name), ...content])
const storage = (index: number, count: number, declared = count): Buffer =>
  classed(index, 'torch.FloatStorage', long(declared), Buffer.alloc(4 * count, 1))
/** A tensor of two dimensions over a storage. */
const tensor = (index: number, of: Buffer, shape: readonly [number, number], first = 1): Buffer =>
  classed(index, 'torch.FloatTensor', int(2), ...shape.map(long), long(shape[1]), long(1), long(first), of)
const luaFunction = (index: number, length = 6): Buffer =>
  Buffer.concat([int(8), int(index), int(length), Buffer.from('\x1bLJ\x02ab', 'latin1'), table(index + 1)])

const layer = classed(
  1,
  'nn.Linear',
  table(2, [text('weight'), tensor(3, storage(4, 6), [2, 3])], [text('n'), number(7)]),
)

function read(bytes: Uint8Array): BytesRead {
  return readBytes(torch7Reader, bytes, { limits: { items: 10_000 } })
}

test('torch7Reader.read() reads classes, tables and tensors where they lie', () => {
  const { facts, codes, accounting } = read(layer)
  assert.deepEqual([facts.reading, codes, accounting], ['full', [], { complete: true, anomalies: [] }])
  const [weight] = facts.tensors
  assert.deepEqual([weight?.name, weight?.type, weight?.shape, weight?.length], ['.weight', 'F32', [2, 3], 24])
  assert.deepEqual(layer.subarray(weight?.offset).subarray(0, 24), Buffer.alloc(24, 1))
  assert.deepEqual(facts.references, [{ kind: 'class', target: 'nn.Linear', locus: '' }])
})

test('torch7Reader.read() takes an object that stands a second time by its number', () => {
  const shared = Buffer.concat([int(4), int(4)])
  const both = table(
    1,
    [text('a'), tensor(3, storage(4, 6), [2, 3])],
    [text('b'), tensor(5, shared, [1, 3], 4)],
    [text('c'), Buffer.concat([int(3), int(1)])],
  )
  const { facts, codes, accounting } = read(both)
  assert.deepEqual([facts.reading, codes, accounting.complete], ['full', [], true])
  const [a, b] = facts.tensors
  assert.deepEqual([b?.shape, (b?.offset ?? 0) - (a?.offset ?? 0)], [[1, 3], 12])
})

test('torch7Reader.read() reads objects without a version, nothing, truths and empty tensors', () => {
  const old = Buffer.concat([int(4), int(2), raw('torch.DoubleStorage'), long(1), Buffer.alloc(8)])
  const empty = classed(3, 'torch.FloatTensor', int(0), long(1), int(0))
  const truth = Buffer.concat([int(5), int(1)])
  const { facts, codes } = read(table(1, [number(1), old], [number(2), empty], [number(3), int(0)], [truth, truth]))
  assert.deepEqual([facts.reading, codes], ['full', []])
})

const CASES: readonly (readonly [code: Torch7Anomaly, what: string, bytes: Uint8Array])[] = [
  ['lua-function', 'a function', luaFunction(1)],
  ['lua-function', 'a function in a table', table(1, [text('evaluate'), luaFunction(2)])],
  ['lua-length', 'a text of 2^31 bytes', Buffer.concat([int(2), int(2 ** 31 - 1)])],
  ['lua-length', 'a text of -1 bytes', Buffer.concat([int(2), int(-1)])],
  ['lua-length', 'a table of 2^30 entries', Buffer.concat([int(3), int(1), int(2 ** 30)])],
  ['lua-length', 'a storage of 2^52 numbers', storage(1, 4, 2 ** 52)],
  ['lua-length', 'a function of 2^30 bytes', Buffer.concat([int(6), int(1), int(2 ** 30)])],
  ['lua-length', 'a function of -1 bytes', Buffer.concat([int(6), int(1), int(-1)])],
  ['lua-object', 'an object of type 99', int(99)],
  ['lua-object', 'a storage of an unknown kind', classed(1, 'torch.OddStorage', long(0))],
  ['lua-object', 'a tensor of a thousand dimensions', classed(1, 'torch.FloatTensor', int(1000))],
  ['lua-object', 'a storage of -1 numbers', storage(1, 0, -1)],
  ['lua-tensor', 'a tensor beyond its storage', tensor(1, storage(2, 6), [3, 3])],
  ['lua-tensor', 'a tensor that begins beyond its storage', tensor(1, storage(2, 6), [1, 1], 8)],
]

for (const [code, what, bytes] of CASES) {
  test(`torch7Reader.read() notes ${code} for ${what}`, () => {
    const { codes, facts } = read(bytes)
    assert.deepEqual(codes, [code], facts.reason)
    if (ANOMALIES.some((one) => one.code === code && 'breaks' in one)) assert.equal(facts.reading, 'unread')
  })
}

test('ANOMALIES of torch7 are each noted by a case of these tests', () => {
  const tested = new Set<string>(CASES.map(([code]) => code))
  assert.deepEqual(
    ANOMALIES.map(({ code }) => code).filter((code) => !tested.has(code)),
    [],
  )
})

test('torch7Reader.read() marks a tensor that is transposed', () => {
  const turned = classed(1, 'torch.FloatTensor', int(2), long(2), long(3), long(1), long(2), long(1), storage(2, 6))
  assert.deepEqual(
    read(turned).facts.tensors.map(({ packed }) => packed),
    ['strided'],
  )
})

test('torch7Reader.read() recognises the form of text and does not read it', () => {
  const { facts } = read(Buffer.from('4\n1\n3\nV 1\n11\nnn.Sequential\n'))
  assert.equal(facts.reading, 'recognised')
})

test('torch7Reader.read() of a file cut anywhere is never full without an anomaly', () => {
  for (let length = 0; length < layer.length; length++)
    assert.deepEqual(read(layer.subarray(0, length)).codes, ['lua-length'])
  assert.equal(read(Buffer.concat([layer, Buffer.from('payload')])).accounting.complete, false)
})

test('torch7Reader.read() of mutated and random files throws nothing but Fault and reads nothing outside', () => {
  const whole = table(1, [text('a'), layer], [text('f'), luaFunction(8)])
  const mutation = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255) })
  const property = fc.property(fc.array(mutation, { minLength: 1, maxLength: 5 }), (mutations) => {
    const bytes = Uint8Array.from(whole)
    for (const { at, byte } of mutations) bytes[at] = byte
    readOrFault(bytes)
  })
  fc.assert(property, { numRuns: 1500 })
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), readOrFault), { numRuns: 500 })
})

function readOrFault(bytes: Uint8Array): void {
  try {
    read(bytes)
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
  }
}

test('torch7Reader.read() goes only so deep', () => {
  const deep = Buffer.concat(
    Array.from({ length: 400 }, (_, i) => Buffer.concat([int(3), int(i + 1), int(1), number(1)])),
  )
  assert.throws(() => read(Buffer.concat([deep, Buffer.alloc(8000)])), { code: 'budget-depth' })
})

test('torch7Reader.sniff() knows the first object, and without a class wants the name', () => {
  assert.equal(torch7Reader.sniff(glimpse(layer)), 'magic')
  assert.equal(torch7Reader.sniff(glimpse(table(1), 'a.t7')), 'structure')
  assert.equal(torch7Reader.sniff(glimpse(table(1))), null)
  assert.equal(torch7Reader.sniff(glimpse(Buffer.from('oak'), 'a.t7')), 'name')
})
