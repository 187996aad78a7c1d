import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeBase64, encodeBase64, toHex } from './encoding.ts'

test('encodeBase64() and toHex() equal what Buffer writes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      assert.equal(encodeBase64(bytes), Buffer.from(bytes).toString('base64'))
      assert.equal(toHex(bytes), Buffer.from(bytes).toString('hex'))
    }),
  )
  const long = new Uint8Array(100_000).map((_, index) => index % 251)
  assert.deepEqual(decodeBase64(encodeBase64(long), 'long'), long)
})

test('decodeBase64() takes one text for each sequence of bytes', () => {
  const text = fc.string({
    unit: fc.constantFrom('A', 'Q', 'g', 'w', '/', '+', '-', '_', '=', ' ', '\n'),
    maxLength: 12,
  })
  fc.assert(
    fc.property(text, (given) => {
      try {
        assert.equal(encodeBase64(decodeBase64(given, 'test')), given)
      } catch (thrown) {
        assert.equal((thrown as { code?: string }).code, 'base64')
      }
    }),
    { numRuns: 2000 },
  )
  for (const given of ['AA', 'AA=', 'AB==', 'A A=', 'AAA-', 'AAAA\n', 'A===', '====', 'é'])
    assert.throws(() => decodeBase64(given, 'test'), { code: 'base64' }, given)
})
