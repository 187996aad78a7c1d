import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { buildGguf } from '../../testing/gguf.ts'
import { readBytes } from '../../testing/read-bytes.ts'
import { ggufReader } from './index.ts'
import { MOST_TENSORS } from './read.ts'

const valid = buildGguf({
  metadata: [
    ['general.architecture', 'string', 'llama'],
    ['general.alignment', 'u32', 32],
    ['flags', 'array', { of: 'bool', items: [true, false] }],
    ['tokenizer.ggml.tokens', 'array', { of: 'string', items: Array.from({ length: 20 }, (_, i) => `t${i}`) }],
    ['nested', 'array', { of: 'array', items: [{ of: 'i64', items: [1n] }] }],
  ],
  tensors: [
    { name: 'blk.0.a', shape: [2, 32], type: 'q4_0' },
    { name: 'blk.0.b', shape: [5], type: 'f32' },
  ],
})

/** Reads and passes over faults; any other error fails the test. */
function readOrFault(bytes: Uint8Array): ReturnType<typeof readBytes> | undefined {
  try {
    return readBytes(ggufReader, bytes, { limits: { items: 10_000, bytes: 1_000_000 } })
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    return undefined
  }
}

test('ggufReader.read() of a file cut anywhere is never full without an anomaly', () => {
  for (let length = 0; length < valid.length; length++) {
    const read = readOrFault(valid.subarray(0, length))
    if (read === undefined) continue
    assert.ok(
      read.codes.some((code) => code !== 'ggf-nested-array'),
      `cut to ${length} bytes of ${valid.length}`,
    )
  }
})

test('ggufReader.read() of mutated files throws nothing but Fault and reads nothing outside', () => {
  const mutation = fc.record({ at: fc.nat(valid.length - 1), byte: fc.nat(255) })
  const property = fc.property(fc.array(mutation, { minLength: 1, maxLength: 6 }), (mutations) => {
    const bytes = valid.slice()
    for (const { at, byte } of mutations) bytes[at] = byte
    readOrFault(bytes)
  })
  fc.assert(property, { numRuns: 2000 })
})

test('ggufReader.read() of random bytes behind the magic throws nothing but Fault', () => {
  const property = fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (tail, sane) => {
    readOrFault(Buffer.concat([valid.subarray(0, sane ? 24 : 4), tail]))
  })
  fc.assert(property, { numRuns: 1000 })
})

test('ggufReader.read() spends a budget on items, so that a file of empty strings cannot hold it up', () => {
  const items = Array<string>(2000).fill('')
  const bytes = buildGguf({ metadata: [['x', 'array', { of: 'string', items }]] })
  assert.throws(() => readBytes(ggufReader, bytes, { limits: { items: 1000 } }), { code: 'budget-items' })
})

test('ggufReader.read() goes no deeper into arrays than the budget allows', () => {
  const deep = Buffer.concat(Array.from({ length: 100 }, () => Buffer.from('090000000100000000000000', 'hex')))
  const head = buildGguf({ metadata: [['x', 9, 0]] })
  assert.throws(() => readBytes(ggufReader, Buffer.concat([head, deep])), { code: 'budget-depth' })
})

test('ggufReader.read() says at once that a million tensors are more than it reads', () => {
  const entry = Buffer.from(buildGguf({ tensors: [{ name: 'w', shape: [0], type: 'f32' }] })).subarray(24, 57)
  const bytes = Buffer.concat([buildGguf({ tensorCount: 1_000_000 }), Buffer.alloc(entry.length * 1_000_000, entry)])
  const { facts, codes, budget } = readBytes(ggufReader, bytes)
  assert.deepEqual([codes, facts.reading, facts.tensors.length], [['ggf-limit'], 'unread', 0])
  assert.ok(facts.reason?.includes(String(MOST_TENSORS)))
  assert.ok(budget.cost.bytesRead < 200_000)
})
