/**
 * The Go libraries of the witness network about our cosignatures, policies and proof files, both ways:
 * `transparency-dev/formats` for Ed25519, ML-DSA-44 and ECDSA lines, `filippo.io/torchwood` for policies and proofs.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import { fixedClock, isFault } from '../../../src/base/index.ts'
import {
  cosignedMessage,
  readCheckpoint,
  readNoteKey,
  readPolicy,
  readTlogProof,
  verifySignatures,
  verifyTlogProof,
  writeTlogProof,
} from '../../../src/certificate/index.ts'
import * as log from '../../../src/log/index.ts'
import { ed25519From, leafHashes, mlDsa44From, readerOver } from '../../../src/testing/log-tree.ts'
import { seededRandom } from '../../../src/testing/seeded-random.ts'
import { buildGo } from '../go-programs.ts'

const built = buildGo('go-cosign')
const { skip } = built
const program = built.skip === false ? built.program : ''
const go = (words: readonly string[], input = ''): string =>
  execFileSync(program, words, { input, encoding: 'utf8', maxBuffer: 2 ** 28 })

const clock = fixedClock('2026-11-23T12:00:00Z')
const seed = (n: number): Uint8Array => new Uint8Array(32).fill(n)
const own = log.noteSigner('log.example', ed25519From(seed(1)))
const quantum = log.cosigner({ name: 'log.example', privateKey: mlDsa44From(seed(2)), clock })
const witnesses = [3, 4, 5].map((n) => log.cosigner({ name: `w${n}.example`, privateKey: ed25519From(seed(n)), clock }))
const leaves = leafHashes(21)
const read = readerOver(leaves)
const text = log.formatCheckpoint({ origin: 'log.example', size: 21, root: await log.rootOf(21, read) })

const named = ({ key }: log.KeySigner) => `${key.name}+${Buffer.from(key.keyHash).toString('hex')}`

test(
  'Go verifies our lines of Ed25519, ML-DSA-44 and witnesses, and refuses them on another checkpoint',
  { skip },
  async () => {
    const signers = [own, quantum, ...witnesses]
    const note = await log.signNote(text, signers)
    const other = log.formatCheckpoint({ origin: 'log.example', size: 22, root: seed(0) })
    const alone = await Promise.all(
      signers.map(async (signer) => (await log.signNote(text, [signer])).replace(text, other)),
    )
    const input = [note, ...alone].map((one) => JSON.stringify(one)).join('\n')
    const theirs = go(['open', ...signers.map(({ vkey }) => vkey)], input)
      .trim()
      .split('\n')
    assert.deepEqual(theirs, [signers.map(named).join(' '), ...alone.map(() => 'refused')])
  },
)

test('Go names and verifies ECDSA keys as we do', { skip }, async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const der = publicKey.export({ type: 'spki', format: 'der' })
  const keyHash = createHash('sha256').update(der).digest().subarray(0, 4)
  const vkey = `e.example+${keyHash.toString('hex')}+${Buffer.concat([Uint8Array.of(2), der]).toString('base64')}`
  const signer = { name: 'e.example', keyHash, sign: async (bytes: Uint8Array) => sign('sha256', bytes, privateKey) }
  const note = await log.signNote(text, [signer])
  assert.equal(go(['open', vkey], JSON.stringify(note)).trim(), `e.example+${keyHash.toString('hex')}`)
  const key = await readNoteKey(vkey, log.nodeCryptography)
  assert.equal((await verifySignatures(readCheckpoint(note), [key], log.nodeCryptography)).length, 1)
})

test('we verify the lines that Go signs', { skip }, async () => {
  for (const kind of ['ed25519', 'cosignature', 'ml-dsa-44']) {
    const [vkey = '', ...rest] = go(['sign', kind, 'go.example/w1'], text).split('\n')
    const key = await readNoteKey(vkey, log.nodeCryptography)
    const [found] = await verifySignatures(readCheckpoint(rest.join('\n')), [key], log.nodeCryptography)
    const isRecent = Math.abs(Number(found?.time ?? 0n) - Date.now() / 1000) < 3600
    assert.deepEqual([found?.key, isRecent], [key, kind !== 'ed25519'], kind)
  }
})

test('Go reads our statement about a subtree', { skip }, () => {
  const part = { cosigner: quantum.name, time: 0n, origin: 'log.example', start: 256n, end: 512n, hash: seed(7) }
  const signature = sign(null, cosignedMessage(part), mlDsa44From(seed(2)))
  const say = (start: number) =>
    JSON.stringify({
      origin: part.origin,
      start,
      end: 512,
      hash: Buffer.from(part.hash).toString('base64'),
      signature: Buffer.concat([new Uint8Array(8), signature]).toString('base64'),
    })
  assert.equal(go(['subtree', quantum.vkey], `${say(256)}\n${say(0)}`), '10')
})

interface Claim {
  readonly policy: string
  readonly proof: string
  readonly leafHash: Uint8Array
}

async function holds({ policy: bytes, proof, leafHash }: Claim): Promise<boolean> {
  try {
    const policy = await readPolicy(Buffer.from(bytes), log.nodeCryptography)
    await verifyTlogProof(readTlogProof(proof), { leafHash, policy }, log.nodeCryptography)
    return true
  } catch (thrown) {
    if (isFault(thrown)) return false
    throw thrown
  }
}

const judge = (claims: readonly Claim[]): string =>
  go(
    ['prove'],
    claims.map((one) => JSON.stringify({ ...one, leafHash: Buffer.from(one.leafHash).toString('base64') })).join('\n'),
  )

const policyWith = (quorum: string) =>
  [
    `log ${own.vkey}`,
    ...witnesses.map(({ vkey }, n) => `witness w${n} ${vkey}`),
    'group two 2 w0 w1 w2',
    `quorum ${quorum}\n`,
  ].join('\n')

async function proofBy(index: number, signers: readonly log.NoteSigner[]): Promise<string> {
  const checkpoint = await log.signNote(text, signers)
  const hashes = await log.proveInclusion(index, 21, read)
  const extra = index % 2 === 0 ? undefined : Uint8Array.of(1, 2)
  return writeTlogProof({ extra, index: BigInt(index), hashes, checkpoint })
}

test('Go and we judge policies and proof files alike', { skip }, async () => {
  const [w0, w1, w2] = witnesses as [log.KeySigner, log.KeySigner, log.KeySigner]
  const groups = [[own], [own, w0], [own, w0, w0], [own, w0, w2], [own, w2, w1, w0], [w0, w1], [own, quantum, w1, w2]]
  const claims: Claim[] = []
  for (const [at, signers] of groups.entries())
    for (const quorum of ['two', 'w0', 'w1', 'none']) {
      const proof = await proofBy(at, signers)
      for (const leaf of [at, at + 1]) claims.push({ policy: policyWith(quorum), proof, leafHash: leaves[leaf]! })
    }
  const theirs = judge(claims)
  assert.ok(theirs.includes('1') && theirs.includes('0'))
  for (const [at, one] of claims.entries()) assert.equal(theirs[at] === '1', await holds(one), JSON.stringify(one))
})

test('of 5,000 edited proof files we accept none that Go refuses', { skip }, async () => {
  const random = seededRandom(5)
  const good = await proofBy(7, [own, ...witnesses])
  const claims = Array.from({ length: 5000 }, () => {
    const at = Math.floor(random() * good.length)
    const proof = good.slice(0, at) + String.fromCharCode(10 + random() * 117) + good.slice(at + random() * 3)
    return { policy: policyWith('two'), proof, leafHash: leaves[7]! }
  })
  const theirs = judge(claims)
  for (const [at, one] of claims.entries()) if (await holds(one)) assert.equal(theirs[at], '1', one.proof)
})
