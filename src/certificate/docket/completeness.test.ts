import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sha256 } from '../../base/index.ts'
import { bytesOf, DocketWriter, modelOf } from '../../testing/dockets.ts'
import { webCryptography } from '../cryptography.ts'
import { checkComplete, type CompletenessClaim, type ProvenLeaf } from './completeness.ts'
import type { LoggedLeaf } from './docket.ts'

const hash = (...parts: readonly (Uint8Array | number)[]): Buffer =>
  Buffer.from(sha256(Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : part)))), 'hex')

/** Root of the tree of RFC 6962 over leaf hashes, by its definition. */
function rootOf(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 1) return leaves[0]!
  const split = 2 ** Math.ceil(Math.log2(leaves.length) - 1)
  return hash(1, rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)))
}

function pathOf(index: number, leaves: readonly Buffer[]): Buffer[] {
  if (leaves.length === 1) return []
  const split = 2 ** Math.ceil(Math.log2(leaves.length) - 1)
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)]
  return index < split ? [...pathOf(index, left), rootOf(right)] : [...pathOf(index - split, right), rootOf(left)]
}

const log = new DocketWriter()
log.say('a', { kind: 'declaration' })
log.say('b', { kind: 'declaration' })
const failed = log.close('a', log.announce('a'), { result: 'fail' })
log.say('b', { kind: 'declaration' })
const pass = log.close('a', log.announce('a', 24, { retestOf: failed.leaf.entry }), { retestOf: failed.leaf.entry })

const hashes = log.leaves.map((logged) => Buffer.from(logged.hash, 'hex'))
const prove = ({ index, leaf }: LoggedLeaf): ProvenLeaf => ({
  index,
  bytes: bytesOf(leaf),
  hashes: pathOf(index, hashes),
})
const ofA = log.leaves.filter(({ leaf }) => leaf.modelId === modelOf('a'))
const claim: CompletenessClaim = {
  modelId: modelOf('a'),
  size: hashes.length,
  root: rootOf(hashes).toString('hex'),
  named: [{ seq: pass.leaf.seq, entry: pass.leaf.entry }],
}
const check = (leaves: readonly LoggedLeaf[], change: Partial<CompletenessClaim> = {}) =>
  checkComplete(leaves.map(prove), { ...claim, ...change }, { cryptography: webCryptography })

test('checkComplete() gives back a docket that is whole', async () => {
  const docket = await check(ofA)
  assert.deepEqual(
    docket.entries.map(({ leaf }) => leaf.seq),
    [0, 1, 2, 3, 4],
  )
  assert.ok(docket.entries.every(({ objections }) => objections.length === 0))
})

test('attack: a docket without its failed test, without its beginning, or without its end', async () => {
  for (let dropped = 0; dropped < 4; dropped++)
    await assert.rejects(check(ofA.filter((_, i) => i !== dropped)), { code: 'docket-prev' })
  await assert.rejects(check(ofA.slice(0, 4)), { code: 'docket-incomplete' })
  await assert.rejects(check([]), { code: 'docket-incomplete' })
  await check(ofA.slice(0, 4), { named: [] })
})

test('attack: leaves of another model, in another order, or that the log does not hold', async () => {
  await assert.rejects(check([...ofA, log.leaves[5]!]), { code: 'docket-incomplete' })
  await assert.rejects(check([ofA[0]!, ofA[0]!]), { code: 'docket-incomplete' })
  const forged = { ...ofA[2]!, leaf: { ...ofA[2]!.leaf, result: 'pass' } }
  await assert.rejects(check([ofA[0]!, ofA[1]!, forged]), { code: 'docket-proof' })
  await assert.rejects(check(ofA, { root: sha256('another log') }), { code: 'docket-proof' })
  await assert.rejects(check(ofA, { size: 6 }), { code: /^(docket-proof|inclusion)$/ })
})
