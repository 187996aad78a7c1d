import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { sha256 } from '../../base/index.ts'
import { temporaryFolder } from '../../testing/folders.ts'
import { openArtefact, parseReference } from '../index.ts'
import { ensureDeclared, Part } from './part.ts'

const BYTES = randomBytes(3_000_000)

test('Part goes on with what an earlier one left, digests included', async (context) => {
  const path = join(temporaryFolder(context), 'key')
  const first = await Part.open(path, BYTES.length)
  await first.append(BYTES.subarray(0, 1_500_000))
  first.remember({ etag: '"a"', total: BYTES.length })
  await first.close()
  const second = await Part.open(path, BYTES.length)
  assert.equal(second.length, 1_500_000)
  assert.deepEqual(second.note, { etag: '"a"', total: BYTES.length })
  await second.append(BYTES.subarray(1_500_000))
  const git = createHash('sha1').update(`blob ${BYTES.length}\0`).update(BYTES).digest('hex')
  assert.deepEqual(second.digests(), { sha256: sha256(BYTES), git })
  await second.commit(`${path}.whole`)
  await second.close()
  assert.deepEqual(readFileSync(`${path}.whole`), BYTES)
  assert.equal(statSync(`${path}.whole`).mode & 0o777, 0o444)
  assert.ok(!existsSync(`${path}.part`) && !existsSync(`${path}.json`))
})

test('Part forgets bytes beyond the size of the file, and a note that is spoilt', async (context) => {
  const path = join(temporaryFolder(context), 'key')
  writeFileSync(`${path}.part`, '0123456789')
  writeFileSync(`${path}.json`, '{"etag":')
  const part = await Part.open(path, 5)
  assert.equal(part.length, 0)
  assert.deepEqual(part.note, {})
  await part.append(Buffer.from('abcde'))
  assert.equal(part.digests().sha256, sha256('abcde'))
  await part.close()
})

test('ensureDeclared() tells SHA-256 and git SHA-1 apart', () => {
  const digests = { sha256: 'a', git: 'b' }
  ensureDeclared('m', digests, { sha256: 'a' })
  ensureDeclared('m', digests, { git: 'b' })
  ensureDeclared('m', digests, undefined)
  assert.throws(() => ensureDeclared('m', digests, { sha256: 'b' }), { code: 'wrong-bytes', message: /SHA-256 b/ })
  assert.throws(() => ensureDeclared('m', digests, { git: 'a' }), { code: 'wrong-bytes', message: /git SHA-1 a/ })
})

/** A file system of 1 MiB for as long as `use` runs; false when none can be had. */
async function withTinyDisk(folder: string, use: (folder: string) => Promise<void>): Promise<boolean> {
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]).status !== 0) return false
  try {
    await use(folder)
  } finally {
    spawnSync('umount', ['-l', folder])
  }
  return true
}

test('openArtefact() says when the disk is full, and leaves no final name', async (context) => {
  const server = createServer((_, response) => response.end(BYTES))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  context.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const ref = `http://127.0.0.1:${(server.address() as AddressInfo).port}/m`
  const wasRun = await withTinyDisk(temporaryFolder(context), async (cacheFolder) => {
    const opening = openArtefact(parseReference(ref), { cacheFolder, sleep: async () => {} })
    await assert.rejects(opening, { code: 'disk-full', message: /no room left for .*\.part; free some and run again/ })
    assert.deepEqual(readdirSync(join(cacheFolder, 'blobs')), [])
  })
  if (!wasRun) context.skip('a file system of 1 MiB cannot be mounted here (needs root)')
})
