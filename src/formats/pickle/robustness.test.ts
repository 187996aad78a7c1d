import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { glimpse, readBytes } from '../../testing/read-bytes.ts'
import { pickleReader } from './index.ts'

const FILE = new URL('vectors.json', import.meta.url)
const vectors = (JSON.parse(readFileSync(FILE, 'utf8')) as readonly { readonly hex: string }[]).map(({ hex }) =>
  Buffer.from(hex, 'hex'),
)
const small = vectors.filter(({ length }) => length < 400)

function readOrFault(bytes: Uint8Array): ReturnType<typeof readBytes> | undefined {
  try {
    return readBytes(pickleReader, bytes, { limits: { items: 100_000, bytes: 10_000_000 } })
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    return undefined
  }
}

test('pickleReader.read() of a stream cut anywhere says that it does not end', () => {
  for (const bytes of small) {
    for (let length = 0; length < bytes.length; length++) {
      const codes = readOrFault(bytes.subarray(0, length))?.codes ?? []
      assert.ok(codes.includes('pkl-no-stop'), `${bytes.toString('hex')} cut to ${length}`)
    }
  }
})

test('pickleReader.read() of mutated streams throws nothing but Fault, reads nothing outside and proves nothing with an anomaly', () => {
  const mutation = fc.record({ at: fc.nat(), byte: fc.nat(255) })
  const property = fc.property(
    fc.constantFrom(...small),
    fc.array(mutation, { minLength: 1, maxLength: 5 }),
    (original, mutations) => {
      const bytes = Uint8Array.from(original)
      for (const { at, byte } of mutations) bytes[at % bytes.length] = byte
      const read = readOrFault(bytes)
      if (read?.facts.reading === 'full') assert.deepEqual(read.codes, [])
      pickleReader.sniff(glimpse(bytes))
    },
  )
  fc.assert(property, { numRuns: 2000 })
})

test('pickleReader.read() of random bytes throws nothing but Fault', () => {
  const property = fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
    readOrFault(bytes)
    pickleReader.sniff(glimpse(bytes))
  })
  fc.assert(property, { numRuns: 2000 })
})

test('pickleReader.read() passes over large payloads without reading them', () => {
  const payload = Buffer.alloc(8 * 1024 * 1024, 7)
  const head = Buffer.from('80048e0000800000000000', 'hex')
  const { codes, budget, accounting } = readBytes(pickleReader, Buffer.concat([head, payload, Buffer.from('.')]))
  assert.deepEqual([codes, accounting.complete], [[], true])
  assert.ok(budget.cost.bytesRead < 1_000_000, `${budget.cost.bytesRead} bytes read`)
})

test('pickleReader.read() spends a budget on opcodes and on streams', () => {
  const limits = { items: 100 }
  assert.throws(() => readBytes(pickleReader, Buffer.from(`${'N0'.repeat(10_000)}N.`), { limits }), {
    code: 'budget-items',
  })
  const { codes } = readBytes(pickleReader, Buffer.from('N.'.repeat(5000)))
  assert.deepEqual(codes, ['pkl-after-stop', 'pkl-streams'])
})

test('pickleReader.read() says when so many texts look like packed pickles that it stops to search them', () => {
  const decoy = Buffer.from('\x8c\x05abc\n.0', 'latin1')
  const bytes = Buffer.concat([Buffer.from([0x80, 4]), Buffer.alloc(decoy.length * 130_000, decoy), Buffer.from('N.')])
  const { facts, codes } = readBytes(pickleReader, bytes)
  assert.deepEqual(codes, ['pkl-nested'])
  assert.ok(facts.anomalies[0]?.message.includes('not all are searched'))
})
