import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { Budget } from '../budget.ts'
import { isJsonArray, isJsonObject, JsonCursor, type JsonOddity, type JsonValue } from './cursor.ts'

interface Parsed {
  readonly value: JsonValue
  readonly oddities: readonly JsonOddity[]
}

function parse(text: string | Uint8Array, how: 'value' | 'skip' = 'value'): Parsed {
  const oddities: JsonOddity[] = []
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  const cursor = new JsonCursor(bytes, { budget: new Budget(), report: (code) => oddities.push(code) })
  const value = how === 'value' ? cursor.value() : (cursor.skip(), null)
  cursor.end()
  return { value, oddities }
}

/** As JSON.parse gives it, for a value without equal keys. */
function plain(value: JsonValue): unknown {
  if (isJsonArray(value)) return value.map(plain)
  if (isJsonObject(value)) return Object.fromEntries([...value].map(([key, item]) => [key, plain(item)]))
  return typeof value === 'bigint' ? Number(value) : value
}

const spaced = fc
  .tuple(fc.jsonValue({ maxDepth: 5 }), fc.nat(3))
  .map(([value, indent]) => JSON.stringify(value, undefined, indent))

test('JsonCursor reads what JSON.parse reads', () => {
  fc.assert(
    fc.property(spaced, (text) => {
      const expected: unknown = JSON.parse(text, (key, value: unknown) => (key === '__proto__' ? undefined : value))
      const { value } = parse(text)
      assert.deepEqual(
        JSON.parse(JSON.stringify(plain(value)), (key, item: unknown) => (key === '__proto__' ? undefined : item)),
        expected,
      )
      assert.doesNotThrow(() => parse(text, 'skip'))
    }),
  )
})

test('JsonCursor refuses what JSON.parse refuses, and only that', () => {
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '"a"',
    '"b\\n"',
    '\\',
    '\\u00e9',
    '1',
    '-',
    '0',
    '.5',
    'e9',
    'true',
    'null',
    ' ',
    '\n',
    '\t',
    '\u0001',
    'é',
  ]
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 9 }), (parts) => {
      const text = parts.join('')
      let valid = true
      try {
        JSON.parse(text)
      } catch {
        valid = false
      }
      const read = (how: 'value' | 'skip') => () => parse(text, how)
      if (valid) assert.doesNotThrow(read('value'), text)
      else for (const how of ['value', 'skip'] as const) assert.throws(read(how), { code: 'json-syntax' }, text)
    }),
    { numRuns: 5000 },
  )
})

test('JsonCursor throws nothing but faults on mutated text', () => {
  fc.assert(
    fc.property(spaced, fc.nat(), fc.integer({ min: 0, max: 255 }), (text, place, byte) => {
      const bytes = Buffer.from(text)
      bytes[place % bytes.length] = byte
      try {
        parse(bytes)
      } catch (thrown) {
        assert.ok(isFault(thrown), String(thrown))
      }
    }),
  )
})

test('JsonCursor reports equal keys at any depth, also in what is skipped and when they are written differently', () => {
  const texts = [
    '{"a":1,"a":2}',
    '[{"x":{"a":1,"b":2,"a":3}}]',
    '{"a":1,"\\u0061":2}',
    '{"é":1,"\\u00e9":2}',
    '{"":0,"":0}',
  ]
  for (const text of texts) {
    assert.deepEqual(parse(text).oddities, ['json-duplicate-key'], text)
    assert.deepEqual(parse(text, 'skip').oddities, ['json-duplicate-key'], text)
  }
  assert.deepEqual(parse('{"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}],"A":2}').oddities, [])
})

test('JsonCursor finds the one equal key among thousands', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { minLength: 2, maxLength: 400 }), fc.nat(), (keys, which) => {
      const twice = [...keys, keys[which % keys.length] as string]
      const textOf = (all: readonly string[]) => `{${all.map((key) => `${JSON.stringify(key)}:0`).join(',')}}`
      assert.deepEqual(parse(textOf(keys)).oddities, [])
      assert.deepEqual(parse(textOf(twice)).oddities, ['json-duplicate-key'])
    }),
    { numRuns: 50 },
  )
})

test('JsonCursor keeps large integers exact and reports half characters and numbers that are none', () => {
  assert.equal(parse('18446744073709551615').value, 18_446_744_073_709_551_615n)
  assert.equal(parse('-9007199254740993').value, -9_007_199_254_740_993n)
  assert.equal(parse('9007199254740991').value, 9_007_199_254_740_991)
  assert.deepEqual(parse('"\\ud800x"'), { value: '\ufffdx', oddities: ['json-surrogate'] })
  assert.deepEqual(parse('[NaN,-Infinity]').oddities, ['json-non-finite', 'json-non-finite'])
  assert.throws(() => parse('1'.repeat(2000)), { code: 'json-syntax' })
})

test('JsonCursor stops at the depth and the items of the budget', () => {
  assert.throws(() => parse('['.repeat(100_000)), { code: 'budget-depth' })
  assert.throws(() => parse('{"a":'.repeat(100), 'skip'), { code: 'budget-depth' })
  const cursor = new JsonCursor(Buffer.from('[1,2,3]'), { budget: new Budget({ items: 3 }), report: () => {} })
  assert.throws(() => cursor.value(), { code: 'budget-items' })
})
