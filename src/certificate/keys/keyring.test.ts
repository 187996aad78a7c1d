import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { compressPem, keyringKey, makeSigner } from '../../testing/keys.ts'
import { webCryptography } from '../cryptography.ts'
import { addKey, revokeKey, rotateKey } from './change-keyring.ts'
import { readKeyring, writeKeyring, type Keyring, type KeyringKey } from './keyring.ts'
import { readRoleKey } from './role-key.ts'
import { attestationType, ceilingOf, ROLES } from './roles.ts'

const CLEARANCE = attestationType('clearance')
const read = (text: string): Promise<Keyring> => readKeyring(Buffer.from(text), webCryptography)

async function makeKeyring(): Promise<Keyring> {
  const [officer, regulator] = [await makeSigner(), await makeSigner()]
  const ended = {
    validUntil: Date.UTC(2027, 0, 1),
    revoked: { from: Date.UTC(2026, 6, 1), reason: 'compromised' },
  } as const
  return {
    keys: [keyringKey(officer), keyringKey(regulator, { role: 'regulator', unit: 'london', ...ended })],
    quorums: [{ decision: 'seized', threshold: 2, roles: ['officer', 'regulator'] }],
  }
}

/** The keyring as JSON with one member of its first key changed. */
async function withMember(change: Record<string, unknown>): Promise<string> {
  const document = JSON.parse(writeKeyring(await makeKeyring())) as { keys: Record<string, unknown>[] }
  document.keys[0] = { ...document.keys[0], ...change }
  return JSON.stringify(document)
}

test('readKeyring() reads what writeKeyring() wrote', async () => {
  const keyring = await makeKeyring()
  assert.deepEqual(await read(writeKeyring(keyring)), keyring)
})

test('readKeyring() refuses a station key that is allowed to sign clearances, whatever the keyring says', async () => {
  const station = await withMember({ role: 'station', predicateTypes: [attestationType('mot-result'), CLEARANCE] })
  await assert.rejects(read(station), { code: 'keyring-role', message: /station may not sign .*clearance/ })
  for (const role of ROLES.filter((role) => !ceilingOf(role).includes(CLEARANCE)))
    await assert.rejects(read(await withMember({ role, predicateTypes: [CLEARANCE] })), { code: 'keyring-role' }, role)
})

test('readKeyring() finds one key under two spellings', async () => {
  const { keys, quorums } = await makeKeyring()
  const [key] = keys
  assert.ok(key)
  for (const publicKeyPem of [
    key.publicKeyPem,
    compressPem(key.publicKeyPem),
    key.publicKeyPem.replaceAll('\n', '\r\n'),
  ]) {
    const twice = writeKeyring({ keys: [key, { ...key, publicKeyPem, unit: 'leith' }], quorums })
    await assert.rejects(read(twice), { code: 'keyring-duplicate' })
  }
  const renamed = writeKeyring({ keys: [{ ...key, keyId: 'ab'.repeat(32) }], quorums })
  await assert.rejects(read(renamed), { code: 'keyring-key-id' })
})

test('readKeyring() refuses each member that is not as it must be', async () => {
  const cases: readonly [Record<string, unknown>, string][] = [
    [{ extra: 1 }, 'unknown-field'],
    [{ unit: undefined }, 'keyring-unit'],
    [{ unit: 'Dover Docks' }, 'keyring-unit'],
    [{ role: 'king' }, 'json-type'],
    [{ validFrom: '2026-01-01' }, 'keyring-time'],
    [{ validUntil: '2025-01-01T00:00:00Z' }, 'keyring-time'],
    [{ revoked: { from: '2026-01-01T00:00:00Z', reason: 'lost' } }, 'json-type'],
    [{ predicateTypes: [CLEARANCE, CLEARANCE] }, 'keyring-duplicate'],
    [{ publicKey: 'no key' }, 'key-unreadable'],
  ]
  for (const [change, code] of cases)
    await assert.rejects(read(await withMember(change)), { code }, JSON.stringify(change))
  const keyring = await makeKeyring()
  for (const quorum of [
    { decision: 'seized', threshold: 1, roles: ['officer'] },
    { decision: 'seized', threshold: 2, roles: [] },
    { decision: 'seized', threshold: 2, roles: ['station', 'vendor'] },
  ] as const)
    await assert.rejects(read(writeKeyring({ ...keyring, quorums: [quorum] })), /keyring|threshold|role|decides/)
})

test('readKeyring() throws nothing but faults for mutated documents', async () => {
  const text = writeKeyring(await makeKeyring())
  await fc.assert(
    fc.asyncProperty(fc.nat(text.length - 1), fc.nat(255), async (at, byte) => {
      const bytes = Buffer.from(text)
      bytes[at] = byte
      await readKeyring(bytes, webCryptography).catch((thrown: unknown) => assert.ok(isFault(thrown), String(thrown)))
    }),
    { numRuns: 300 },
  )
  await assert.rejects(read('['.repeat(100_000)), (thrown) => isFault(thrown))
  await assert.rejects(read(' '.repeat(5 * 1024 * 1024)), (thrown) => isFault(thrown))
})

test('readRoleKey() reads keys of logs and witnesses, and statements take P-256 only', async () => {
  for (const [type, algorithm] of [
    ['ed25519', 'ed25519'],
    ['ml-dsa-44', 'ml-dsa-44'],
  ] as const) {
    const { publicKey } = generateKeyPairSync(type as 'ed25519')
    const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const key = await readRoleKey(publicKeyPem, webCryptography)
    assert.deepEqual([key.algorithm, key.pem], [algorithm, publicKeyPem])
    const entry = keyringKey({ ...(await makeSigner()), ...key, publicKeyPem }, { algorithm, predicateTypes: [] })
    const { unit: _, ...without } = entry
    const log: KeyringKey = { ...without, role: 'log' }
    assert.deepEqual((await read(writeKeyring({ keys: [log], quorums: [] }))).keys, [log])
    await assert.rejects(read(writeKeyring({ keys: [entry], quorums: [] })), { code: 'keyring-algorithm' })
  }
})

test('addKey(), rotateKey() and revokeKey() take nothing back', async () => {
  const keyring = await makeKeyring()
  const [officer, regulator] = keyring.keys
  const next = await makeSigner()
  assert.ok(officer && regulator)
  const at = Date.UTC(2026, 5, 1)
  const rotation = { keyId: officer.keyId, next: { ...next, algorithm: 'ecdsa-p256' }, at, overlap: 1000 } as const
  const rotated = rotateKey(keyring, rotation)
  assert.deepEqual([rotated.keys.length, rotated.keys[0]?.validUntil, rotated.keys[2]?.validFrom], [3, at + 1000, at])
  assert.deepEqual([rotated.keys[2]?.role, rotated.keys[2]?.unit], ['officer', 'dover'])
  assert.throws(() => rotateKey(rotated, rotation), { code: 'keyring-duplicate' })
  assert.throws(() => rotateKey(keyring, { ...rotation, keyId: regulator.keyId }), { code: 'key-revoked' })
  assert.throws(() => rotateKey(keyring, { ...rotation, at: 0 }), { code: 'keyring-time' })
  assert.throws(() => addKey(keyring, officer), { code: 'keyring-duplicate' })
  const later = { from: Date.UTC(2026, 7, 1), reason: 'compromised' } as const
  assert.throws(() => revokeKey(keyring, regulator.keyId, later), { code: 'key-revoked' })
  assert.equal(revokeKey(keyring, regulator.keyId, { ...later, from: 0 }).keys[1]?.revoked?.from, 0)
  assert.throws(() => revokeKey(keyring, 'ab'.repeat(32), later), { code: 'key-unknown' })
})
