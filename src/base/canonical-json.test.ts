import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonicalJson } from './canonical-json.ts'

function vectors(name: string): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../../test/vectors/rfc8785', name), 'utf8'))
}

const { numbers } = vectors('numbers.json') as { readonly numbers: readonly (readonly [string, string | null])[] }

test('canonicalJson() writes the numbers of RFC 8785 appendix B', () => {
  assert.equal(numbers.length, 26)
  for (const [bits, written] of numbers) {
    const value = Buffer.from(bits, 'hex').readDoubleBE()
    if (written === null) assert.throws(() => canonicalJson(value), { code: 'not-json' }, bits)
    else assert.equal(canonicalJson(value), written, bits)
  }
})

interface Vector {
  readonly name: string
  readonly input: string
  readonly utf8?: string
  readonly order?: readonly string[]
}

for (const { name, input, utf8, order } of (vectors('values.json') as { readonly values: readonly Vector[] }).values) {
  test(`canonicalJson() gives what RFC 8785 gives: ${name}`, () => {
    const written = canonicalJson(JSON.parse(input))
    if (utf8 !== undefined) assert.equal(Buffer.from(written).toString('hex'), utf8)
    if (order)
      assert.deepEqual(
        Array.from(written.matchAll(/:"([^"]+)"/g), ([, value]) => value),
        order,
      )
    assert.deepEqual(JSON.parse(written), JSON.parse(input))
  })
}

test('canonicalJson() parses to an equal value and does not depend on the order of members', () => {
  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .toReversed()
        .map(([key, part]) => [key, shuffled(part)]),
    )
  }
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const written = canonicalJson(value)
      assert.deepEqual(JSON.parse(written), JSON.parse(JSON.stringify(value)))
      assert.equal(canonicalJson(shuffled(JSON.parse(written))), written)
    }),
  )
})

const cyclic: unknown[] = []
cyclic.push(cyclic)

const REFUSED: Readonly<Record<string, unknown>> = {
  'a lone surrogate': 'a\ud800',
  'a lone surrogate in a name': { '\udc00': 1 },
  undefined,
  'undefined in a list': [undefined],
  'a hole in a list': Array(1),
  'a function': () => 1,
  'a big integer': 1n,
  'a date': new Date(0),
  'a map': new Map([[1, 2]]),
  bytes: new Uint8Array(2),
  'a cycle': cyclic,
}

for (const [name, value] of Object.entries(REFUSED)) {
  test(`canonicalJson() refuses ${name}`, () => {
    assert.throws(() => canonicalJson(value), { code: 'not-json' })
  })
}

test('canonicalJson() leaves out members that are undefined and takes objects without a prototype', () => {
  assert.equal(canonicalJson({ a: undefined, b: 1 }), '{"b":1}')
  assert.equal(canonicalJson(Object.assign(Object.create(null), { a: 1 })), '{"a":1}')
  assert.equal(canonicalJson(JSON.parse('{"__proto__":1}')), '{"__proto__":1}')
})
