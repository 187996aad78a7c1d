import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonicalJson } from './canonical-json.ts'
import { isFault } from './fault.ts'
import { parseStrictJson, type StrictJson } from './strict-json.ts'

const parse = (text: string, maxDepth?: number): StrictJson =>
  parseStrictJson(new TextEncoder().encode(text), {
    maxBytes: 1 << 20,
    ...(maxDepth === undefined ? {} : { maxDepth }),
  })

function toPlain(value: StrictJson): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, member]) => [key, toPlain(member)]))
  return Array.isArray(value) ? value.map((item: StrictJson) => toPlain(item)) : value
}

const REFUSED: readonly (readonly [text: string, code: string])[] = [
  ['', 'json'],
  ['\ufeff{}', 'json'],
  ['{}x', 'json'],
  ['{} {}', 'json'],
  ['{"a":1,}', 'json'],
  ['{"a" 1}', 'json'],
  ['{a:1}', 'json'],
  ['[1,]', 'json'],
  ['[1 2]', 'json'],
  ["'a'", 'json'],
  ['"a', 'json'],
  ['"a\n"', 'json'],
  ['"\\x41"', 'json'],
  ['"\\u12"', 'json'],
  ['"\\ud800"', 'json'],
  ['"a\\', 'json'],
  ['tru', 'json'],
  ['[NaN]', 'json'],
  ['\u00a01', 'json'],
  ['null', 'json-null'],
  ['{"a":null}', 'json-null'],
  ['{"a":1,"a":2}', 'duplicate-key'],
  ['{"a":1,"\\u0061":2}', 'duplicate-key'],
  ['1.0', 'json-number'],
  ['1e3', 'json-number'],
  ['-0', 'json-number'],
  ['01', 'json-number'],
  ['9007199254740993', 'json-number'],
  ['[[[[1]]]]', 'json-limit'],
]

test('parseStrictJson() refuses what two readers could understand differently', () => {
  for (const [text, code] of REFUSED) assert.throws(() => parse(text, 4), { code }, text)
  assert.throws(() => parseStrictJson(Uint8Array.of(0x22, 0xff, 0x22), { maxBytes: 9 }), { code: 'bad-utf8' })
  assert.throws(() => parseStrictJson(new Uint8Array(10), { maxBytes: 9 }), { code: 'json-limit' })
})

test('parseStrictJson() keeps a key like __proto__ a key', () => {
  assert.deepEqual(parse('{"__proto__":{"a":true}}'), new Map([['__proto__', new Map([['a', true]])]]))
})

test('parseStrictJson() reads back what canonical JSON and pretty printing write', () => {
  const integers = fc.maxSafeInteger().filter((value) => !Object.is(value, -0))
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: 'grapheme' }),
      integers,
      fc.boolean(),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }))
  fc.assert(
    fc.property(value, (given) => {
      assert.equal(canonicalJson(toPlain(parse(canonicalJson(given)))), canonicalJson(given))
      assert.equal(canonicalJson(toPlain(parse(JSON.stringify(given, null, 2)))), canonicalJson(given))
    }),
  )
})

test('parseStrictJson() accepts only what JSON.parse accepts, with the same meaning, and throws only faults', () => {
  const fragments = fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '"', '\\', '1', '-', '.', 'true', 'null', ' ')
  fc.assert(
    fc.property(fc.array(fragments, { maxLength: 12 }), (parts) => {
      const text = parts.join('')
      let mine: StrictJson
      try {
        mine = parse(text)
      } catch (thrown) {
        assert.ok(isFault(thrown))
        return
      }
      assert.deepEqual(toPlain(mine), JSON.parse(text))
    }),
    { numRuns: 2000 },
  )
})

test('parseStrictJson() bounds the stack, not the length of a string', () => {
  assert.throws(() => parse('['.repeat(500_000)), { code: 'json-limit' })
  const long = 'a'.repeat(1_000_000)
  assert.equal(parse(`"${long}"`), long)
})
