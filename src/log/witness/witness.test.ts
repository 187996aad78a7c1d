import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedClock } from '../../base/index.ts'
import { readCheckpoint, readSignatureLines, verifySignatures } from '../../certificate/index.ts'
import { temporaryFolder } from '../../testing/folders.ts'
import { ed25519From, leafHashes, mlDsa44From, readerOver } from '../../testing/log-tree.ts'
import { EMPTY_ROOT, hashLeaf } from '../merkle/hash.ts'
import { proveConsistency, rootOf } from '../merkle/prove.ts'
import { nodeCryptography } from '../notes/node-cryptography.ts'
import { formatCheckpoint, signNote } from '../notes/note.ts'
import { cosigner, noteSigner } from '../notes/signers.ts'
import { writeAddCheckpoint } from './request.ts'
import { createWitness, originHash, type ForkEvidence, type WitnessOptions } from './server.ts'
import { openWitnessFile, witnessMemory, type WitnessState } from './state.ts'

const clock = fixedClock('2026-11-23T12:00:00Z')
const seed = (n: number): Uint8Array => new Uint8Array(32).fill(n)
const log = noteSigner('log.example', ed25519From(seed(1)))
const stranger = noteSigner('log.example', ed25519From(seed(2)))
const signers = [
  cosigner({ name: 'w.example', privateKey: ed25519From(seed(3)), clock }),
  cosigner({ name: 'w.example', privateKey: mlDsa44From(seed(4)), clock }),
]
const read = readerOver(leafHashes(64))
const forked = readerOver([...leafHashes(20), ...leafHashes(44).map(hashLeaf)])

async function noteOf(size: number, { reader = read, by = log, origin = 'log.example' } = {}): Promise<string> {
  return signNote(formatCheckpoint({ origin, size, root: await rootOf(size, reader) }), [by])
}

function setUp(state: WitnessState = witnessMemory(), more: Partial<WitnessOptions> = {}) {
  const logs = new Map([['log.example', [log.key]]])
  const witness = createWitness({ logs, signers, state, cryptography: nodeCryptography, ...more })
  const post = (body: string | Uint8Array) =>
    witness({ method: 'POST', path: '/add-checkpoint', body: Buffer.from(body as string) })
  const add = async (from: number, to: number, reader = read) => {
    const hashes = from === 0 ? [] : await proveConsistency(from, to, reader)
    return post(writeAddCheckpoint(from, hashes, await noteOf(to, { reader })))
  }
  const get = (path: string) => witness({ method: 'GET', path, body: new Uint8Array() })
  return { witness, post, add, get, state }
}

test('a witness cosigns each step of a log with all of its keys', async () => {
  const { add } = setUp()
  for (const [from, to] of [
    [0, 5],
    [5, 5],
    [5, 64],
  ] as const) {
    const { status, body } = await add(from, to)
    assert.equal(status, 200, body)
    const checkpoint = { ...readCheckpoint(await noteOf(to)), signatures: readSignatureLines(body) }
    const keys = signers.map(({ key }) => key)
    assert.equal((await verifySignatures(checkpoint, keys, nodeCryptography)).length, 2)
  }
})

test('a witness shows the last checkpoint with the lines of log and witness, and no others', async () => {
  const { post, get } = setUp()
  const path = `/${originHash('log.example')}/checkpoint`
  assert.equal((await get(path)).status, 404)
  assert.equal((await get(`/${originHash('other')}/checkpoint`)).status, 404)
  const other = '— stranger.example AAAAAAAAAAAA\n'
  assert.equal((await post(writeAddCheckpoint(0, [], (await noteOf(7)) + other))).status, 200)
  const { status, body } = await get(path)
  assert.equal(status, 200)
  const names = readCheckpoint(body).signatures.map(({ name }) => name)
  assert.deepEqual(names, ['log.example', 'w.example', 'w.example'])
})

test('a witness answers as the protocol says', async () => {
  const { witness, add, post } = setUp()
  assert.equal((await add(0, 9)).status, 200)
  const conflict = await add(5, 20)
  assert.deepEqual(conflict, { status: 409, contentType: 'text/x.tlog.size', body: '9\n' })
  const proof = await proveConsistency(9, 20, read)
  const statusOf = async (from: number, hashes: readonly Uint8Array[], note: string) =>
    (await post(writeAddCheckpoint(from, hashes, note))).status
  assert.equal(await statusOf(9, proof.slice(1), await noteOf(20)), 422)
  assert.equal(await statusOf(9, [], await noteOf(20)), 422)
  assert.equal(await statusOf(9, [EMPTY_ROOT], await noteOf(9)), 422)
  assert.equal(await statusOf(9, proof, await noteOf(21)), 422)
  assert.equal(await statusOf(21, proof, await noteOf(20)), 400)
  assert.equal(await statusOf(9, proof, await noteOf(20, { by: stranger })), 403)
  for (const origin of ['log.example.evil', 'log', 'xlog.example'])
    assert.equal(await statusOf(0, [], await noteOf(20, { origin })), 404)
  assert.equal(await statusOf(9, proof, await noteOf(20)), 200)
  assert.equal((await witness({ method: 'GET', path: '/add-checkpoint', body: new Uint8Array() })).status, 405)
  assert.equal((await witness({ method: 'GET', path: '/', body: new Uint8Array() })).status, 404)
  assert.equal(
    (await witness({ method: 'GET', path: `/${'0'.repeat(64)}/../checkpoint`, body: new Uint8Array() })).status,
    404,
  )
})

test('a witness starts with nothing: no proof, and the empty log only with its own root', async () => {
  const { post } = setUp()
  const empty = await signNote(formatCheckpoint({ origin: 'log.example', size: 0, root: seed(7) }), [log])
  assert.equal((await post(writeAddCheckpoint(0, [], empty))).status, 422)
  assert.equal((await post(writeAddCheckpoint(0, [EMPTY_ROOT], await noteOf(3)))).status, 422)
  assert.equal((await post(writeAddCheckpoint(0, [], await noteOf(0)))).status, 200)
  assert.equal((await post(writeAddCheckpoint(0, [], await noteOf(3)))).status, 200)
})

test('a witness never cosigns a fork, a rollback or a replay, and hands a fork over as evidence', async () => {
  const evidence: ForkEvidence[] = []
  const { add, post, state } = setUp(witnessMemory(), { onFork: (fork) => evidence.push(fork) })
  assert.equal((await add(0, 30)).status, 200)
  const before = await state.read('log.example')
  assert.equal((await add(20, 40, forked)).status, 409)
  assert.equal((await add(30, 40, forked)).status, 422)
  const fork = await noteOf(30, { reader: forked })
  const refused = await post(writeAddCheckpoint(30, [], fork))
  assert.deepEqual([refused.status, refused.contentType], [409, 'text/plain; charset=utf-8'])
  assert.deepEqual(evidence, [{ known: before, offered: fork }])
  assert.equal((await add(10, 20)).status, 409)
  assert.equal((await add(0, 20)).status, 409)
  assert.equal(await state.read('log.example'), before)
})

test('a witness refuses malformed and oversized requests', async () => {
  const { post } = setUp()
  const note = await noteOf(5)
  const hash = `${Buffer.alloc(32).toString('base64')}\n`
  const refused = [
    '',
    'old 0\n',
    `old 00\n\n${note}`,
    `old -1\n\n${note}`,
    `old 0\n${note}`,
    `old 0\r\n\r\n${note}`,
    `OLD 0\n\n${note}`,
    `old 0\n${hash.repeat(64)}\n${note}`,
    `old 0\n${hash.replace('A', '-')}\n${note}`,
    `old 0\n\n${note.replace('\n\n', '\nextension\n\n')}`,
    `old 0\n\n${note.slice(0, -1)}`,
    `old 0\n\n${note.replace('\n5\n', '\n05\n')}`,
    `old 0\n\n${note.replace('log', 'l\0g')}`,
    `old 0\n\n${note}${'x'.repeat(300_000)}`,
  ]
  for (const body of refused) assert.equal((await post(body)).status, 400, JSON.stringify(body.slice(0, 60)))
  assert.equal((await post(Buffer.concat([Buffer.from(`old 0\n\n${note}`), Uint8Array.of(0xff, 10)]))).status, 400)
})

test('of requests at one time only one line of history is cosigned', async () => {
  const { add, state } = setUp()
  await add(0, 10)
  const steps = await Promise.all([20, 25, 30, 20, 64].map(async (to) => ({ to, ...(await add(10, to)) })))
  const accepted = steps.filter(({ status }) => status === 200)
  assert.equal(accepted.length, 1)
  assert.equal(readCheckpoint((await state.read('log.example'))!).size, BigInt(accepted[0]!.to))
  for (const { status } of steps) assert.ok(status === 200 || status === 409)
})

test('when another request was faster, its cosignature is not handed out', async () => {
  const inner = witnessMemory()
  const ahead = setUp(inner)
  await ahead.add(0, 10)
  let overtaken = false
  const slow: WitnessState = {
    read: (origin) => inner.read(origin),
    replace: async (...change) => {
      if (!overtaken) {
        overtaken = true
        await ahead.add(10, 40)
      }
      return inner.replace(...change)
    },
  }
  const { status, body } = await setUp(slow).add(10, 20)
  assert.deepEqual([status, body], [409, '40\n'])
})

test('nothing is answered when the checkpoint cannot be stored', async () => {
  const broken: WitnessState = {
    read: () => Promise.resolve(undefined),
    replace: () => Promise.reject(new Error('full')),
  }
  await assert.rejects(setUp(broken).add(0, 5), /full/)
})

test('openWitnessFile() keeps what it was told, across processes of one file and after a restart', async (context) => {
  const path = `${temporaryFolder(context)}/witness.sqlite`
  const [one, two] = [openWitnessFile(path), openWitnessFile(path)]
  assert.equal(await one.replace('a', undefined, 'first'), true)
  assert.equal(await two.replace('a', undefined, 'other'), false)
  assert.equal(await two.replace('a', 'wrong', 'other'), false)
  assert.equal(await two.replace('a', 'first', 'second'), true)
  assert.equal(await one.replace('a', 'first', 'third'), false)
  assert.equal(await one.replace('b', 'x', 'third'), false)
  one.close()
  two.close()
  const again = openWitnessFile(path)
  assert.deepEqual([await again.read('a'), await again.read('b')], ['second', undefined])
  again.close()
  assert.throws(() => openWitnessFile(`${path}/none`), { code: 'witness-state' })
})
