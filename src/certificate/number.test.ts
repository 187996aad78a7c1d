import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { dammDigit, formatNumber, parseNumber } from './number.ts'

const numbers = fc.record(
  {
    year: fc.integer({ min: 2000, max: 2099 }),
    serial: fc.integer({ min: 1, max: 999_999_999 }),
  },
  { noNullPrototype: true },
)

test('dammDigit() gives the digits of published examples', () => {
  assert.equal(dammDigit('572'), '4')
  assert.equal(dammDigit('43881234567'), '9')
  assert.equal(dammDigit('5724'), '0')
})

test('formatNumber() writes year, serial and check digit, and parseNumber() reads them back', () => {
  assert.equal(formatNumber({ year: 2026, serial: 1 }), '260000000012')
  fc.assert(fc.property(numbers, (number) => assert.deepEqual(parseNumber(formatNumber(number)), number)))
})

test('parseNumber() catches every wrong digit', () => {
  fc.assert(
    fc.property(numbers, (number) => {
      const right = formatNumber(number)
      for (let at = 0; at < 12; at++) {
        for (let digit = 0; digit < 10; digit++) {
          const wrong = right.slice(0, at) + String(digit) + right.slice(at + 1)
          if (wrong !== right) assert.throws(() => parseNumber(wrong), { code: 'certificate-number' })
        }
      }
    }),
    { numRuns: 50 },
  )
})

test('parseNumber() catches every swap of neighbours', () => {
  fc.assert(
    fc.property(numbers, (number) => {
      const right = formatNumber(number)
      for (let at = 0; at < 11; at++) {
        const wrong = right.slice(0, at) + right[at + 1] + right[at] + right.slice(at + 2)
        if (wrong !== right) assert.throws(() => parseNumber(wrong), { code: 'certificate-number' })
      }
    }),
  )
})

test('parseNumber() and formatNumber() refuse what is no number', () => {
  for (const text of [
    '',
    '26000000001',
    '2600000000127',
    '26000000001x',
    ' 260000000012',
    '２６0000000012',
    '000000000000',
  ])
    assert.throws(() => parseNumber(text), { code: 'certificate-number' }, text)
  for (const number of [
    { year: 1999, serial: 1 },
    { year: 2026, serial: 0 },
    { year: 2026, serial: 1e9 },
    { year: 2026, serial: 1.5 },
  ])
    assert.throws(() => formatNumber(number), { code: 'certificate-number' })
})
