import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault, parseStrictJson } from '../../base/index.ts'
import { bitOf, readIndexProof, verifyIndexProof, writeIndexProof, type IndexProof } from '../../certificate/index.ts'
import { nodeCryptography } from '../notes/node-cryptography.ts'
import { IndexMap } from './index-map.ts'
import { IndexObserver, type PublishedIndexRoot } from './index-observer.ts'

const sha = (...parts: readonly Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
const u64 = (value: number) => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

/** The definition, word by word. */
function definedRoot(lists: ReadonlyMap<string, readonly number[]>): Uint8Array {
  const leaves = [...lists].map(([key, indices]) => {
    const chain = indices.reduce<Uint8Array>(
      (before, index) => sha(Uint8Array.of(2), before, u64(index)),
      Buffer.alloc(32),
    )
    const keyHash = sha(Buffer.from(key))
    return { keyHash, hash: sha(Uint8Array.of(0), keyHash, u64(indices.length), chain) }
  })
  const tree = (of: typeof leaves, depth: number): Uint8Array => {
    if (of.length === 0) return sha()
    if (of.length === 1) return of[0]!.hash
    const half = (bit: 0 | 1) =>
      tree(
        of.filter(({ keyHash }) => bitOf(keyHash, depth) === bit),
        depth + 1,
      )
    return sha(Uint8Array.of(1), half(0), half(1))
  }
  return tree(leaves, 0)
}

const KINDS = ['model', 'family', 'number', 'station', 'appeal']
const keyOf = (n: number) => `${KINDS[n % 5]}:${n}`
const additions = fc.array(fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 3 })), { maxLength: 120 })

function build(steps: readonly (readonly [number, number])[]) {
  const [map, lists] = [new IndexMap(), new Map<string, number[]>()]
  let index = -1
  for (const [n, step] of steps) {
    index += step
    map.add(keyOf(n), index)
    lists.set(keyOf(n), [...(lists.get(keyOf(n)) ?? []), index])
  }
  return { map, lists }
}

test('the index has the root by definition, whenever it is asked for', () => {
  fc.assert(
    fc.property(additions, fc.nat(), (steps, ask) => {
      const { map, lists } = build(steps)
      assert.deepEqual(Buffer.from(map.root()), Buffer.from(definedRoot(lists)))
      const parts = new IndexMap()
      for (const [key, indices] of lists)
        for (const index of indices) {
          parts.add(key, index)
          if ((ask + index) % 5 === 0) parts.root()
        }
      assert.deepEqual(parts.root(), map.root())
      assert.deepEqual(new IndexMap(map.entries()).root(), map.root())
      assert.equal(map.keys, lists.size)
    }),
    { numRuns: 60 },
  )
})

test('the index proves all leaves about a key and no other list', async () => {
  await fc.assert(
    fc.asyncProperty(additions, fc.nat(60), async (steps, n) => {
      const { map, lists } = build(steps)
      const [root, key] = [map.root(), keyOf(n)]
      const indices = lists.get(key) ?? []
      const proof = readIndexProof(
        parseStrictJson(Buffer.from(JSON.stringify(writeIndexProof(map.prove(key)))), { maxBytes: 99_999 }),
      )
      await verifyIndexProof({ key, indices, root }, proof, nodeCryptography)
      const wrong = [
        indices.slice(1),
        indices.slice(0, -1),
        [...indices, 9999],
        indices.map((index) => index + 1),
        indices.toReversed(),
      ]
      for (const list of wrong) {
        if (JSON.stringify(list) === JSON.stringify(indices)) continue
        await assert.rejects(verifyIndexProof({ key, indices: list, root }, proof, nodeCryptography), {
          code: 'index-proof',
        })
      }
    }),
    { numRuns: 60 },
  )
})

test('no change of a proof shows that a key is missing which is there', async () => {
  const { map, lists } = build(Array.from({ length: 60 }, (_, n) => [n % 31, 1] as const))
  const root = map.root()
  for (const key of lists.keys()) {
    const good = map.prove(key)
    const other = map.prove(keyOf(77)).leaf
    const attempts: IndexProof[] = [
      { ...good, leaf: undefined },
      { ...good, leaf: other },
      { siblings: good.siblings.slice(0, -1), leaf: undefined },
      { siblings: [...good.siblings, root], leaf: undefined },
      map.prove(keyOf(77)),
      { siblings: [], leaf: undefined },
    ]
    for (const proof of attempts)
      await assert.rejects(verifyIndexProof({ key, indices: [], root }, proof, nodeCryptography), {
        code: 'index-proof',
      })
  }
})

test('proofs of wrong form and keys of no kind are refused', async () => {
  const { map } = build([[1, 1]])
  const { leaf } = map.prove(keyOf(1))
  const claim = { key: keyOf(1), indices: [0], root: map.root() }
  const refused: IndexProof[] = [
    { siblings: [new Uint8Array(31)], leaf },
    { siblings: Array.from({ length: 257 }, () => new Uint8Array(32)), leaf },
    { siblings: [], leaf: { ...leaf!, keyHash: new Uint8Array(33) } },
    { siblings: [], leaf: { ...leaf!, count: 0 } },
  ]
  for (const proof of refused)
    await assert.rejects(verifyIndexProof(claim, proof, nodeCryptography), { code: 'index-proof' })
  for (const key of ['', 'model:', 'kind:a', 'model:a\nb', `model:${'x'.repeat(501)}`]) {
    assert.throws(() => map.add(key, 9), { code: 'index-key' })
    await assert.rejects(verifyIndexProof({ ...claim, key }, { siblings: [], leaf }, nodeCryptography), {
      code: 'index-key',
    })
  }
  for (const index of [0, -1, 0.5, 2 ** 53]) assert.throws(() => map.add(keyOf(1), index), { code: 'index-order' })
  for (const index of [-1, 0.5, 2 ** 53]) assert.throws(() => map.add(keyOf(9), index), { code: 'index-order' })
  assert.deepEqual([map.root(), map.keys], [claim.root, 1])
  assert.throws(() => new IndexMap([...map.entries(), ...map.entries()]), { code: 'index-order' })
  assert.throws(() => new IndexMap([{ ...map.entries()[0]!, key: 'abcd' }]), { code: 'index-order' })
  assert.throws(() => new IndexMap([{ ...map.entries()[0]!, chain: '' }]), { code: 'index-order' })
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      try {
        readIndexProof(parseStrictJson(Buffer.from(JSON.stringify(value)), { maxBytes: 99_999 }))
      } catch (thrown) {
        assert.equal(isFault(thrown), true)
      }
    }),
  )
})

test('the index of 5,000 keys proves each of them and survives being kept', async () => {
  const map = new IndexMap()
  for (let index = 0; index < 10_000; index++) map.add(keyOf(index % 5000), index)
  const again = new IndexMap(map.entries())
  assert.deepEqual(again.root(), map.root())
  for (let n = 0; n < 5000; n += 250) {
    const claim = { key: keyOf(n), indices: [n, n + 5000], root: map.root() }
    await verifyIndexProof(claim, again.prove(keyOf(n)), nodeCryptography)
  }
  const none = { key: keyOf(6000), indices: [], root: map.root() }
  await verifyIndexProof(none, map.prove(keyOf(6000)), nodeCryptography)
})

/** Leaves as JSON: keys, and for some a root. */
const leafData = (keys: readonly string[], root?: PublishedIndexRoot) =>
  Buffer.from(JSON.stringify({ keys, ...(root && { size: root.size, root: Buffer.from(root.root).toString('hex') }) }))
const READING = {
  keysOf: ({ data }: { data: Uint8Array }) => (JSON.parse(Buffer.from(data).toString()) as { keys: string[] }).keys,
  rootOf: ({ data }: { data: Uint8Array }) => {
    const { size, root } = JSON.parse(Buffer.from(data).toString()) as { size?: number; root?: string }
    return size === undefined ? undefined : { size, root: Buffer.from(root ?? '', 'hex') }
  },
}

function observeAll(observer: IndexObserver, leaves: readonly Uint8Array[], from = 0) {
  return leaves.flatMap((data, at) => observer.observe({ index: from + at, data, leafHash: new Uint8Array(32) }))
}

test('IndexObserver finds the roots of an honest log right, also after a restart', () => {
  const own = new IndexMap()
  const leaves = Array.from({ length: 40 }, (_, n) => {
    if (n % 10 !== 7) return leafData([keyOf(n % 4), keyOf(n % 4), keyOf(30 + n)])
    for (let at = n - 12; at < n - 2; at++)
      if (at >= 0 && at % 10 !== 7) for (const key of [keyOf(at % 4), keyOf(30 + at)]) own.add(key, at)
    return leafData([], { size: n - 2, root: own.root() })
  })
  const whole = new IndexObserver(READING)
  assert.deepEqual(observeAll(whole, leaves), [])
  let observer = new IndexObserver(READING)
  for (const [at, leaf] of leaves.entries()) {
    assert.deepEqual(observeAll(observer, [leaf], at), [])
    observer = new IndexObserver(READING, observer.save())
  }
  assert.equal(observer.save(), whole.save())
  assert.deepEqual(observer.map.root(), own.root())
})

test('IndexObserver reports a root that hides a leaf, reaches too far, or comes too late', () => {
  const [honest, hiding] = [new IndexMap(), new IndexMap()]
  for (const index of [0, 1, 2]) honest.add('model:a', index)
  for (const index of [0, 2]) hiding.add('model:a', index)
  const leaves = [0, 1, 2].map(() => leafData(['model:a']))
  const after = (root: PublishedIndexRoot, waiting = 100) =>
    observeAll(new IndexObserver({ ...READING, waiting }), [...leaves, leafData([], root)]).map(({ index }) => index)
  assert.deepEqual(after({ size: 3, root: honest.root() }), [])
  assert.deepEqual(after({ size: 3, root: hiding.root() }), [3])
  assert.deepEqual(after({ size: 4, root: honest.root() }), [3])
  assert.deepEqual(after({ size: 2, root: honest.root() }), [3])
  assert.deepEqual(after({ size: 1, root: honest.root() }, 2), [3])
})
