import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { seededRandom } from '../testing/seeded-random.ts'
import { temporaryFolder } from '../testing/folders.ts'
import { Budget } from './budget.ts'
import { contentChunks } from './byte-source.ts'
import { readFromFile } from './file-source.ts'
import { memorySource } from './memory-source.ts'

const random = seededRandom(7)
const BYTES = Uint8Array.from({ length: 300_000 }, () => Math.floor(random() * 256))

test('readFromFile() gives the bytes of the file at any place, whatever was read before', (context) => {
  const path = join(temporaryFolder(context), 'file')
  writeFileSync(path, BYTES)
  const place = fc.tuple(fc.nat(BYTES.length), fc.oneof(fc.nat(100), fc.nat(BYTES.length)))
  fc.assert(
    fc.property(fc.array(place, { maxLength: 30 }), (places) => {
      readFromFile({ path, size: BYTES.length, budget: new Budget() }, (source) => {
        for (const [offset, wanted] of places) {
          const length = Math.min(wanted, BYTES.length - offset)
          assert.deepEqual(source.read(offset, length), BYTES.subarray(offset, offset + length))
        }
      })
    }),
  )
})

test('readFromFile() charges what it reads from the system and nothing for what it holds', (context) => {
  const path = join(temporaryFolder(context), 'file')
  writeFileSync(path, BYTES)
  const budget = new Budget()
  readFromFile({ path, size: BYTES.length, budget }, (source) => {
    for (let at = 0; at < 60_000; at += 8) source.read(at, 8)
  })
  assert.deepEqual(budget.cost, { bytesRead: 65_536, content: 0, reads: 1, items: 0 })
})

test('readFromFile() stops at the budget before it takes the memory', (context) => {
  const path = join(temporaryFolder(context), 'file')
  writeFileSync(path, BYTES)
  const budget = new Budget({ bytes: 1000 })
  assert.throws(() => readFromFile({ path, size: BYTES.length, budget }, (source) => source.read(0, 200_000)), {
    code: 'budget-bytes',
  })
})

test('readFromFile() and memorySource() refuse to read outside the file', (context) => {
  const path = join(temporaryFolder(context), 'file')
  writeFileSync(path, BYTES)
  const outside = [
    [BYTES.length, 1],
    [-1, 1],
    [0, BYTES.length + 1],
    [0, -1],
    [0.5, 1],
    [2 ** 60, 1],
    [0, Number.NaN],
  ] as const
  const memory = memorySource(BYTES, new Budget())
  readFromFile({ path, size: BYTES.length, budget: new Budget() }, (file) => {
    for (const source of [file, memory]) {
      for (const [offset, length] of outside) assert.throws(() => source.read(offset, length), { code: 'truncated' })
    }
  })
})

test('readFromFile() refuses a file that grows or shrinks while it is read', (context) => {
  const path = join(temporaryFolder(context), 'file')
  const open = (change: () => void) => {
    writeFileSync(path, BYTES)
    readFromFile({ path, size: BYTES.length, budget: new Budget() }, (source) => {
      source.read(0, 10)
      change()
      source.read(200_000, 10)
    })
  }
  assert.doesNotThrow(() => open(() => {}))
  assert.throws(() => open(() => appendFileSync(path, 'more')), { code: 'changed-while-read' })
  assert.throws(() => open(() => truncateSync(path, 100)), { code: 'changed-while-read' })
})

test('readFromFile() refuses what is not the file that came in: other size, a pipe, a folder, a link, nothing', (context) => {
  const folder = temporaryFolder(context)
  const open = (name: string) =>
    readFromFile({ path: join(folder, name), size: 3, budget: new Budget() }, (source) => source.size)
  writeFileSync(join(folder, 'other'), 'four')
  execFileSync('mkfifo', [join(folder, 'pipe')])
  mkdirSync(join(folder, 'folder'))
  for (const name of ['other', 'pipe', 'folder']) assert.throws(() => open(name), { code: 'changed-while-read' })
  writeFileSync(join(folder, 'three'), 'abc')
  symlinkSync('three', join(folder, 'link'))
  assert.equal(open('three'), 3)
  for (const name of ['link', 'nothing']) assert.throws(() => open(name), { code: 'not-readable' })
})

test('readFromFile() gives content past the cache and charges none of it as structure', (context) => {
  const path = join(temporaryFolder(context), 'file')
  writeFileSync(path, Buffer.alloc(3_000_000, 7))
  const budget = new Budget({ bytes: 1000 })
  readFromFile({ path, size: 3_000_000, budget }, (source) => {
    const pieces = [...contentChunks(source, 10, 2_999_990)].map(({ length, 0: first }) => [length, first])
    assert.deepEqual(pieces, [[1_048_576, 7], [1_048_576, 7], [902_838, 7]]) // prettier-ignore
    assert.throws(() => source.readContent?.(2_999_999, 2), { code: 'truncated' })
  })
  assert.deepEqual(budget.cost, { bytesRead: 0, content: 2_999_990, reads: 3, items: 0 })
})
