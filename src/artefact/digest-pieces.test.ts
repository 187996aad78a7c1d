import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { temporaryFolder } from '../testing/folders.ts'
import type { WatchedArtefact } from './artefact.ts'
import { digestPieces, type Piece } from './digest-pieces.ts'
import { openArtefact } from './open-artefact.ts'

const bytes = randomBytes(5_000_000)
const digest = (name: string, part: Uint8Array): string => createHash(name).update(part).digest('hex')

async function openModel(context: TestContext) {
  const folder = join(temporaryFolder(context), 'model')
  mkdirSync(folder)
  writeFileSync(join(folder, 'large'), bytes)
  writeFileSync(join(folder, 'small'), 'abc')
  const opened = await openArtefact({ kind: 'path', ref: folder, path: folder }, { cacheFolder: folder, threads: 1 })
  return { folder, opened }
}

test('digestPieces() gives the digests of pieces in their order, whatever file they are of', async (context) => {
  const { opened } = await openModel(context)
  const pieces: readonly Piece[] = [
    { path: 'large', range: { start: 4_900_000, end: 5_000_000 } },
    { path: 'small' },
    { path: 'large', range: { start: 0, end: 4_500_000 } },
    { path: 'large', range: { start: 7, end: 7 } },
  ]
  for (const [hash, name] of [
    ['sha256', 'sha256'],
    ['blake2b', 'blake2b512'],
  ] as const) {
    assert.deepEqual(await digestPieces(opened, pieces, { hash }), [
      digest(name, bytes.subarray(4_900_000)),
      digest(name, Buffer.from('abc')),
      digest(name, bytes.subarray(0, 4_500_000)),
      digest(name, Buffer.alloc(0)),
    ])
  }
})

test('digestPieces() refuses a piece beyond the end and a file that was not taken in', async (context) => {
  const { opened } = await openModel(context)
  const piece = (path: string, end: number) =>
    digestPieces(opened, [{ path, range: { start: 0, end } }], { hash: 'sha256' })
  await assert.rejects(piece('small', 4), { code: 'beyond-end' })
  await assert.rejects(piece('none', 1), { code: 'no-such-file' })
})

/** What somebody may do to a file between the two passes over it. */
const ATTACKS: readonly ((file: string) => void)[] = [
  (file) => appendFileSync(file, 'x'),
  (file) => writeFileSync(file, 'abd'),
  (file) => {
    writeFileSync(`${file}.new`, 'abc')
    renameSync(`${file}.new`, file)
  },
  (file) => {
    renameSync(file, `${file}.old`)
    symlinkSync(`${file}.old`, file)
  },
  (file) => rmSync(file),
]

test('digestPieces() sees a file that grew, was written to, replaced, or swapped for a link since it was taken in', async (context) => {
  for (const attack of ATTACKS) {
    const { folder, opened } = await openModel(context)
    attack(join(folder, 'small'))
    await assert.rejects(digestPieces(opened, [{ path: 'small' }], { hash: 'sha256' }), { code: 'changed-while-read' })
  }
})

test('digestPieces() sees a file that grows while it is read', async (context) => {
  const { folder, opened } = await openModel(context)
  const slow: WatchedArtefact = {
    ...opened,
    locate: (path) => {
      setImmediate(() => appendFileSync(join(folder, 'large'), 'x'))
      return opened.locate(path)
    },
  }
  await assert.rejects(digestPieces(slow, [{ path: 'large' }], { hash: 'sha256' }), { code: 'changed-while-read' })
})
