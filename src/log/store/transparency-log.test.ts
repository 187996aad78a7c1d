import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { readCheckpoint } from '../../certificate/index.ts'
import { makeLogHome, numberedLeaf, TEST_ORIGIN, type LogHome } from '../../testing/log.ts'
import { Frontier } from '../merkle/frontier.ts'
import { hashLeaf } from '../merkle/hash.ts'
import { verifyConsistency, verifyInclusion } from '../merkle/verify.ts'
import { proveConsistency } from '../merkle/prove.ts'
import { formatCheckpoint, signNote } from '../notes/note.ts'
import { checkLog } from './check-log.ts'
import type { Sequenced } from './leaf.ts'
import type { CallOutcome } from './plan-batch.ts'
import { storedHashes } from './read-tiles.ts'
import { createLog, openLog, type TransparencyLog } from './transparency-log.ts'

let home: LogHome
let log: TransparencyLog

before(async () => {
  home = await makeLogHome()
  log = await createLog(home.options())
})

after(() => home.remove())

function taken(outcome: CallOutcome): readonly Sequenced[] {
  assert.ok(outcome.ok, JSON.stringify(outcome))
  return outcome.value
}

async function appendMany(to: TransparencyLog, from: number, count: number): Promise<readonly number[]> {
  const numbers = Array.from({ length: count }, (_, at) => from + at)
  const outcomes = await Promise.all(numbers.map((number) => to.append([{ leaf: numberedLeaf(number) }])))
  return outcomes.map((outcome) => taken(outcome)[0]?.index ?? -1)
}

test('createLog() publishes a checkpoint of nothing, signed by all keys, and made again is only opened', async () => {
  const { published } = await log.state()
  const checkpoint = readCheckpoint(published.note)
  assert.deepEqual([checkpoint.origin, checkpoint.size], [TEST_ORIGIN, 0n])
  assert.equal(checkpoint.signatures.length, 2)
  assert.equal((await (await createLog(home.options())).state()).published.note, published.note)
})

test('TransparencyLog gives indices without a gap, and proofs that lead to the root of exactly these leaves', async () => {
  const frontier = new Frontier()
  const sizes: number[] = []
  for (const count of [1, 254, 1, 3, 300]) {
    const start = frontier.state.size
    const indices = await appendMany(log, start, count)
    assert.deepEqual(
      indices.toSorted((a, b) => a - b),
      Array.from({ length: count }, (_, at) => start + at),
    )
    const order = new Map(indices.map((index, at) => [index, start + at]))
    for (let index = start; index < start + count; index++)
      frontier.append(hashLeaf(numberedLeaf(order.get(index) ?? -1)))
    const { size, root } = await log.publish()
    assert.deepEqual([size, Buffer.from(root)], [frontier.state.size, Buffer.from(frontier.root())])
    sizes.push(size)
  }
  for (const index of [0, 254, 255, 256, 558]) {
    const proof = await log.prove(index)
    const leafHash = hashLeaf(numberedLeaf(index))
    await verifyInclusion({ leafHash, index, size: proof.treeSize, root: proof.rootHash, hashes: proof.hashes })
    assert.equal(readCheckpoint(proof.checkpoint).size, BigInt(proof.treeSize))
  }
  assert.deepEqual([sizes, (await checkLog(log.store)).size], [[1, 255, 256, 259, 559], 559])
})

test('TransparencyLog.append() refuses a leaf that is too long, and nothing of its call is logged', async () => {
  const { sequenced } = await log.state()
  const call = log.append([{ leaf: numberedLeaf(1) }, { leaf: new Uint8Array(65_536) }])
  await assert.rejects(call, { code: 'leaf-size' })
  assert.equal((await log.state()).sequenced, sequenced)
  const longest = taken(await log.append([{ leaf: new Uint8Array(65_535).fill(7) }]))
  assert.equal(longest[0]?.index, sequenced)
})

test('TransparencyLog.append() gives a replayed leaf its first index, when asked to, across batches', async () => {
  const leaf = numberedLeaf(70_001)
  const [first, again] = [await log.append([{ leaf, once: true }]), await log.append([{ leaf, once: true }])]
  assert.deepEqual(again, first)
  const more = await log.append([{ leaf }])
  assert.notDeepEqual(more, first)
  assert.deepEqual(await log.append([{ leaf, once: true }]), first)
})

test('TransparencyLog.append() refuses what is not the next link of its chain, with the head that stands', async () => {
  const key = 'docket tw1:aa ü'
  const [first] = taken(await log.append([{ leaf: Buffer.from('first'), chain: { key, seq: 0, prev: null } }]))
  const prev = first?.leafHash ?? ''
  const head = { seq: 0, leafHash: prev, index: first?.index }
  const wrong = [
    { key, seq: 0, prev: null },
    { key, seq: 2, prev },
    { key, seq: 1, prev: null },
    { key, seq: 1, prev: 'f'.repeat(64) },
  ]
  for (const chain of wrong) {
    const outcome = await log.append([{ leaf: Buffer.from('second'), chain }])
    assert.deepEqual(outcome, { ok: false, reason: { code: 'chain-conflict', key, head } }, JSON.stringify(chain))
  }
  const racing = await Promise.all(
    ['a', 'b', 'c'].map((name) => log.append([{ leaf: Buffer.from(name), chain: { key, seq: 1, prev } }])),
  )
  assert.deepEqual(racing.map(({ ok }) => ok).toSorted(), [false, false, true])
  const lost = await log.append([{ leaf: Buffer.from('first'), chain: { key, seq: 0, prev: null } }])
  assert.deepEqual(taken(lost), [first])
  const unknown = await log.append([{ leaf: Buffer.from('x'), chain: { key: 'new', seq: 1, prev } }])
  assert.deepEqual(unknown, { ok: false, reason: { code: 'chain-conflict', key: 'new', head: null } })
})

test('TransparencyLog.prove() waits for a checkpoint that covers the entry, and not for one that never can', async () => {
  const [entry] = taken(await log.append([{ leaf: numberedLeaf(80_000) }]))
  const waiting = log.prove(entry?.index ?? -1)
  await log.publish()
  assert.equal((await waiting).logIndex, entry?.index)
  await assert.rejects(log.prove(10 ** 9), { code: 'no-such-entry' })
  const [unpublished] = taken(await log.append([{ leaf: numberedLeaf(80_001) }]))
  const stopped = log.prove(unpublished?.index ?? -1, AbortSignal.timeout(20))
  await assert.rejects(stopped, { name: /Abort|Timeout/ })
})

test('TransparencyLog never forks when two publishers race', async () => {
  const handles = [log, await openLog(home.options()), await openLog(home.options())]
  const seen: { size: number; root: Uint8Array }[] = []
  const run = async (handle: TransparencyLog, from: number): Promise<void> => {
    for (let round = 0; round < 6; round++) {
      await appendMany(handle, from + round * 50, 50)
      seen.push(await handle.publish())
    }
  }
  await Promise.all(handles.map((handle, at) => run(handle, 100_000 + at * 1000)))
  const last = await log.publish()
  for (const { size, root } of seen) {
    const hashes = await proveConsistency(size, last.size, storedHashes(log.store, last.size))
    verifyConsistency({ from: size, to: last.size, fromRoot: root, toRoot: last.root, hashes })
  }
  const served = readCheckpoint(Buffer.from((await log.store.get('checkpoint')) ?? '').toString())
  assert.equal(served.size, BigInt(last.size))
  assert.equal((await checkLog(log.store)).size, last.size)
})

test('TransparencyLog serves nothing that its witnesses did not cosign, and asks again', async () => {
  const asked: number[] = []
  let willing = false
  const handle = await openLog({
    ...home.options(),
    askWitnesses: async ({ size, root, note, proveFrom }) => {
      const before = await handle.state()
      const from = before.published
      verifyConsistency({
        from: from.size,
        to: size,
        fromRoot: from.root,
        toRoot: root,
        hashes: await proveFrom(from.size),
      })
      asked.push(size)
      if (!willing) throw new Error('nobody answers')
      return `${note}— witness.example AAAAAAAA\n`
    },
  })
  const { published } = await handle.state()
  await appendMany(handle, 200_000, 3)
  await assert.rejects(handle.publish(), { message: 'nobody answers' })
  assert.equal((await handle.state()).published.note, published.note)
  willing = true
  assert.match((await handle.publish()).note, /witness\.example AAAAAAAA\n$/)
  assert.equal(asked[0], asked[1])
})

test('TransparencyLog refuses to sign over a tile or bundle that was changed in the store', async () => {
  const victim = await createLog(home.options('tampered.example'))
  await appendMany(victim, 0, 300)
  await victim.publish()
  for (const path of ['tile/0/001.p/44', 'tile/1/000.p/1', 'tile/entries/001.p/44']) {
    const right = (await victim.store.get(path)) ?? new Uint8Array()
    const wrong = Buffer.from(right)
    wrong[20] = (wrong[20] ?? 0) ^ 1
    await overwrite(victim, path, wrong)
    await appendMany(victim, 1000, 1)
    await assert.rejects(victim.publish(), { code: 'log-tile-changed' }, path)
    await overwrite(victim, path, right)
  }
  assert.equal((await victim.publish()).size, 303)
  const right = (await victim.store.get('tile/0/000')) ?? new Uint8Array()
  await overwrite(victim, 'tile/0/000', Buffer.from(right).fill(9, 0, 32))
  await assert.rejects(victim.prove(1), { code: 'log-tile-changed' })
  await assert.rejects(checkLog(victim.store), { code: 'log-tile-changed' })
})

/** What somebody with access to the store could do. */
async function overwrite({ origin }: TransparencyLog, path: string, bytes: Uint8Array): Promise<void> {
  if ('databaseUrl' in home.place) return writeFileSync(join(home.folder, origin, path), bytes)
  await sql`
    update log_object set bytes = ${Buffer.from(bytes)}
    where path = ${path} and log = (select id from log_sequence where origin = ${origin})`.execute(
    home.connection.database,
  )
}

test('openLog() refuses a database that is behind what witnesses have seen, and names both sizes', async () => {
  const { sequenced } = await log.state()
  const seenByWitnesses = async () => [{ by: 'witness.example', size: sequenced + 5 }]
  await assert.rejects(
    openLog({ ...home.options(), seenByWitnesses }),
    (fault: Error & { code?: string; details?: object }) => {
      assert.equal(fault.code, 'log-rolled-back')
      assert.match(fault.message, new RegExp(`${sequenced}.*witness\\.example.*${sequenced + 5}`))
      assert.deepEqual(fault.details, { has: sequenced, seen: sequenced + 5 })
      return true
    },
  )
})

test('TransparencyLog signs nothing without the lock, and nothing that is no extension of what it holds', async () => {
  const options = home.options('locked.example')
  const victim = await createLog(options)
  await appendMany(victim, 0, 3)
  await victim.publish()
  const gone = { place: '/keys/lock', read: async () => undefined, swap: async () => true }
  const told = { code: 'checkpoint-lock', message: /^\/keys\/lock does not say .* begin another log/ }
  await assert.rejects(openLog({ ...options, lock: gone }), told)
  const root = new Uint8Array(32).fill(1)
  const note = await signNote(formatCheckpoint({ origin: 'locked.example', size: 2, root }), options.signers)
  const forked = await openLog({ ...options, lock: { read: async () => note, swap: async () => true } })
  await assert.rejects(forked.publish(), { code: 'log-forked' })
})

test('createLog() refuses to begin again beside a lock that has signed entries', async () => {
  const options = home.options('again.example')
  const { lock } = home.options('locked.example')
  const note = ((await lock.read()) ?? '').replace('locked', 'again')
  await assert.rejects(createLog({ ...options, lock: { read: async () => note, swap: async () => true } }), {
    code: 'log-rolled-back',
    details: { has: 0, seen: 3 },
  })
})
