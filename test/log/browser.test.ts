/** What a stranger needs of the log runs where there is no Node: policies, proof files, the index. */
import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { bundleForBrowser } from '../../src/app/web/verifier/build.ts'
import type * as Notes from '../../src/certificate/notes/index.ts'
import type * as Proofs from '../../src/certificate/index-proof.ts'
import { webCryptography, writeTlogProof } from '../../src/certificate/index.ts'
import { hashesFromTiles, hashLeaf, IndexMap, proveInclusion } from '../../src/log/index.ts'
import { POLICY_TEXT, PublishedLog } from '../../src/testing/published-log.ts'

async function load<Module>(path: string): Promise<Module> {
  const entry = resolve(import.meta.dirname, '../../src/certificate', path)
  const text = await bundleForBrowser({ entry, format: 'esm' })
  return (await import(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`)) as Module
}

test('policies and proof files are verified by what a browser has', async () => {
  const notes = await load<typeof Notes>('notes/index.ts')
  const log = new PublishedLog()
  const checkpoint = await log.publish(300)
  const hashes = await proveInclusion(77, 300, hashesFromTiles(300, log.readTile))
  const proof = notes.readTlogProof(writeTlogProof({ extra: undefined, index: 77n, hashes, checkpoint }))
  const policy = await notes.readPolicy(new TextEncoder().encode(POLICY_TEXT), webCryptography)
  const claim = { leafHash: hashLeaf(log.leaves[77]!), policy }
  const { quorum, cosignatures } = await notes.verifyTlogProof(proof, claim, webCryptography)
  assert.deepEqual([quorum, cosignatures.map(({ name }) => name)], [true, ['w0']])
  const wrong = { ...claim, leafHash: hashLeaf(log.leaves[78]!) }
  await assert.rejects(notes.verifyTlogProof(proof, wrong, webCryptography), { code: 'inclusion' })
})

test('that there is no other leaf is verified by what a browser has', async () => {
  const { verifyIndexProof } = await load<typeof Proofs>('index-proof.ts')
  const map = new IndexMap()
  for (let index = 0; index < 100; index++) map.add(`model:${index % 30}`, index)
  const claim = { key: 'model:7', indices: [7, 37, 67, 97], root: map.root() }
  await verifyIndexProof(claim, map.prove('model:7'), webCryptography)
  const short = { ...claim, indices: [7, 37, 67] }
  await assert.rejects(verifyIndexProof(short, map.prove('model:7'), webCryptography), { code: 'index-proof' })
})
