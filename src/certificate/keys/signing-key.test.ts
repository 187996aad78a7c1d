import assert from 'node:assert/strict'
import { generateKeyPairSync, verify } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../testing/folders.ts'
import { findKey, loadOrCreateKey, prepareRotation } from './signing-key.ts'

const PRIVATE = 'signing-key.pem'
const PUBLIC = 'signing-key.pub.pem'
const modeOf = (path: string): number => statSync(path).mode & 0o777

test('loadOrCreateKey() makes a key once, readable by its owner only, with nothing left over', async (context) => {
  const folder = join(temporaryFolder(context), 'a', 'keys')
  const made = await loadOrCreateKey(folder)
  assert.equal(made.created, true)
  assert.equal(modeOf(folder), 0o700)
  assert.equal(modeOf(join(folder, PRIVATE)), 0o600)
  assert.match(readFileSync(join(folder, PRIVATE), 'utf8'), /^-----BEGIN PRIVATE KEY-----\n/)
  assert.deepEqual(readdirSync(folder).toSorted(), [PRIVATE, PUBLIC])
  assert.equal(readFileSync(made.publicKeyPath, 'utf8'), made.publicKeyPem)
  const again = await loadOrCreateKey(folder)
  assert.deepEqual([again.created, again.keyId], [false, made.keyId])
  const message = Buffer.from('tide')
  assert.ok(verify('sha256', message, made.publicKeyPem, await again.sign(message)))
})

test('loadOrCreateKey() gives all of several that start together the same key', async (context) => {
  const folder = temporaryFolder(context)
  const keys = await Promise.all(Array.from({ length: 8 }, () => loadOrCreateKey(folder)))
  assert.equal(new Set(keys.map(({ keyId }) => keyId)).size, 1)
  assert.equal(keys.filter(({ created }) => created).length, 1)
  assert.deepEqual(readdirSync(folder).toSorted(), [PRIVATE, PUBLIC])
})

test('loadOrCreateKey() refuses a key or a folder that others can read, and says what to do', async (context) => {
  const folder = temporaryFolder(context)
  await loadOrCreateKey(folder)
  for (const mode of [0o640, 0o604, 0o620]) {
    chmodSync(join(folder, PRIVATE), mode)
    await assert.rejects(loadOrCreateKey(folder), { code: 'key-exposed', message: /chmod 600 '.*signing-key\.pem'/ })
  }
  chmodSync(join(folder, PRIVATE), 0o600)
  chmodSync(folder, 0o755)
  await assert.rejects(loadOrCreateKey(folder), { code: 'key-exposed', message: /chmod 700/ })
})

test('loadOrCreateKey() refuses what is not its key, and does not replace it', async (context) => {
  const folder = temporaryFolder(context)
  const others = [
    'not a key',
    '',
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  ]
  for (const other of others) {
    writeFileSync(join(folder, PRIVATE), other, { mode: 0o600 })
    await assert.rejects(loadOrCreateKey(folder), { code: 'key-unreadable', message: /is not a/ })
    assert.equal(readFileSync(join(folder, PRIVATE), 'utf8'), other)
  }
  rmSync(join(folder, PRIVATE))
  mkdirSync(join(folder, 'elsewhere'))
  symlinkSync('elsewhere', join(folder, PRIVATE))
  await assert.rejects(loadOrCreateKey(folder), { code: 'key-unreadable', message: /is a link/ })
})

test('loadOrCreateKey() writes a lost public key again and refuses one of another key', async (context) => {
  const folder = temporaryFolder(context)
  const { publicKeyPem, publicKeyPath } = await loadOrCreateKey(folder)
  rmSync(publicKeyPath)
  assert.equal((await loadOrCreateKey(folder)).publicKeyPem, publicKeyPem)
  assert.equal(readFileSync(publicKeyPath, 'utf8'), publicKeyPem)
  const other = join(temporaryFolder(context), 'keys')
  renameSync((await loadOrCreateKey(other)).publicKeyPath, publicKeyPath)
  await assert.rejects(loadOrCreateKey(folder), { code: 'key-mismatch' })
})

test('loadOrCreateKey() makes no other key in the place of one that is lost, unless it is told to', async (context) => {
  const folder = temporaryFolder(context)
  const { keyId, publicKeyPath } = await loadOrCreateKey(folder)
  rmSync(join(folder, PRIVATE))
  await assert.rejects(loadOrCreateKey(folder), { code: 'key-missing', message: /restore it from a backup/ })
  assert.ok(!existsSync(join(folder, PRIVATE)))
  renameSync(publicKeyPath, `${publicKeyPath}.old`)
  assert.notEqual((await loadOrCreateKey(folder)).keyId, keyId)
})

test('findKey() makes nothing, and is as careful as loadOrCreateKey()', async (context) => {
  const folder = join(temporaryFolder(context), 'keys')
  assert.equal(await findKey(folder), undefined)
  const { keyId } = await loadOrCreateKey(folder)
  assert.equal((await findKey(folder))?.keyId, keyId)
  chmodSync(folder, 0o755)
  await assert.rejects(findKey(folder), { code: 'key-exposed' })
})

test('prepareRotation() changes nothing until it is committed, and then keeps the old key', async (context) => {
  const folder = temporaryFolder(context)
  await assert.rejects(prepareRotation(folder), { code: 'key-missing' })
  const first = await loadOrCreateKey(folder)
  const given = await prepareRotation(folder)
  await given.discard()
  assert.deepEqual(readdirSync(folder).toSorted(), [PRIVATE, PUBLIC])
  const next = await prepareRotation(folder)
  assert.equal((await loadOrCreateKey(folder)).keyId, first.keyId)
  const kept = await next.commit()
  const now = await loadOrCreateKey(folder)
  assert.deepEqual([now.keyId, now.publicKeyPem, now.created], [next.keyId, next.publicKeyPem, false])
  assert.deepEqual([modeOf(kept), modeOf(join(folder, PRIVATE))], [0o600, 0o600])
  assert.match(readFileSync(kept, 'utf8'), /^-----BEGIN PRIVATE KEY-----\n/)
  assert.deepEqual(readdirSync(folder).length, 3, 'nothing else is left')
})
