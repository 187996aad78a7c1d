import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { needsShared, sharedPath } from '../../testing/folders.ts'
import { leafOf, leafHashes, LogFiles, readerOver } from '../../testing/log-tree.ts'
import { hashLeaf } from '../merkle/hash.ts'
import { proveConsistency, proveInclusion, rootOf } from '../merkle/prove.ts'
import { decodeEntryBundle, encodeEntryBundle } from './bundles.ts'
import { growTiles } from './grow.ts'
import { entryBundlePath, tilePath, tileWidth } from './paths.ts'
import { hashesFromTiles } from './read.ts'

const TESSERA = ['vectors', 'tlog', 'testdata', 'log'] as const

test('tilePath() and entryBundlePath() group digits in threes and name the width of partial ones', () => {
  assert.equal(tilePath({ level: 0, index: 0, width: 256 }), 'tile/0/000')
  assert.equal(tilePath({ level: 1, index: 999, width: 1 }), 'tile/1/999.p/1')
  assert.equal(tilePath({ level: 63, index: 1000, width: 255 }), 'tile/63/x001/000.p/255')
  assert.equal(entryBundlePath({ index: 1234067, width: 256 }), 'tile/entries/x001/x234/067')
  for (const wrong of [
    { level: 64, index: 0, width: 1 },
    { level: -1, index: 0, width: 1 },
    { level: 0, index: -1, width: 1 },
    { level: 0, index: 0, width: 0 },
    { level: 0, index: 0, width: 257 },
    { level: 0, index: 2 ** 53, width: 256 },
  ])
    assert.throws(() => tilePath(wrong), { code: 'tile' })
})

test('tileWidth() counts the tiles of the log of 70,000 leaves as the specification does', () => {
  const widths = [
    [0, 272, 256],
    [0, 273, 112],
    [0, 274, 0],
    [1, 0, 256],
    [1, 1, 17],
    [2, 0, 1],
    [3, 0, 0],
  ] as const
  for (const [level, index, width] of widths) assert.equal(tileWidth({ level, index }, 70_000), width)
})

test('decodeEntryBundle() gives back what was encoded and refuses what is cut off', () => {
  const leaves = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 256 })
  fc.assert(
    fc.property(leaves, fc.nat(), (content, cut) => {
      const bundle = encodeEntryBundle(content)
      assert.deepEqual(decodeEntryBundle(bundle), content)
      const short = bundle.subarray(0, cut % Math.max(1, bundle.length))
      try {
        assert.notDeepEqual(decodeEntryBundle(short), bundle.length === 0 ? [null] : content)
      } catch (thrown) {
        assert.equal((thrown as { code: string }).code, 'entry-bundle')
      }
    }),
    { numRuns: 50 },
  )
  assert.equal(decodeEntryBundle(encodeEntryBundle([new Uint8Array(65_535)]))[0]?.length, 65_535)
  const refused = { code: 'entry-bundle' }
  assert.throws(() => encodeEntryBundle([new Uint8Array(65_536)]), refused)
  assert.throws(() => encodeEntryBundle(Array.from({ length: 257 }, () => new Uint8Array())), refused)
  assert.throws(() => decodeEntryBundle(new Uint8Array(2 * 257)), refused)
  assert.throws(() => decodeEntryBundle(Uint8Array.of(0)), refused)
  assert.throws(() => decodeEntryBundle(Uint8Array.of(0, 3, 1, 2)), refused)
})

test('growTiles() writes the tiles and bundles of Tessera byte for byte', needsShared(...TESSERA), async () => {
  const folder = join(sharedPath(...TESSERA) ?? '', 'tile')
  const leaves = decodeEntryBundle(readFileSync(join(folder, 'entries', '000.p', '15')))
  assert.equal(leaves.length, 15)
  const log = new LogFiles()
  for (const leaf of leaves) await log.append([leaf])
  for (const kind of ['0', 'entries']) {
    const names = readdirSync(join(folder, kind, '000.p'))
    assert.equal(names.length, 15)
    for (const name of names) {
      const theirs = readFileSync(join(folder, kind, '000.p', name))
      assert.deepEqual(Buffer.from(log.files.get(`tile/${kind}/000.p/${name}`) ?? []), theirs)
    }
  }
})

test('growTiles() gives the same full tiles however the leaves arrive', async () => {
  const leaves = Array.from({ length: 66_000 }, (_, n) => hashLeaf(leafOf(n)))
  const files = async (steps: readonly number[]): Promise<Map<string, Uint8Array>> => {
    const tiles = new Map<string, Uint8Array>()
    let size = 0
    for (const step of [...steps, 66_000]) {
      const read = (name: Parameters<typeof tilePath>[0]) =>
        Promise.resolve(tiles.get(tilePath(name)) ?? new Uint8Array())
      for (const tile of await growTiles(size, leaves.slice(size, step), read)) tiles.set(tilePath(tile), tile.bytes)
      size = step
    }
    return tiles
  }
  const whole = await files([])
  const parts = await files([1, 2, 255, 256, 257, 511, 1000, 65_535, 65_536, 65_537])
  for (const [path, bytes] of whole) assert.deepEqual(parts.get(path), bytes, path)
  assert.equal(whole.get('tile/2/000.p/1')?.length, 32)
  const read = readerOver(leaves)
  assert.deepEqual(whole.get('tile/2/000.p/1'), Uint8Array.from((await read(16, 0, 1))[0]!))
})

test('hashesFromTiles() proves what the tree itself proves, each tile read once', async () => {
  const log = new LogFiles()
  const steps = [3, 200, 256, 700, 1300]
  for (const [at, size] of steps.entries()) {
    await log.append(Array.from({ length: size - (steps[at - 1] ?? 0) }, (_, n) => leafOf((steps[at - 1] ?? 0) + n)))
    const direct = readerOver(leafHashes(size))
    const paths: string[] = []
    const reader = hashesFromTiles(size, (name) => {
      paths.push(tilePath(name))
      return log.readTile(name)
    })
    assert.deepEqual(Buffer.from(await rootOf(size, reader)), Buffer.from(await rootOf(size, direct)))
    for (const index of [0, 1, Math.floor(size / 2), size - 1]) {
      const [ours, theirs] = [await proveInclusion(index, size, reader), await proveInclusion(index, size, direct)]
      assert.deepEqual(ours.map(Buffer.from), theirs.map(Buffer.from))
    }
    for (const from of [1, Math.ceil(size / 3), size]) {
      const [ours, theirs] = [await proveConsistency(from, size, reader), await proveConsistency(from, size, direct)]
      assert.deepEqual(ours.map(Buffer.from), theirs.map(Buffer.from))
    }
    assert.equal(new Set(paths).size, paths.length)
  }
})

test('hashesFromTiles() refuses what the log does not have and tiles of a wrong length', async () => {
  const log = new LogFiles()
  await log.append(Array.from({ length: 300 }, (_, n) => leafOf(n)))
  const reader = hashesFromTiles(300, log.readTile)
  await assert.rejects(reader(0, 300, 1), { code: 'tile' })
  await assert.rejects(reader(0, 5000, 1), { code: 'tile' })
  await assert.rejects(reader(6, 4, 1), { code: 'tile' })
  for (const length of [0, 31, 32 * 43, 32 * 257]) {
    const wrong = hashesFromTiles(300, () => Promise.resolve(new Uint8Array(length)))
    await assert.rejects(wrong(0, 299, 1), { code: 'tile' })
  }
})
