import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { leafHashes, readerOver } from '../../testing/log-tree.ts'
import { Frontier } from './frontier.ts'
import { EMPTY_ROOT, hashLeaf, hashNode } from './hash.ts'
import { proveConsistency, proveInclusion, proveSubtreeConsistency, proveSubtreeInclusion, rootOf } from './prove.ts'
import { coverOf, isSubtree, splitOf, type Range } from './subtrees.ts'
import { verifyConsistency, verifyInclusion, verifySubtreeConsistency, verifySubtreeInclusion } from './verify.ts'

const LEAVES = leafHashes(300)
const read = readerOver(LEAVES)

/** The definition, word by word. */
function defined({ start, end }: Range): Uint8Array {
  if (end === start) return EMPTY_ROOT
  if (end - start === 1) return LEAVES[start]!
  const middle = start + splitOf(end - start)
  return hashNode(defined({ start, end: middle }), defined({ start: middle, end }))
}

const sizes = fc.integer({ min: 1, max: 300 })
const subtrees = fc
  .tuple(fc.integer({ min: 0, max: 8 }), fc.nat(299), fc.integer({ min: 1, max: 300 }), sizes)
  .map(([level, place, length, size]) => {
    const start = Math.floor((place % size) / 2 ** level) * 2 ** level
    return { part: { start, end: Math.min(size, start + Math.min(length, 2 ** level)) }, size }
  })

test('rootOf() is the root by definition, for every size', async () => {
  for (let size = 0; size <= 300; size++) assert.deepEqual(await rootOf(size, read), defined({ start: 0, end: size }))
})

test('Frontier gives the root of every size and goes on from a kept state', async () => {
  let frontier = new Frontier()
  for (const [at, leaf] of LEAVES.entries()) {
    frontier.append(leaf)
    if (at % 7 === 0) frontier = new Frontier(frontier.state)
    assert.deepEqual(frontier.root(), await rootOf(at + 1, read))
  }
  assert.equal(frontier.size, 300)
  assert.throws(() => new Frontier({ size: 3, hashes: [EMPTY_ROOT] }), { code: 'frontier' })
  assert.throws(() => new Frontier({ size: 1, hashes: [new Uint8Array(31)] }), { code: 'frontier' })
})

test('coverOf() holds each leaf of a subtree once, in order', () => {
  fc.assert(
    fc.property(subtrees, ({ part }) => {
      assert.equal(isSubtree(part), true)
      let at = part.start
      for (const { level, index } of coverOf(part)) {
        assert.equal(index * 2 ** level, at)
        at += 2 ** level
      }
      assert.equal(at, part.end)
    }),
  )
})

test('coverOf() and isSubtree() are exact near 2^53', () => {
  const end = 2 ** 53 - 1
  assert.equal(coverOf({ start: 0, end }).length, 53)
  assert.equal(isSubtree({ start: 2 ** 52, end }), true)
  assert.equal(isSubtree({ start: 2 ** 52 + 1, end }), false)
})

test('a proof of inclusion holds for its leaf and place and for no other', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(299), fc.nat(299), async (size, place, other) => {
      const index = place % size
      const claim = { index, size, leafHash: LEAVES[index]!, root: defined({ start: 0, end: size }) }
      const hashes = await proveInclusion(index, size, read)
      await verifyInclusion({ ...claim, hashes })
      const refused = { code: 'inclusion' }
      if (other % size !== index)
        await assert.rejects(verifyInclusion({ ...claim, index: other % size, hashes }), refused)
      await assert.rejects(verifyInclusion({ ...claim, root: EMPTY_ROOT, hashes }), refused)
      await assert.rejects(verifyInclusion({ ...claim, hashes: [...hashes, EMPTY_ROOT] }), refused)
      if (hashes.length > 0) await assert.rejects(verifyInclusion({ ...claim, hashes: hashes.slice(1) }), refused)
    }),
    { numRuns: 60 },
  )
})

test('a proof of consistency holds for its two sizes and for no other root', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, sizes, async (a, b) => {
      const [from, to] = a < b ? [a, b] : [b, a]
      const [fromRoot, toRoot] = [await rootOf(from, read), await rootOf(to, read)]
      const hashes = await proveConsistency(from, to, read)
      verifyConsistency({ from, to, fromRoot, toRoot, hashes })
      const refused = { code: 'consistency' }
      assert.throws(() => verifyConsistency({ from, to, fromRoot: EMPTY_ROOT, toRoot, hashes }), refused)
      assert.throws(() => verifyConsistency({ from, to, fromRoot, toRoot: EMPTY_ROOT, hashes }), refused)
      assert.throws(() => verifyConsistency({ from, to, fromRoot, toRoot, hashes: [...hashes, EMPTY_ROOT] }), refused)
      if (hashes.length > 0)
        assert.throws(() => verifyConsistency({ from, to, fromRoot, toRoot, hashes: hashes.slice(0, -1) }), refused)
    }),
    { numRuns: 60 },
  )
})

test('proofs of subtrees hold: a leaf in a subtree, a subtree in the log', async () => {
  await fc.assert(
    fc.asyncProperty(subtrees, fc.nat(299), async ({ part, size }, place) => {
      const [partRoot, root] = [defined(part), await rootOf(size, read)]
      const hashes = await proveSubtreeConsistency(part, size, read)
      verifySubtreeConsistency({ part, size, partRoot, root, hashes })
      const wrong = { part, size, partRoot: hashLeaf(partRoot), root, hashes }
      assert.throws(() => verifySubtreeConsistency(wrong), { code: 'consistency' })
      const index = part.start + (place % (part.end - part.start))
      const path = await proveSubtreeInclusion(index, part, read)
      await verifySubtreeInclusion({ index, within: part, leafHash: LEAVES[index]!, root: partRoot, hashes: path })
    }),
    { numRuns: 60 },
  )
})

test('nothing proves that an empty log is the beginning of another', () => {
  const toRoot = defined({ start: 0, end: 5 })
  const claim = { from: 0, to: 5, fromRoot: EMPTY_ROOT, toRoot, hashes: [] }
  assert.throws(() => verifyConsistency(claim), { code: 'consistency' })
  const part = { part: { start: 4, end: 4 }, size: 5, root: toRoot, hashes: [] }
  verifySubtreeConsistency({ ...part, partRoot: EMPTY_ROOT })
  assert.throws(() => verifySubtreeConsistency({ ...part, partRoot: toRoot }), { code: 'consistency' })
})

test('hashNode() refuses what is not of 32 bytes', () => {
  assert.throws(() => hashNode(EMPTY_ROOT, EMPTY_ROOT.subarray(1)), { code: 'hash' })
  assert.throws(() => hashNode(new Uint8Array(33), EMPTY_ROOT), { code: 'hash' })
})

test('proofs are refused for what is not in the log', async () => {
  const refused = { code: 'size' }
  await assert.rejects(proveInclusion(5, 5, read), refused)
  await assert.rejects(proveInclusion(-1, 5, read), refused)
  await assert.rejects(proveInclusion(0.5, 5, read), refused)
  await assert.rejects(proveConsistency(6, 5, read), refused)
  await assert.rejects(rootOf(2 ** 53, read), refused)
  await assert.rejects(proveSubtreeInclusion(3, { start: 3, end: 5 }, read), refused)
})
