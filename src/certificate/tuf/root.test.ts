import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { temporaryFolder } from '../../testing/folders.ts'
import { compressPem, makeSigner, type TestSigner } from '../../testing/keys.ts'
import { makeTrust, signBy } from '../../testing/trust.ts'
import { checkRoot, describeRoot, planNextRoot, planRoot, signRoot, type RootPlan } from './root.ts'
import { publishRoot } from './repository.ts'

const NOW = Date.UTC(2026, 10, 1)
const YEAR = 365 * 24 * 3600 * 1000
const holders = await Promise.all(Array.from({ length: 5 }, makeSigner))
const online = await Promise.all(Array.from({ length: 3 }, makeSigner))
const pems = (signers: readonly TestSigner[]): readonly string[] => signers.map(({ publicKeyPem }) => publicKeyPem)
const [targets = '', snapshot = '', timestamp = ''] = pems(online)
const PLAN: RootPlan = { root: pems(holders), threshold: 3, targets, snapshot, timestamp, expires: NOW + YEAR }

test('planRoot() and signRoot() take a root through a ceremony, one keyholder after another', async () => {
  let root = planRoot(PLAN)
  const { digest, keys } = describeRoot(root)
  assert.deepEqual(
    keys,
    holders.map(({ keyId }) => keyId),
  )
  for (const [index, holder] of holders.slice(0, 3).entries()) {
    assert.throws(() => checkRoot(root, undefined, NOW), {
      code: 'tuf-threshold',
      message: /of the new root keys signed; 3/,
    })
    root = await signRoot(root, holder)
    assert.equal(describeRoot(root).signed.length, index + 1)
    assert.equal(describeRoot(root).digest, digest, 'all sign the same bytes')
  }
  assert.equal(checkRoot(root, undefined, NOW).signed.version, 1)
})

test('signRoot() counts a keyholder once, and takes none who is not one', async () => {
  const root = planRoot(PLAN)
  const [one] = holders
  const rogue = await makeSigner()
  assert.ok(one)
  const thrice = await signBy(root, [one, one, one])
  assert.equal(describeRoot(thrice).signed.length, 1)
  assert.throws(() => checkRoot(thrice, undefined, NOW), { code: 'tuf-threshold' })
  for (const other of [rogue, ...online]) await assert.rejects(signRoot(root, other), { code: 'tuf-keyholder' })
  const liar = { publicKeyPem: one.publicKeyPem, sign: (bytes: Uint8Array) => rogue.sign(bytes) }
  await assert.rejects(signRoot(root, liar), { code: 'signer' })
})

test('planRoot() refuses what would give few too much', () => {
  const [first = '', ...others] = PLAN.root
  const cases: readonly [Partial<RootPlan>, string][] = [
    [{ threshold: 2 }, 'tuf-threshold'],
    [{ threshold: 6 }, 'tuf-threshold'],
    [{ root: [first, first, ...others] }, 'tuf-threshold'],
    [{ root: [first, compressPem(first), ...others] }, 'tuf-threshold'],
    [{ root: [] }, 'tuf-threshold'],
    [{ targets: first }, 'tuf-roles'],
    [{ timestamp: 'no key' }, 'key-unreadable'],
  ]
  for (const [change, code] of cases)
    assert.throws(() => planRoot({ ...PLAN, ...change }), { code }, JSON.stringify(change))
})

test('checkRoot() refuses a key that stands under two ids, so that it would count twice', async () => {
  const signed = await signBy(planRoot(PLAN), holders.slice(0, 2))
  const document = JSON.parse(Buffer.from(signed).toString()) as {
    signatures: { keyid: string; sig: string }[]
    signed: { keys: Record<string, unknown>; roles: { root: { keyids: string[] } } }
  }
  const [one] = holders
  const twin = 'ab'.repeat(32)
  document.signed.keys[twin] = document.signed.keys[one?.keyId ?? '']
  document.signed.roles.root.keyids[4] = twin
  assert.throws(() => checkRoot(Buffer.from(JSON.stringify(document)), undefined, NOW), { code: 'tuf-key' })
})

test('planNextRoot() is signed by old and new keyholders, each to their threshold', async () => {
  const first = await signBy(planRoot(PLAN), holders.slice(0, 3))
  const heirs = await Promise.all(Array.from({ length: 3 }, makeSigner))
  const [a, b, c, d] = holders as [TestSigner, TestSigner, TestSigner, TestSigner]
  const next = planNextRoot(first, { root: pems([d, ...heirs, c]), expires: NOW + YEAR })
  assert.deepEqual(describeRoot(next).roles, describeRoot(first).roles)
  const newOnly = await signBy(next, [...heirs], first)
  assert.throws(() => checkRoot(newOnly, first, NOW), { code: 'tuf-threshold', message: /old root keys/ })
  const oldOnly = await signBy(next, [a, b, c], first)
  assert.throws(() => checkRoot(oldOnly, first, NOW), { code: 'tuf-threshold', message: /new root keys/ })
  const both = await signBy(oldOnly, [d, heirs[0] as TestSigner], first)
  assert.equal(checkRoot(both, first, NOW).signed.version, 2)
  await assert.rejects(signRoot(next, a), { code: 'tuf-keyholder' }, 'who leaves signs beside the root before')
  assert.throws(() => checkRoot(both, undefined, NOW), { code: 'tuf-version' })
  assert.throws(() => checkRoot(both, both, NOW), { code: 'tuf-version' })
  assert.throws(() => checkRoot(both, first, NOW + 2 * YEAR), { code: 'tuf-expired' })
})

test('publishRoot() publishes a version once, and nothing that is not signed', async (context) => {
  const folder = join(temporaryFolder(context), 'repository')
  const { root, holders: keyholders } = await makeTrust(folder, NOW)
  assert.throws(() => publishRoot(folder, root, NOW), { code: 'tuf-version' })
  const next = planNextRoot(root, { expires: NOW + 2 * YEAR })
  assert.throws(() => publishRoot(folder, next, NOW), { code: 'tuf-threshold' })
  const signed = await signBy(next, keyholders.slice(2))
  assert.equal(publishRoot(folder, signed, NOW), 2)
})

test('checkRoot() throws nothing but faults for mutated, deep and giant documents', async () => {
  const text = Buffer.from(await signBy(planRoot(PLAN), holders.slice(0, 3)))
  const hold = (bytes: Uint8Array): void => {
    try {
      checkRoot(bytes, undefined, NOW)
    } catch (thrown) {
      assert.ok(isFault(thrown), String(thrown))
    }
  }
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.nat(255), (at, byte) => {
      const bytes = Buffer.from(text)
      bytes[at] = byte
      hold(bytes)
    }),
    { numRuns: 150 },
  )
  hold(Buffer.from(`{"signatures":[],"signed":${'['.repeat(100_000)}${']'.repeat(100_000)}}`))
  hold(Buffer.from(`{"signatures":[],"signed":{"_type":"root","x":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`))
  hold(Buffer.alloc(600_000, 32))
})
