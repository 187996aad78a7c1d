import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makePublisher } from '../testing/publication.ts'
import { signStatement } from './certify.ts'
import { readCheckpoint } from './checkpoint.ts'
import { webCryptography } from './cryptography.ts'
import { rootOfProof } from './inclusion.ts'
import { leafHashOf } from './leaf-hash.ts'
import { readTlogProof } from './notes/tlog-proof.ts'
import { buildOmsStatement } from './manifest/write-oms.ts'
import { proofInside, readUnverified } from './read-unverified.ts'

const now = Date.parse('2026-11-20T12:00:00Z')
const publisher = await makePublisher({ now, validFrom: now - 86_400_000 })
const statement = buildOmsStatement('oak', [{ path: 'a', sha256: 'ab'.repeat(32) }])

test('proofInside() gives a proof that leads from the leaf of the statement to the root of the checkpoint', async () => {
  const { bundle } = await signStatement(statement, publisher.signer, publisher)
  const { index, hashes, checkpoint } = readTlogProof(proofInside(bundle) ?? '')
  const { size, root } = readCheckpoint(checkpoint)
  const leaf = Buffer.from(await leafHashOf(Buffer.from(bundle), publisher.signer.publicKeyPem), 'hex')
  assert.deepEqual(await rootOfProof(leaf, { index, size, hashes }, webCryptography), root)
})

test('proofInside() and readUnverified() give nothing where there is nothing', async () => {
  const { bundle } = await signStatement(statement, publisher.signer)
  assert.equal(proofInside(bundle), undefined)
  for (const text of [bundle, '{}', 'x', '']) assert.equal(readUnverified(text), undefined)
  for (const text of ['{}', 'x', '']) assert.equal(proofInside(text), undefined)
})
