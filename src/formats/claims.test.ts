import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Budget } from './budget.ts'
import { accountFor, type Accounting } from './claims.ts'
import type { Claim } from './facts.ts'
import { memorySource } from './memory-source.ts'

function account(bytes: Uint8Array, claims: readonly Claim[]): Accounting {
  return accountFor(claims, memorySource(bytes, new Budget()))
}

function codes({ anomalies }: Accounting): readonly string[] {
  return anomalies.map(({ code }) => code)
}

/** Cuts [0, size) at the given places. */
function partition(size: number, cuts: readonly number[]): readonly Claim[] {
  const edges = [...new Set([0, ...cuts.map((cut) => cut % size), size])].toSorted((a, b) => a - b)
  return edges.slice(1).map((to, index) => ({ from: edges[index] as number, to, role: 'tensor' }))
}

const claimed = fc.tuple(fc.integer({ min: 2, max: 5000 }), fc.array(fc.nat(), { maxLength: 40 }))

test('accountFor() is content with claims that are the whole file once, in any order', () => {
  fc.assert(
    fc.property(claimed, fc.nat(), ([size, cuts], turn) => {
      const claims = partition(size, cuts)
      const middle = turn % claims.length
      const shuffled = [...claims.slice(middle), ...claims.slice(0, middle)].toReversed()
      return account(new Uint8Array(size), shuffled).complete
    }),
  )
})

test('accountFor() finds every byte that is left out, with its place', () => {
  fc.assert(
    fc.property(claimed, fc.nat(), ([size, cuts], which) => {
      const claims = partition(size, cuts)
      const missing = claims[which % claims.length] as Claim
      const result = account(
        new Uint8Array(size),
        claims.filter((claim) => claim !== missing),
      )
      assert.deepEqual(codes(result), ['bytes-unclaimed'])
      assert.equal(result.anomalies[0]?.offset, missing.from)
      assert.equal(result.anomalies[0]?.length, missing.to - missing.from)
      assert.equal(result.complete, false)
    }),
  )
})

test('accountFor() finds a byte that is claimed twice', () => {
  fc.assert(
    fc.property(claimed, fc.nat(), fc.nat(), ([size, cuts], a, b) => {
      const from = a % size
      const extra: Claim = { from, to: from + 1 + (b % (size - from)), role: 'metadata' }
      const result = account(new Uint8Array(size), [...partition(size, cuts), extra])
      assert.ok(codes(result).every((code) => code === 'bytes-claimed-twice') && !result.complete)
    }),
  )
})

test('accountFor() finds claims outside the file and claims that are no ranges', () => {
  const whole: Claim = { from: 0, to: 4, role: 'header' }
  for (const [from, to] of [
    [2, 5],
    [-1, 2],
    [3, 2],
    [0.5, 2],
    [0, Number.NaN],
    [0, Infinity],
  ] as const) {
    assert.deepEqual(codes(account(new Uint8Array(4), [whole, { from, to, role: 'tensor' }])), ['bytes-outside'])
  }
})

test('accountFor() finds padding that is neither zero nor space, wherever it stands', () => {
  const bytes = new Uint8Array(200_000).fill(0x20, 0, 100_000)
  const claims: readonly Claim[] = [{ from: 0, to: bytes.length, role: 'padding' }]
  assert.equal(account(bytes, claims).complete, true)
  bytes[150_001] = 1
  const result = account(bytes, claims)
  assert.deepEqual(codes(result), ['padding-not-zero'])
  assert.equal(result.anomalies[0]?.offset, 150_001)
})

test('accountFor() takes a million claims, also in reverse, and lists no more than a few of a million faults', () => {
  const size = 1_000_000
  const claims = Array.from({ length: size }, (_, from): Claim => ({ from, to: from + 1, role: 'tensor' }))
  assert.equal(account(new Uint8Array(size), claims.toReversed()).complete, true)
  const result = account(
    new Uint8Array(size),
    claims.filter(({ from }) => from % 2 === 0),
  )
  assert.equal(result.complete, false)
  assert.ok(result.anomalies.length < 40)
})
