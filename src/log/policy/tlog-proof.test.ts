import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fixedClock, isFault } from '../../base/index.ts'
import { readPolicy, readTlogProof, verifyTlogProof, writeTlogProof } from '../../certificate/index.ts'
import { ed25519From, leafHashes, readerOver } from '../../testing/log-tree.ts'
import { proveInclusion, rootOf } from '../merkle/prove.ts'
import { nodeCryptography } from '../notes/node-cryptography.ts'
import { formatCheckpoint, signNote } from '../notes/note.ts'
import { cosigner, noteSigner } from '../notes/signers.ts'

const clock = fixedClock('2026-11-23T12:00:00Z')
const log = noteSigner('log.example', ed25519From(new Uint8Array(32).fill(1)))
const witness = cosigner({ name: 'w.example', privateKey: ed25519From(new Uint8Array(32).fill(2)), clock })
const policy = await readPolicy(Buffer.from(`log ${log.vkey}\nwitness w ${witness.vkey}\nquorum w\n`), nodeCryptography)
const leaves = leafHashes(13)
const read = readerOver(leaves)
const text = formatCheckpoint({ origin: 'log.example', size: 13, root: await rootOf(13, read) })
const checkpoint = await signNote(text, [log, witness])

const proofOf = async (index: number) => ({
  extra: undefined,
  index: BigInt(index),
  hashes: await proveInclusion(index, 13, read),
  checkpoint,
})

test('a proof file gives back what was written and proves its leaf', async () => {
  for (let index = 0; index < 13; index++) {
    const proof = { ...(await proofOf(index)), extra: index % 2 === 0 ? undefined : Uint8Array.of(1, 2, index) }
    const again = readTlogProof(writeTlogProof(proof))
    assert.deepEqual(again, { ...proof, hashes: proof.hashes.map((hash) => Uint8Array.from(hash)) })
    const proven = await verifyTlogProof(again, { leafHash: leaves[index]!, policy }, nodeCryptography)
    assert.deepEqual(
      [proven.origin, proven.index, proven.size, proven.quorum],
      ['log.example', BigInt(index), 13n, true],
    )
    const other = { leafHash: leaves[(index + 1) % 13]!, policy }
    await assert.rejects(verifyTlogProof(again, other, nodeCryptography), { code: 'inclusion' })
  }
})

test('a proof without its witness is refused', async () => {
  const proof = { ...(await proofOf(3)), checkpoint: await signNote(text, [log]) }
  const claim = { leafHash: leaves[3]!, policy }
  await assert.rejects(verifyTlogProof(proof, claim, nodeCryptography), { code: 'policy-quorum' })
})

test('readTlogProof() refuses every other form', async () => {
  const good = writeTlogProof(await proofOf(3))
  const refused = [
    '',
    good.replace('@v1', '@v2'),
    good.replace('index 3', 'index 03'),
    good.replace('index 3', 'index -3'),
    good.replace('index 3\n', 'index 3\nextra AA==\n'),
    good.replace('index 3\n', ''),
    good.replaceAll('\n', '\r\n'),
    ` ${good}`,
    good.replace('index 3\n', `index 3\n${`${Buffer.alloc(32).toString('base64')}\n`.repeat(64)}`),
    'x'.repeat(600_000),
  ]
  for (const wrong of refused) assert.throws(() => readTlogProof(wrong), { code: 'tlog-proof' }, wrong.slice(0, 80))
  assert.throws(() => readTlogProof(good.replace('log.example\n', 'log.example\n\n')), { code: 'checkpoint' })
})

test('no edit of a proof file proves another place or another leaf', async () => {
  const good = writeTlogProof(await proofOf(6))
  await fc.assert(
    fc.asyncProperty(fc.nat(good.length - 1), fc.integer({ min: 10, max: 126 }), async (at, code) => {
      const edited = good.slice(0, at) + String.fromCharCode(code) + good.slice(at + 1)
      try {
        const proof = readTlogProof(edited)
        const { index, size } = await verifyTlogProof(proof, { leafHash: leaves[6]!, policy }, nodeCryptography)
        assert.deepEqual([index, size], [6n, 13n])
      } catch (thrown) {
        assert.equal(isFault(thrown), true, String(thrown))
      }
    }),
    { numRuns: 400 },
  )
})
