import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { appendFileSync, renameSync, truncateSync, utimesSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { BLOCK_SIZE, BlockHasher } from '../base/index.ts'
import { temporaryFolder } from '../testing/folders.ts'
import { DigestPass, type DigestPassOptions } from './digest-pass.ts'

const MIB = 1024 * 1024
/** Enough that a thread is taken, whatever the files have. */
const LARGE = 1024 * MIB

function createPass(context: TestContext, options: Partial<DigestPassOptions> = {}): DigestPass {
  const pass = new DigestPass({ blocks: true, threads: 1, total: 0, ...options })
  context.after(() => pass.close())
  return pass
}

function writeFile(context: TestContext, size: number): { readonly path: string; readonly bytes: Buffer } {
  const path = join(temporaryFolder(context), 'model.bin')
  const bytes = randomBytes(size)
  writeFileSync(path, bytes)
  return { path, bytes }
}

function expected(bytes: Uint8Array) {
  const hasher = new BlockHasher()
  hasher.update(bytes)
  return hasher.finish()
}

const SIZES = [0, 1, MIB - 1, MIB, BLOCK_SIZE - 1, BLOCK_SIZE, BLOCK_SIZE + 1, 2 * BLOCK_SIZE, 2 * BLOCK_SIZE + 12_345]

for (const threads of [1, 2]) {
  test(`DigestPass gives the digests of BlockHasher at every edge, with ${threads} threads`, async (context) => {
    const pass = createPass(context, { threads, total: LARGE })
    for (const size of SIZES) {
      const { path, bytes } = writeFile(context, size)
      const { stamp: _, ...digests } = await pass.digest('model.bin', path)
      assert.deepEqual(digests, expected(bytes), `${size} bytes`)
    }
  })
}

test('DigestPass leaves the blocks out when none are asked for', async (context) => {
  const { path, bytes } = writeFile(context, BLOCK_SIZE + 1)
  const { stamp: _, ...digests } = await createPass(context, { blocks: false }).digest('model.bin', path)
  assert.deepEqual(digests, { size: bytes.length, sha256: expected(bytes).sha256 })
})

test('DigestPass gives the blob digest of git when asked', async (context) => {
  const { path, bytes } = writeFile(context, BLOCK_SIZE + 5)
  const { git } = await createPass(context, { threads: 2, total: LARGE }).digest('model.bin', path, { git: true })
  assert.equal(git, createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex'))
})

test('DigestPass reads each byte once', async (context) => {
  let read = 0
  const { path } = writeFile(context, 2 * BLOCK_SIZE + 7)
  const onBytes = (length: number) => (read += length)
  await createPass(context, { threads: 2, total: LARGE, onBytes }).digest('model.bin', path)
  assert.equal(read, 2 * BLOCK_SIZE + 7)
})

const CHANGES: ReadonlyMap<string, (path: string) => void> = new Map([
  ['grew', (path) => appendFileSync(path, 'x')],
  ['shrank', (path) => truncateSync(path, BLOCK_SIZE + 1)],
  ['was written to', (path) => writeFileSync(path, 'y', { flag: 'r+' })],
])

for (const [how, change] of CHANGES) {
  for (const threads of [1, 2]) {
    test(`DigestPass refuses a file that ${how} while it is read, with ${threads} threads`, async (context) => {
      const { path } = writeFile(context, 3 * BLOCK_SIZE)
      let pieces = 0
      const onBytes = () => {
        if (++pieces === 2) change(path)
      }
      const pass = createPass(context, { threads, total: LARGE, onBytes })
      await assert.rejects(pass.digest('sub/model.bin', path), {
        code: 'changed-while-read',
        message: new RegExp(`^sub/model\\.bin ${how} `),
      })
    })
  }
}

test('DigestPass sees a write whose time was put back', async (context) => {
  const { path } = writeFile(context, 2 * BLOCK_SIZE)
  const { atime, mtime } = statSync(path)
  utimesSync(path, atime, mtime)
  let pieces = 0
  const onBytes = () => {
    if (++pieces !== 2) return
    writeFileSync(path, 'y', { flag: 'r+' })
    utimesSync(path, atime, mtime)
  }
  await assert.rejects(createPass(context, { onBytes }).digest('m', path), { code: 'changed-while-read' })
})

test('DigestPass does not follow a link that took the place of a file', async (context) => {
  const { path } = writeFile(context, 10)
  const { symlinkSync, rmSync } = await import('node:fs')
  renameSync(path, `${path}.old`)
  symlinkSync(`${path}.old`, path)
  await assert.rejects(createPass(context).digest('m', path), { code: 'changed-while-read' })
  rmSync(path)
})

test('DigestPass stops when it is called off', async (context) => {
  const { path } = writeFile(context, 3 * BLOCK_SIZE)
  const controller = new AbortController()
  const onBytes = () => controller.abort()
  const pass = createPass(context, { threads: 2, total: LARGE, signal: controller.signal, onBytes })
  await assert.rejects(pass.digest('m', path), { code: 'aborted' })
})
