import assert from 'node:assert/strict'
import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../testing/folders.ts'
import { withLock } from './lock.ts'
import { Store, writeFault } from './store.ts'

test('Store refuses to begin what the disk has no room for', (context) => {
  const store = new Store(join(temporaryFolder(context), 'cache'))
  store.prepare(1)
  assert.throws(() => store.prepare(2 ** 52), { code: 'disk-full', message: /4503599627370496 bytes are wanted/ })
})

test('Store says when its folder cannot be made', (context) => {
  const folder = temporaryFolder(context)
  writeFileSync(join(folder, 'file'), '')
  assert.throws(() => new Store(join(folder, 'file', 'cache')).prepare(0), { code: 'unwritable' })
})

test('Store places a blob by link, in place of what was there', (context) => {
  const store = new Store(temporaryFolder(context))
  store.prepare(0)
  const declared = { sha256: 'ab'.repeat(32) }
  assert.ok(!store.has(declared, 1))
  writeFileSync(store.blob(declared), 'x')
  assert.ok(store.has(declared, 1) && !store.has(declared, 2))
  const path = store.snapshot('a', 'b')
  mkdirSync(store.snapshot('a'), { recursive: true })
  writeFileSync(path, 'half')
  store.place(store.blob(declared), path)
  assert.equal(statSync(path).ino, statSync(store.blob(declared)).ino)
})

test('writeFault() tells a full disk from one that may not be written', () => {
  assert.equal(writeFault({ code: 'ENOSPC' }, 'x').code, 'disk-full')
  assert.equal(writeFault({ code: 'EDQUOT' }, 'x').code, 'disk-full')
  assert.equal(writeFault({ code: 'EROFS' }, 'x').code, 'unwritable')
})

test('withLock() keeps a second one out, takes a dead one over, and lets go after a failure', async (context) => {
  const path = join(temporaryFolder(context), 'sub', 'x.lock')
  await withLock(path, 'x', async () => {
    await assert.rejects(
      withLock(path, 'x', async () => {}),
      { code: 'in-use', message: new RegExp(String(process.pid)) },
    )
  })
  await assert.rejects(
    withLock(path, 'x', async () => Promise.reject(new Error('no'))),
    { message: 'no' },
  )
  writeFileSync(path, '999999999')
  assert.equal(await withLock(path, 'x', async () => 7), 7)
})
