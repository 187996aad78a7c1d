import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test, type TestContext } from 'node:test'
import { temporaryFolder } from '../../testing/folders.ts'
import { makeLogHome, type LogHome } from '../../testing/log.ts'
import { startS3 } from '../../testing/s3.ts'
import { databaseLock, fileLock, objectLock, type CheckpointLock } from './checkpoint-lock.ts'
import { DatabaseTiles } from './database-tiles.ts'
import { FileTiles } from './file-tiles.ts'
import { S3Tiles } from './s3-tiles.ts'
import { isStoredPath, type TileStore } from './tile-store.ts'

let home: LogHome

before(async () => {
  home = await makeLogHome()
})

after(() => home.remove())

const STORES: readonly (readonly [string, (context: TestContext) => Promise<TileStore>])[] = [
  ['FileTiles', async (context) => new FileTiles(temporaryFolder(context))],
  ['DatabaseTiles', async () => new DatabaseTiles(home.connection.database, 99)],
  ['S3Tiles', async (context) => new S3Tiles(await startS3(context))],
]

for (const [name, make] of STORES) {
  test(`${name} keeps what it was given, never overwrites it, and replaces the checkpoint alone`, async (t) => {
    const store = await make(t)
    const bytes = (text: string): Uint8Array => Buffer.from(text)
    const read = async (path: string): Promise<string | undefined> => {
      const found = await store.get(path)
      return found === undefined ? undefined : Buffer.from(found).toString()
    }
    const partials = [1, 7, 255].map((width) => ({ path: `tile/0/000.p/${width}`, bytes: bytes(`width ${width}`) }))
    await store.keep([...partials, { path: 'tile/entries/x001/067', bytes: bytes('bundle') }])
    await store.keep(partials)
    await assert.rejects(store.keep([{ path: 'tile/0/000.p/7', bytes: bytes('other') }]), { code: 'log-tile-changed' })
    assert.deepEqual([await read('tile/0/000.p/7'), await read('tile/entries/x001/067')], ['width 7', 'bundle'])
    for (const text of ['first', 'second']) {
      await store.replace('checkpoint', bytes(text))
      assert.equal(await read('checkpoint'), text)
    }
    await store.keep([{ path: 'tile/0/000', bytes: bytes('full') }])
    await store.dropPartials(['tile/0/000'])
    assert.deepEqual([await read('tile/0/000.p/7'), await read('tile/0/000')], [undefined, 'full'])
    await store.keep([{ path: 'tile/0/000.p/9', bytes: bytes('late') }])
    assert.equal(await read('tile/0/000.p/9'), 'late')
  })
}

test('FileTiles leaves nothing but the files themselves, and reaches nothing outside of its folder', async (t) => {
  const folder = temporaryFolder(t)
  const store = new FileTiles(join(folder, 'log'))
  await store.keep([{ path: 'tile/0/000.p/1', bytes: Buffer.from('x') }])
  await store.replace('checkpoint', Buffer.from('y'))
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  assert.deepEqual(files.map(({ name }) => name).toSorted(), ['1', 'checkpoint'])
  for (const path of [
    '../outside',
    'tile/0/../../../outside',
    '/etc/passwd',
    'tile/0/000.p/../x',
    'checkpoint/x',
    '',
  ]) {
    await assert.rejects(store.keep([{ path, bytes: Buffer.from('z') }]), { code: 'log-path' }, path)
    await assert.rejects(store.get(path), { code: 'log-path' }, path)
    assert.equal(isStoredPath(path), false)
  }
  assert.equal(existsSync(join(folder, 'outside')), false)
})

const LOCKS: readonly (readonly [string, (context: TestContext) => Promise<CheckpointLock>])[] = [
  ['fileLock()', async (context) => fileLock(join(temporaryFolder(context), 'lock.sqlite'))],
  ['databaseLock()', async () => databaseLock(home.connection.database, 'a.example')],
  [
    'objectLock()',
    async (context) => {
      const place = await startS3(context)
      return objectLock({ ...place, address: `${place.address}/lock` })
    },
  ],
]

for (const [name, make] of LOCKS) {
  test(`${name} swaps for one of many that hold the same checkpoint, and for nobody with an older one`, async (t) => {
    const lock = await make(t)
    assert.equal(await lock.read(), undefined)
    assert.equal(await lock.swap('nothing of the kind', 'x'), false)
    const first = await Promise.all(['a', 'b', 'c'].map((note) => lock.swap(undefined, note)))
    assert.equal(first.filter(Boolean).length, 1)
    const stands = await lock.read()
    const next = await Promise.all(['d', 'e', 'f', 'g'].map((note) => lock.swap(stands, note)))
    assert.equal(next.filter(Boolean).length, 1)
    assert.equal(await lock.swap(stands, 'h'), false)
    assert.equal(await lock.read(), ['d', 'e', 'f', 'g'][next.indexOf(true)])
  })
}

test('fileLock() says which file it cannot use', async (t) => {
  const lock = fileLock(join(temporaryFolder(t), 'no such folder', 'lock.sqlite'))
  await assert.rejects(lock.read(), { code: 'checkpoint-lock', message: /no such folder/ })
})

test('S3Tiles says that the store refuses the key', async (t) => {
  const store = new S3Tiles({ ...(await startS3(t)), secretAccessKey: 'another' })
  await assert.rejects(store.get('checkpoint'), { code: 'object-store', message: /403/ })
})
