import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { fromHex, toHex } from '../encoding.ts'
import { DerReader, TAG } from './der.ts'
import { certificateTime, element, generalizedTime, integer, isSorted, sequence, setOf } from './der-writer.ts'

const reader = (hex: string): DerReader => new DerReader(fromHex(hex), 'test')

function refuses(hex: string, read: (from: DerReader) => unknown): void {
  assert.throws(() => read(reader(hex)), { code: 'der' }, hex)
}

test('DerReader takes each integer in its one form and no other', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 1n << 128n }), (value) => {
      const from = new DerReader(integer(value), 'test')
      assert.equal(BigInt(`0x${toHex(from.integer())}`), value)
      from.end()
    }),
  )
  assert.equal(reader('02020080').count(), 128)
  for (const hex of ['0200', '02020001', '0202ff80', '020180', '02050100000000', '0203'])
    refuses(hex, (from) => from.count())
  refuses(`0221${'11'.repeat(33)}`, (from) => from.integer())
})

test('DerReader takes lengths in their shortest form, definite, and within what holds them', () => {
  for (const size of [0, 127, 128, 255, 256, 65_535, 65_536]) {
    const bytes = element(TAG.octetString, new Uint8Array(size))
    assert.equal(new DerReader(bytes, 'test').take(TAG.octetString).content.length, size)
  }
  for (const hex of ['0480', '04810100', '0482000100', '048400000001ff', '0402ff', '04', '', '1f0100', '0481'])
    refuses(hex, (from) => from.any())
})

test('DerReader takes booleans, identifiers and bits as DER writes them', () => {
  assert.equal(reader('0101ff').flag(), true)
  assert.equal(reader('0500').flag(), false)
  for (const hex of ['010100', '010101', '0100', '0102ffff']) refuses(hex, (from) => from.flag())
  assert.equal(reader('06032a0304').oid(), '2a0304')
  for (const hex of ['0600', '0601ff', '06022a80', '06028001', '0603803701']) refuses(hex, (from) => from.oid())
  for (const hex of ['0300', '03020180']) refuses(hex, (from) => from.bits())
  refuses('3000', (from) => from.take(TAG.set))
  refuses('300000', (from) => (from.any(), from.end()))
})

test('DerReader takes times that a calendar has, in the one form', () => {
  const time = fc.integer({ min: 0, max: Date.UTC(2049, 11, 31) / 1000 }).map((seconds) => seconds * 1000)
  fc.assert(
    fc.property(time, (ms) => {
      assert.equal(new DerReader(generalizedTime(ms), 'test').time('generalized'), ms)
      assert.equal(new DerReader(certificateTime(ms), 'test').time(), ms)
    }),
  )
  const text = (tag: number, value: string): string => toHex(element(tag, Buffer.from(value)))
  assert.equal(reader(text(TAG.generalizedTime, '20261120120000.25Z')).time(), Date.UTC(2026, 10, 20, 12) + 250)
  assert.equal(reader(text(TAG.utcTime, '491231235959Z')).time(), Date.UTC(2049, 11, 31, 23, 59, 59))
  for (const value of ['20260229000000Z', '20261301000000Z', '20261120240000Z', '20261120120000', '20261120120060Z'])
    refuses(text(TAG.generalizedTime, value), (from) => from.time())
  for (const value of ['20261120120000.Z', '20261120120000.50Z', '20261120120000+0000', '2026112012Z', ''])
    refuses(text(TAG.generalizedTime, value), (from) => from.time())
  refuses(text(TAG.utcTime, '261120120000Z'), (from) => from.time('generalized'))
})

test('DerReader throws nothing but Fault der', () => {
  const reads = ['any', 'integer', 'count', 'flag', 'oid', 'bits', 'time'] as const
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.array(fc.constantFrom(...reads)), (bytes, names) => {
      const from = new DerReader(bytes, 'test')
      try {
        for (const name of names) from[name]()
        from.end()
      } catch (thrown) {
        assert.ok(isFault(thrown, 'der'))
      }
    }),
  )
})

test('setOf() sorts as DER wants, and isSorted() knows', () => {
  const parts = ['0402ffff', '0401ff', '040100', '0403000000'].map(fromHex)
  assert.equal(toHex(setOf(parts)), '310f0401000401ff0402ffff0403000000')
  assert.equal(isSorted(parts), false)
  assert.equal(isSorted([fromHex('040100'), fromHex('040100')]), false)
  assert.equal(toHex(sequence(integer(0n), integer(128n))), '300702010002020080')
})
